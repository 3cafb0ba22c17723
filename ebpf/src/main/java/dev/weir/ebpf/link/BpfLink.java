package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.AttachType;
import dev.weir.ebpf.prog.Program;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfKind;
import dev.weir.sys.Fd;
import dev.weir.sys.LinkAttr;
import dev.weir.sys.LinkInfo;
import dev.weir.sys.QueryAttr;
import dev.weir.sys.SyscallException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A program's attachment as an object of its own, by file descriptor: it lasts as long as this handle, another one or a pin. Closing the last
 * of them detaches. Any thread may call. Since Linux 5.7; XDP since 5.9.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class BpfLink implements XdpAttachment {
    private final Bpf bpf;
    private final Fd fd;

    BpfLink(Bpf bpf, Fd fd) {
        this.bpf = bpf;
        this.fd = fd;
    }

    static BpfLink create(Program program, int interfaceIndex, AttachType attachType, int flags, LinkAttr.Detail detail)
            throws SyscallException {
        try {
            return new BpfLink(
                    program.bpf(),
                    program.bpf().linkCreate(program.fd(), interfaceIndex, attachType.number(), flags, detail));
        } catch (SyscallException e) {
            throw LinkRefusal.explain(e, program, attachType);
        }
    }

    static BpfLink create(Program program, Fd target, AttachType attachType, LinkAttr.Detail detail)
            throws SyscallException {
        try {
            return new BpfLink(
                    program.bpf(), program.bpf().linkCreate(program.fd(), target, attachType.number(), 0, detail));
        } catch (SyscallException e) {
            throw LinkRefusal.explain(e, program, attachType);
        }
    }

    static BpfLink raw(Program program, @Nullable String tracepoint) throws SyscallException {
        return new BpfLink(program.bpf(), program.bpf().rawTracepointOpen(program.fd(), tracepoint));
    }

    /**
     * Returns what is attached to a device, for tcx since Linux 6.6 and netkit since 6.7. For XDP the kernel does not answer here: see
     * {@link XdpMode#of}.
     *
     * @param interfaceIndex of the device, in the calling thread's network namespace
     * @throws SyscallException EINVAL if the kernel does not answer for this type
     */
    public static AttachedPrograms query(AttachType attachType, int interfaceIndex) throws SyscallException {
        return AttachedPrograms.of(Bpf.kernel().progQuery(interfaceIndex, attachType.number(), 0));
    }

    /** Returns what is attached to a cgroup itself. Since Linux 4.15. */
    public static AttachedPrograms query(AttachType attachType, Path cgroup) throws SyscallException {
        return query(attachType, cgroup, 0);
    }

    /** Returns what runs for the processes of a cgroup: what is attached to it and to those above. */
    public static AttachedPrograms queryEffective(AttachType attachType, Path cgroup) throws SyscallException {
        return query(attachType, cgroup, QueryAttr.BPF_F_QUERY_EFFECTIVE);
    }

    private static AttachedPrograms query(AttachType attachType, Path cgroup, int flags) throws SyscallException {
        try (Fd directory = Fd.openDirectory(cgroup)) {
            return AttachedPrograms.of(Bpf.kernel().progQuery(directory, attachType.number(), flags));
        }
    }

    /** Opens what is pinned at a path. @throws SyscallException EINVAL if it is no link */
    public static BpfLink openPinned(Path path) throws SyscallException {
        return openPinned(Bpf.kernel(), path);
    }

    /** Opens a link of the running kernel by its id. Needs CAP_SYS_ADMIN. */
    public static BpfLink open(int id) throws SyscallException {
        return open(Bpf.kernel(), id);
    }

    /** Opens what is pinned at a path. @throws SyscallException EINVAL if it is no link */
    public static BpfLink openPinned(Bpf bpf, Path path) throws SyscallException {
        return checked(bpf, BpfKind.LINK.openPinned(bpf, path, 0));
    }

    /** Opens a link by its id. Needs CAP_SYS_ADMIN. */
    public static BpfLink open(Bpf bpf, int id) throws SyscallException {
        return checked(bpf, bpf.openId(BpfKind.LINK, id));
    }

    private static BpfLink checked(Bpf bpf, Fd fd) throws SyscallException {
        try {
            bpf.linkInfo(fd);
            return new BpfLink(bpf, fd);
        } catch (SyscallException e) {
            fd.close();
            throw e;
        }
    }

    /** Replaces the program; each packet meets either the old or the new one. */
    @Override
    public void update(Program program) throws SyscallException {
        bpf.linkUpdate(fd, program.fd());
    }

    /** Replaces the program if it still is the expected one. @throws SyscallException EPERM if it is not */
    public void replace(Program program, Program expected) throws SyscallException {
        bpf.linkReplace(fd, program.fd(), expected.fd());
    }

    /** Detaches now, whoever else holds the link. Since Linux 5.9. */
    @Override
    public void detach() throws SyscallException {
        bpf.linkDetach(fd);
    }

    /** Gives the link a name in a BPF file system, which keeps the program attached until the file is deleted. */
    public void pin(Path path) throws SyscallException {
        bpf.pin(fd, path);
    }

    /** Returns what the kernel says of the link. */
    public LinkDescription describe() throws SyscallException {
        return LinkDescription.of(info());
    }

    /** Returns the kernel's description. */
    public LinkInfo info() throws SyscallException {
        return bpf.linkInfo(fd);
    }

    public Fd fd() {
        return fd;
    }

    /** Lets go; detaches if nobody else holds the link. */
    @Override
    public void close() {
        fd.close();
    }
}
