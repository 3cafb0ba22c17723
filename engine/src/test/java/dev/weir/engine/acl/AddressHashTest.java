package dev.weir.engine.acl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AddressHashTest {
    /** Whoever does not know the secret can't name two addresses that collide: of 256 secrets none makes these do so. */
    @Test
    void noDifferenceCancelsOutWhateverTheSecret() {
        SplittableRandom random = new SplittableRandom(1);
        for (int secret = 0; secret < 256; secret++) {
            AddressHash hash = new AddressHash(random);
            long hi = random.nextLong();
            long lo = random.nextLong();
            long usual = hash.of(hi, lo, 53);
            for (int bit = 0; bit < 64; bit++) {
                long flip = 1L << bit;
                assertThat(usual)
                        .isNotEqualTo(hash.of(hi ^ flip, lo, 53))
                        .isNotEqualTo(hash.of(hi, lo ^ flip, 53))
                        .isNotEqualTo(hash.of(hi, lo, 53 ^ flip))
                        .isNotEqualTo(hash.of(hi ^ flip, lo ^ flip, 53))
                        .isNotEqualTo(hash.of(hi ^ flip, lo, 53 ^ flip));
            }
            assertThat(usual).as("halves exchanged").isNotEqualTo(hash.of(lo, hi, 53));
        }
    }

    /** Neighbours, as clients of one network are, spread evenly over a table. */
    @Test
    void neighboursSpread() {
        int[] places = new int[4096];
        AddressHash hash = AddressHash.secret();
        for (int i = 0; i < 40_960; i++) {
            places[(int) hash.of(0, 0x7f00_0000L + i, 0) & 4095]++;
        }
        for (int place : places) {
            assertThat(place).isLessThan(40);
        }
    }
}
