package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.Program;
import dev.weir.sys.Bpf;
import dev.weir.sys.BpfKind;
import dev.weir.sys.Fd;
import dev.weir.sys.LinkInfo;
import dev.weir.sys.SyscallException;
import java.nio.file.Path;

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
