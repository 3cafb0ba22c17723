package dev.weir.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlabsTest {
    @Test
    void everySizeFitsItsBlock() {
        int last = 0;
        for (int size = 1; size <= 65_535 + CacheEntry.HEADER_LENGTH + CacheEntry.SUBNET_LENGTH; size++) {
            int block = Slabs.blockSize(size);
            assertThat(block).isGreaterThanOrEqualTo(Math.max(size, last));
            assertThat(block - size).isLessThan(Math.max(32, size / 8 + 1));
            last = block;
        }
    }

    @Test
    void blocksDoNotOverlapAndKeepWhatIsWritten() {
        Random random = new Random(5);
        try (Arena arena = Arena.ofConfined()) {
            Slabs slabs = new Slabs(new PageSource(arena));
            List<int[]> live = new ArrayList<>();
            for (int i = 0; i < 40_000; i++) {
                if (live.isEmpty() || random.nextInt(100) < (i / 5_000 % 2 == 0 ? 60 : 40)) {
                    int size = 1 + random.nextInt(1 << 4 + random.nextInt(12));
                    int handle = slabs.allocate(size);
                    byte pattern = (byte) random.nextInt();
                    assertThat(slabs.capacity(handle)).isEqualTo(Slabs.blockSize(size));
                    block(slabs, handle).fill(pattern);
                    live.add(new int[] {handle, pattern});
                } else {
                    int[] block = live.remove(random.nextInt(live.size()));
                    MemorySegment memory = block(slabs, block[0]);
                    assertThat(memory.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) block[1]);
                    assertThat(memory.get(ValueLayout.JAVA_BYTE, memory.byteSize() - 1))
                            .isEqualTo((byte) block[1]);
                    assertThat(memory.asSlice(1).mismatch(memory.asSlice(0, memory.byteSize() - 1)))
                            .isEqualTo(-1);
                    slabs.free(block[0]);
                }
            }
        }
    }

    private static MemorySegment block(Slabs slabs, int handle) {
        return slabs.page(handle).asSlice(slabs.offset(handle), slabs.capacity(handle));
    }

    @Test
    void pagesOfOneClassServeAnother() {
        try (Arena arena = Arena.ofConfined()) {
            Slabs slabs = new Slabs(new PageSource(arena));
            fillAndEmpty(slabs, 100, 10_000);
            long reserved = slabs.reservedBytes();
            for (int size = 200; size <= 2_000; size += 100) {
                fillAndEmpty(slabs, size, 112 * 10_000 / 2_048 - 10);
            }
            assertThat(slabs.reservedBytes()).isEqualTo(reserved);
        }
    }

    private static void fillAndEmpty(Slabs slabs, int size, int count) {
        int[] handles = new int[count];
        for (int i = 0; i < count; i++) {
            handles[i] = slabs.allocate(size);
        }
        for (int handle : handles) {
            slabs.free(handle);
        }
    }
}
