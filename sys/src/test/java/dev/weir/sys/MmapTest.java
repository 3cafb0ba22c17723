package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MmapTest {
    private static final long BYTES = 3 << 16;

    @Test
    void memoryIsZeroedAndWritable() throws Exception {
        try (Mmap map = Mmap.anonymous(BYTES)) {
            MemorySegment memory = map.memory();
            assertThat(memory.byteSize()).isEqualTo(BYTES);
            assertThat(memory.get(Struct.U64, BYTES - 8)).isZero();
            memory.set(Struct.U64, BYTES - 8, -1L);
            assertThat(memory.get(Struct.U64, BYTES - 8)).isEqualTo(-1L);
        }
    }

    /** The kernel, asked to read eight bytes from there, tells whether the pages still exist. */
    @Test
    void closingUnmapsAndGuardsTheSegment() throws Exception {
        try (EventFd counter = new EventFd()) {
            Mmap map = Mmap.anonymous(BYTES);
            MemorySegment memory = map.memory();
            assertThat(add(counter, memory.address())).isEqualTo(Long.BYTES);
            map.close();
            map.close();
            assertThat(add(counter, memory.address())).isEqualTo(-Errno.EFAULT);
            assertThatIllegalStateException().isThrownBy(() -> memory.get(Struct.U64, 0));
        }
    }

    @Test
    void failureNamesWhatWasAsked() throws Exception {
        assertThatExceptionOfType(SyscallException.class)
                .isThrownBy(() -> Mmap.anonymous(0))
                .withMessage("mmap(0 bytes): EINVAL: invalid argument");
        try (EventFd notMappable = new EventFd()) {
            assertThatExceptionOfType(SyscallException.class)
                    .isThrownBy(() -> Mmap.shared(notMappable.fd(), 0, 4096, true))
                    .withMessage("mmap(" + notMappable.fd() + ", offset 0, 4096 bytes): ENODEV: no such device");
        }
    }

    @Test
    void openFileLimitIsThatOfProc() throws Exception {
        OpenFileLimit limit = OpenFileLimit.current();
        String line = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(l -> l.startsWith("Max open files"))
                .findFirst()
                .orElseThrow();
        assertThat(line.split(" +")[3]).isEqualTo(Long.toString(limit.soft()));
        assertThat(line.split(" +")[4]).isEqualTo(Long.toString(limit.hard()));
    }

    private static long add(EventFd counter, long address) {
        return Syscall.call(SyscallNumber.WRITE, counter.fd().number(), address, Long.BYTES);
    }
}
