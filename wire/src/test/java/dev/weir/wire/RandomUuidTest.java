package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RandomUuidTest {
    @Test
    void areOfVersion4AndNeverTheSame() {
        assertThat(Stream.generate(RandomUuid::next).parallel().limit(10_000))
                .doesNotHaveDuplicates()
                .allSatisfy(uuid -> {
                    assertThat(uuid.version()).isEqualTo(4);
                    assertThat(uuid.variant()).isEqualTo(2);
                });
    }

    @Test
    void haveAllOtherBitsByChance() {
        long everHigh = 0;
        long everLow = 0;
        for (int i = 0; i < 1000; i++) {
            UUID uuid = RandomUuid.next();
            everHigh |= uuid.getMostSignificantBits();
            everLow |= uuid.getLeastSignificantBits();
        }
        assertThat(everHigh).isEqualTo(0xffff_ffff_ffff_4fffL);
        assertThat(everLow).isEqualTo(0xbfff_ffff_ffff_ffffL);
    }
}
