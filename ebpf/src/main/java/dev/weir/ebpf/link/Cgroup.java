package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.AttachType;
import dev.weir.ebpf.prog.Program;
import dev.weir.sys.Fd;
import dev.weir.sys.LinkAttr;
import dev.weir.sys.SyscallException;
import java.nio.file.Path;

/**
 * Attaches programs to a control group of version 2: they judge what its processes do, and those of groups below. Since Linux 5.7.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/cgroups.7.html">cgroups(7)</a>
 */
public final class Cgroup {
    private Cgroup() {}

    /** Attaches a program to what its section was for, as in {@code cgroup/connect4}. @see #attach(Program, Path, AttachType) */
    public static BpfLink attach(Program program, Path cgroup) throws SyscallException {
        return attach(program, cgroup, program.attachType());
    }

    /**
     * Attaches.
     *
     * @param cgroup its directory
     * @throws SyscallException EINVAL if the program is for something else, EBADF if the directory is none of a cgroup of version 2
     */
    public static BpfLink attach(Program program, Path cgroup, AttachType attachType) throws SyscallException {
        try (Fd directory = Fd.openDirectory(cgroup)) {
            return BpfLink.create(program, directory, attachType, new LinkAttr.Detail.None());
        }
    }
}
