package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * What kind of file system a path is on, as a magic number.
 *
 * <pre>{@code struct statfs { long f_type; ... }  // 120 bytes on 64-bit machines}</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/statfs.2.html">statfs(2)</a>
 */
public record FileSystemType(int magic) {
    private static final int BPF_FS_MAGIC = 0xcafe4a11;
    private static final int STRUCT_BYTES = 120;

    /** Asks for an existing path, in the mount namespace of the calling thread. */
    public static FileSystemType of(Path path) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statfs = arena.allocate(STRUCT_BYTES, Long.BYTES);
            MemorySegment name = arena.allocateFrom(path.toString());
            SyscallException.check(
                    "statfs(" + path + ")", Syscall.call(SyscallNumber.STATFS, name.address(), statfs.address()));
            return new FileSystemType((int) statfs.get(Struct.U64, 0));
        }
    }

    /** Whether maps, programs and links can be pinned there. */
    public boolean isBpf() {
        return magic == BPF_FS_MAGIC;
    }
}
