package dev.weir.sys;

import java.lang.foreign.MemorySegment;

/**
 * The one way into bpf(2): a seam, so that what the kernel would answer to a process without rights or with little memory can be tested
 * without either.
 */
@FunctionalInterface
public interface BpfCall {
    /** The kernel itself. */
    BpfCall KERNEL =
            (command, attr) -> Syscall.call(SyscallNumber.BPF, command.number(), attr.address(), attr.byteSize());

    /**
     * Runs one command. Must not allocate: it is on the path of map look-ups.
     *
     * @param attr the part of {@code union bpf_attr} that the command reads and writes
     * @return what bpf(2) returns, or {@code -errno}
     */
    long bpf(BpfCommand command, MemorySegment attr);
}
