package dev.weir.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CacheSpecTest {
    @Test
    void defaultsAreTheDocumentedOnes() {
        assertThat(CacheSpec.of(10_000))
                .isEqualTo(new CacheSpec(
                        10_000,
                        86_400,
                        0,
                        60,
                        60,
                        0,
                        3_600,
                        false,
                        20,
                        true,
                        false,
                        false,
                        List.of(10, 12),
                        4_096,
                        List.of(),
                        false));
    }

    @Test
    void shardsAreNoMoreThanEntries() {
        assertThat(CacheSpec.of(7).numberOfShards()).isEqualTo(7);
    }

    @Test
    void ranksAreSortedAndUselessOnesDropped() {
        assertThat(CacheSpec.builder(1)
                        .payloadRanks(List.of(4096, 1232, 511, 4097, 512, 1232))
                        .build()
                        .payloadRanks())
                .containsExactly(512, 1232, 4096);
    }

    @Test
    void cookiesAreSkippedUnlessHashed() {
        assertThat(CacheSpec.builder(1).skipOptions(List.of(3)).build().skippedOptions())
                .containsExactly(3, 10);
        assertThat(CacheSpec.builder(1)
                        .skipOptions(List.of(10, 3))
                        .cookieHashing(true)
                        .build()
                        .skippedOptions())
                .containsExactly(3);
        assertThat(CacheSpec.builder(1).cookieHashing(true).build().skippedOptions())
                .containsExactly(12);
    }

    @Test
    void valuesThatCannotBeAreNamed() {
        assertThatThrownBy(() -> CacheSpec.of(0)).hasMessageContaining("maxEntries is 0");
        assertThatThrownBy(() -> CacheSpec.builder(1).minTtl(-1).build()).hasMessageContaining("minTTL is -1");
        assertThatThrownBy(() -> CacheSpec.builder(1).maximumEntrySize(70_000).build())
                .hasMessageContaining("maximumEntrySize");
        assertThatThrownBy(
                        () -> CacheSpec.builder(1).skipOptions(List.of(65_536)).build())
                .hasMessageContaining("skipOptions");
    }
}
