package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.Program;
import dev.weir.ebpf.prog.SectionName;
import dev.weir.sys.Bpf;
import dev.weir.sys.Errno;
import dev.weir.sys.LinkAttr;
import dev.weir.sys.SyscallException;

/** Attaches XDP programs to network devices. */
public final class Xdp {
    private Xdp() {}

    /**
     * Attaches by a link, on kernels without XDP links by netlink.
     *
     * @param interfaceIndex of the device, in the calling thread's network namespace
     * @throws SyscallException EBUSY if another program is there, EOPNOTSUPP if the driver has no XDP, EPERM without CAP_NET_ADMIN
     */
    public static XdpAttachment attach(Bpf bpf, Program program, int interfaceIndex, XdpMode mode)
            throws SyscallException {
        try {
            return link(bpf, program, interfaceIndex, mode);
        } catch (SyscallException e) {
            // A kernel before 5.9 knows no link of this type, one before 5.7 no links at all. A newer one also says
            // EINVAL, to
            // what netlink will refuse as well.
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            return NetlinkXdp.attach(program, interfaceIndex, mode);
        }
    }

    /** The same in the running kernel. */
    public static XdpAttachment attach(Program program, int interfaceIndex, XdpMode mode) throws SyscallException {
        return attach(program.bpf(), program, interfaceIndex, mode);
    }

    /** Attaches by a link. Since Linux 5.9. */
    public static BpfLink link(Program program, int interfaceIndex, XdpMode mode) throws SyscallException {
        return link(program.bpf(), program, interfaceIndex, mode);
    }

    /** Attaches by a link. Since Linux 5.9. */
    public static BpfLink link(Bpf bpf, Program program, int interfaceIndex, XdpMode mode) throws SyscallException {
        return new BpfLink(
                bpf,
                bpf.linkCreate(
                        program.fd(), interfaceIndex, SectionName.ATTACH_XDP, mode.flag(), new LinkAttr.Detail.None()));
    }
}
