package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Which CPUs the calling platform thread may run on.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/sched_setaffinity.2.html">sched_setaffinity(2)</a>
 */
public final class Affinity {
    /** Room for 8192 CPUs, the most that x86_64 kernels are built for. */
    private static final int MASK_BYTES = 1024;

    private static final int THIS_THREAD = 0;

    private Affinity() {}

    /** Binds the calling thread, and threads it starts from then on, to these CPUs. @throws SyscallException EINVAL if none is online */
    public static void pin(int... cpus) throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            for (int cpu : cpus) {
                if (cpu < 0 || cpu >= MASK_BYTES * Byte.SIZE) {
                    throw new IllegalArgumentException("no CPU has the number " + cpu);
                }
                // The mask is an array of native longs; both architectures are little-endian, so bytes index it as
                // well.
                byte old = mask.get(Struct.BYTE, cpu / Byte.SIZE);
                mask.set(Struct.BYTE, cpu / Byte.SIZE, (byte) (old | 1 << cpu % Byte.SIZE));
            }
            SyscallException.check(
                    "sched_setaffinity(" + Arrays.toString(cpus) + ")",
                    Syscall.call(SyscallNumber.SCHED_SETAFFINITY, THIS_THREAD, MASK_BYTES, mask.address()));
        }
    }

    /** Returns the CPUs that the calling thread may run on. */
    public static BitSet current() throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, Long.BYTES);
            long written = SyscallException.check(
                    "sched_getaffinity",
                    Syscall.call(SyscallNumber.SCHED_GETAFFINITY, THIS_THREAD, MASK_BYTES, mask.address()));
            return BitSet.valueOf(mask.asSlice(0, written).asByteBuffer());
        }
    }
}
