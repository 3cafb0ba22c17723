package dev.weir.sys;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * The capabilities of the calling platform thread, as sets of bits; bit {@code n} is the capability that capabilities(7) numbers
 * {@code n}. Capabilities belong to threads: {@link #apply} changes the calling one and those it starts from then on, no other;
 * {@link #applyToProcess} changes all.
 *
 * <pre>{@code
 * struct __user_cap_header_struct { __u32 version; int pid; };
 * struct __user_cap_data_struct   { __u32 effective; __u32 permitted; __u32 inheritable; };  // [0] low, [1] high 32 bits
 * }</pre>
 *
 * @param effective what the kernel checks
 * @param permitted what may be made effective
 * @param inheritable what may survive execve(2)
 * @see <a href="https://man7.org/linux/man-pages/man2/capget.2.html">capget(2)</a>
 */
public record Capabilities(long effective, long permitted, long inheritable) {
    public static final int CAP_NET_BIND_SERVICE = 10;
    public static final int CAP_NET_ADMIN = 12;
    public static final int CAP_NET_RAW = 13;
    public static final int CAP_SYS_ADMIN = 21;
    /** Since Linux 5.8; before, CAP_SYS_ADMIN covers it. */
    public static final int CAP_PERFMON = 38;
    /** Since Linux 5.8; before, CAP_SYS_ADMIN covers it. */
    public static final int CAP_BPF = 39;

    /** None at all: what a thread that only moves packets needs. */
    public static final Capabilities NONE = new Capabilities(0, 0, 0);

    static final StructLayout HEADER =
            MemoryLayout.structLayout(ValueLayout.JAVA_INT.withName("version"), ValueLayout.JAVA_INT.withName("pid"));
    static final StructLayout DATA = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("effective"),
            ValueLayout.JAVA_INT.withName("permitted"),
            ValueLayout.JAVA_INT.withName("inheritable"));

    private static final long VERSION = HEADER.byteOffset(groupElement("version"));
    private static final long EFFECTIVE = DATA.byteOffset(groupElement("effective"));
    private static final long PERMITTED = DATA.byteOffset(groupElement("permitted"));
    private static final long INHERITABLE = DATA.byteOffset(groupElement("inheritable"));
    /** _LINUX_CAPABILITY_VERSION_3: 64 bits in two structs. */
    private static final int VERSION_3 = 0x20080522;

    /** Returns those of the calling thread. */
    public static Capabilities ofThread() throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(DATA, 2);
            SyscallException.check(
                    "capget", Syscall.call(SyscallNumber.CAPGET, header(arena).address(), data.address()));
            return new Capabilities(get(data, EFFECTIVE), get(data, PERMITTED), get(data, INHERITABLE));
        }
    }

    /** Returns whether a capability is effective. */
    public boolean has(int capability) {
        return (effective >>> capability & 1) != 0;
    }

    /** Returns the same without one capability being effective; it stays permitted. */
    public Capabilities withoutEffective(int capability) {
        return new Capabilities(effective & ~(1L << capability), permitted, inheritable);
    }

    /** Gives the calling thread exactly these. @throws SyscallException EPERM for more than are permitted */
    public void apply() throws SyscallException {
        try (Arena arena = Arena.ofConfined()) {
            SyscallException.check(
                    "capset",
                    Syscall.call(
                            SyscallNumber.CAPSET,
                            header(arena).address(),
                            data(arena).address()));
        }
    }

    /**
     * Gives every thread of the process exactly these, also those of the JVM.
     *
     * @throws SyscallException EPERM if a thread was not permitted all of them; others have them nevertheless
     */
    public void applyToProcess() throws SyscallException {
        Arena stays = Arena.global(); // a thread may be late
        EveryThread.call(
                "capset",
                SyscallNumber.CAPSET,
                header(stays).address(),
                data(stays).address(),
                0);
    }

    private MemorySegment data(Arena arena) {
        MemorySegment data = arena.allocate(DATA, 2);
        set(data, EFFECTIVE, effective);
        set(data, PERMITTED, permitted);
        set(data, INHERITABLE, inheritable);
        return data;
    }

    private static MemorySegment header(Arena arena) {
        MemorySegment header = arena.allocate(HEADER);
        header.set(Struct.U32, VERSION, VERSION_3);
        return header;
    }

    private static long get(MemorySegment data, long field) {
        return Integer.toUnsignedLong(data.get(Struct.U32, field))
                | (long) data.get(Struct.U32, DATA.byteSize() + field) << Integer.SIZE;
    }

    private static void set(MemorySegment data, long field, long bits) {
        data.set(Struct.U32, field, (int) bits);
        data.set(Struct.U32, DATA.byteSize() + field, (int) (bits >>> Integer.SIZE));
    }
}
