package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.Program;
import dev.weir.sys.SyscallException;

/** An XDP program on a device, by a link ({@link BpfLink}) or, on kernels before 5.9, by netlink ({@link NetlinkXdp}). */
public sealed interface XdpAttachment extends AutoCloseable permits BpfLink, NetlinkXdp {
    /** Replaces the program in one step: no packet passes between. */
    void update(Program program) throws SyscallException;

    /** Takes the program off the device. */
    void detach() throws SyscallException;

    /** Detaches, unless a pin or another handle keeps the link. */
    @Override
    void close();
}
