package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Is what is equal hashed equally, and can nobody do anything about what is not? */
class KeyedHashTest {
    private static final int SECRETS = 2_000;

    private static byte[] wire(String name) {
        return Name.parse(name).toWire();
    }

    @Test
    void namesHashAlikeWhereverTheyStandAndHoweverTheyAreSpelled() {
        KeyedHash hash = new KeyedHash(1);
        for (String name :
                new String[] {".", "a.", "abcdef.", "abcdefg.", "www.example.net.", "a-label-of-21-octets.org."}) {
            byte[] alone = wire(name);
            byte[] inside = new byte[alone.length + 40];
            Arrays.fill(inside, (byte) 0xfe);
            System.arraycopy(wire(name.toUpperCase(Locale.ROOT)), 0, inside, 20, alone.length);
            assertThat(hash.name(inside, 20)).as(name).isEqualTo(hash.name(alone, 0));
        }
    }

    @Test
    void octetsThatAreNoLettersKeepTheirCaseBit() {
        for (int octet = 0; octet < 256; octet++) {
            long word = octet * 0x0101010101010101L;
            int lower = octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
            assertThat(KeyedHash.lower(word)).isEqualTo(lower * 0x0101010101010101L);
            assertThat(KeyedHash.lower((long) octet << 8 | 0x40ffL << 16)).isEqualTo((long) lower << 8 | 0x40ffL << 16);
        }
    }

    @Test
    void labelsAreNotTheirOctetsInARow() {
        KeyedHash hash = new KeyedHash(1);
        assertThat(hash.name(wire("ab.c."), 0)).isNotEqualTo(hash.name(wire("a.bc."), 0));
        assertThat(hash.name(wire("\\001a."), 0)).isNotEqualTo(hash.name(wire("\\001.a."), 0));
        assertThat(hash.name(wire("\\000."), 0)).isNotEqualTo(hash.name(wire("\\000\\000."), 0));
    }

    /** The result is exact arithmetic modulo 2^61 - 1, however large the words are. */
    @Test
    void stepsAreTheStepsOfAPolynomial() {
        SplittableRandom random = new SplittableRandom(3);
        BigInteger prime = BigInteger.ONE.shiftLeft(61).subtract(BigInteger.ONE);
        for (int i = 0; i < 100; i++) {
            KeyedHash hash = new KeyedHash(random.nextLong());
            BigInteger place = BigInteger.valueOf(KeyedHash.finish(hash.step(0, 1)));
            BigInteger value = BigInteger.ONE;
            long state = KeyedHash.START;
            for (int n = 0; n < 300; n++) {
                long word = n % 3 == 0 ? (1L << 56) - 1 : random.nextLong() >>> 8;
                state = hash.step(state, word);
                value = value.add(BigInteger.valueOf(word)).multiply(place).mod(prime);
                assertThat(state).isPositive();
            }
            assertThat(KeyedHash.finish(state)).isEqualTo(value.longValueExact());
        }
    }

    /**
     * Names that collided in FNV-1a, found by trying, shared a place in every table of names of every process. Under a secret they do not,
     * and under another secret it is other ones that do.
     */
    @Test
    void namesComputedToCollideUnderAHashWithoutSecretDoNot() {
        Map<Integer, String> seen = new HashMap<>();
        SplittableRandom random = new SplittableRandom(5);
        int twins = 0;
        int together = 0;
        while (twins < 20) {
            String name = Long.toString(random.nextLong() >>> 1, 36) + ".example.";
            byte[] wire = wire(name);
            String twin = seen.put(Names.hash(wire, 0, wire.length, 0), name);
            if (twin != null && !twin.equals(name)) {
                twins++;
                together += Names.HASH.name(wire, 0) == Names.HASH.name(wire(twin), 0) ? 1 : 0;
            }
        }
        assertThat(together).isZero();
    }

    /** Changes of few bits, of the highest ones and of pairs of words: those that cancel in hashes made of xor and multiplication. */
    @Test
    void noChangeOfAFewBitsCancelsUnderManySecrets() {
        int[][] patterns = {
            {0}, {63}, {7, 63}, {63, 127, 159}, {0, 64}, {55, 111}, {56, 112}, {31, 63, 95}, {1, 57, 113}
        };
        Random random = new Random(7);
        for (int[] pattern : patterns) {
            int together = 0;
            for (int secret = 0; secret < SECRETS; secret++) {
                KeyedHash hash = new KeyedHash(secret);
                byte[] one = new byte[40];
                random.nextBytes(one);
                byte[] two = one.clone();
                for (int bit : pattern) {
                    two[bit >> 3] ^= (byte) (1 << (bit & 7));
                }
                long a = KeyedHash.finish(hash.octets(KeyedHash.START, one, 0, 40));
                long b = KeyedHash.finish(hash.octets(KeyedHash.START, two, 0, 40));
                assertThat(a).isNotEqualTo(b);
                together += hash.place(a) == hash.place(b) ? 1 : 0;
            }
            assertThat(together).as("in one place").isZero();
        }
    }

    /** Tables index by the lowest bits: 4096 names in a row in as many places leave about 1/e of them empty. */
    @Test
    void theLowestBitsAreSpread() {
        for (int secret = 0; secret < 50; secret++) {
            KeyedHash hash = new KeyedHash(secret);
            int[] places = new int[4096];
            for (int i = 0; i < places.length; i++) {
                places[hash.name(wire("host-" + i + ".example.net."), 0) & places.length - 1]++;
            }
            assertThat(Arrays.stream(places).filter(count -> count == 0).count())
                    .isBetween(1_300L, 1_700L);
            assertThat(Arrays.stream(places).max().orElseThrow()).isLessThan(12);
        }
    }
}
