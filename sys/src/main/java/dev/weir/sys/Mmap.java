package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Mapped memory: anonymous, or a descriptor's. Closing unmaps it and makes every later access through {@link #memory} throw, instead of
 * hitting a hole. Any thread may use the memory; none may be in it while another closes.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/mmap.2.html">mmap(2)</a>
 */
public final class Mmap implements AutoCloseable {
    private static final int PROT_READ = 0x1;
    private static final int PROT_WRITE = 0x2;
    private static final int PROT_EXEC = 0x4;
    private static final int MAP_SHARED = 0x01;
    private static final int MAP_PRIVATE = 0x02;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_POPULATE = 0x8000;
    private static final long NO_FD = -1;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    private Mmap(String call, long address, long bytes) throws SyscallException {
        memory = adopt(SyscallException.check(call, address), bytes);
        LeakDetector.opened(this);
    }

    /** Maps zeroed memory of this process, its pages present from the start. */
    public static Mmap anonymous(long bytes) throws SyscallException {
        return new Mmap("mmap(" + bytes + " bytes)", anonymousPages(bytes), bytes);
    }

    /**
     * Maps a descriptor's memory, shared with the kernel.
     *
     * @param offset a multiple of the page size, or the kernel's name for a ring
     */
    public static Mmap shared(Fd fd, long offset, long bytes, boolean writable) throws SyscallException {
        try (HeldFds held = new HeldFds()) {
            return new Mmap(
                    "mmap(" + fd + ", offset " + offset + ", " + bytes + " bytes)",
                    Syscall.call(
                            SyscallNumber.MMAP,
                            0,
                            bytes,
                            writable ? PROT_READ | PROT_WRITE : PROT_READ,
                            MAP_SHARED | MAP_POPULATE,
                            held.number(fd),
                            offset),
                    bytes);
        }
    }

    /** Maps instructions in pages that may be run and no longer be written, until the process ends. Returns their address. */
    static long executable(byte[] instructions) throws SyscallException {
        MemorySegment page = MemorySegment.ofAddress(
                SyscallException.check("mmap(" + instructions.length + " bytes)", anonymousPages(instructions.length)));
        MemorySegment.copy(
                instructions, 0, within(page, instructions.length), ValueLayout.JAVA_BYTE, 0, instructions.length);
        SyscallException.check(
                "mprotect(PROT_EXEC)",
                Syscall.call(SyscallNumber.MPROTECT, page.address(), instructions.length, PROT_READ | PROT_EXEC));
        return page.address();
    }

    /** Returns the memory; writing to a mapping that is not writable ends in an InternalError or SIGSEGV. */
    public MemorySegment memory() {
        return memory;
    }

    /** Unmaps. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            LeakDetector.closed(this);
        }
    }

    private static long anonymousPages(long bytes) {
        return Syscall.call(
                SyscallNumber.MMAP,
                0,
                bytes,
                PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
                NO_FD,
                0);
    }

    @SuppressWarnings("restricted")
    private static MemorySegment within(MemorySegment page, long bytes) {
        return page.reinterpret(bytes);
    }

    @SuppressWarnings("restricted")
    private MemorySegment adopt(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, Mmap::unmap);
    }

    private static void unmap(MemorySegment mapped) {
        Syscall.call(SyscallNumber.MUNMAP, mapped.address(), mapped.byteSize());
    }
}
