package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A lock that processes agree to take on a directory, on whatever file system; those who don't ask are not hindered. It goes with its holder,
 * however that dies. One thread at a time; two locks on one directory exclude each other even within a process.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/flock.2.html">flock(2)</a>
 */
public final class DirectoryLock implements AutoCloseable {
    private static final int AT_FDCWD = -100;
    private static final int O_CLOEXEC = 0x8_0000;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int LOCK_UN = 8;

    private final Fd directory;

    private DirectoryLock(Fd directory) {
        this.directory = directory;
    }

    /** Opens a directory for locking, which takes the right to read it. Nothing is locked yet. */
    public static DirectoryLock open(Path directory) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(directory.toString());
            long number = Syscall.call(SyscallNumber.OPENAT, AT_FDCWD, path.address(), O_CLOEXEC, 0);
            return new DirectoryLock(new Fd((int) SyscallException.check("open(" + directory + ")", number)));
        }
    }

    /** Takes the lock without waiting; returns whether it is ours now. */
    public boolean tryLock() throws SyscallException {
        long result = Syscall.call(SyscallNumber.FLOCK, directory.number(), LOCK_EX | LOCK_NB);
        if (result == -Errno.EAGAIN) {
            return false;
        }
        SyscallException.check("flock(LOCK_EX)", result);
        return true;
    }

    public void unlock() throws SyscallException {
        SyscallException.check("flock(LOCK_UN)", Syscall.call(SyscallNumber.FLOCK, directory.number(), LOCK_UN));
    }

    /** Lets go of the lock, too. */
    @Override
    public void close() {
        directory.close();
    }
}
