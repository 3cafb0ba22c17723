package dev.weir.gate.filter;

import dev.weir.ebpf.probe.Features;
import dev.weir.ebpf.prog.VerifierException;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.sys.Capabilities;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an operator can do when the kernel refuses: one line each, for the calls that make and attach filters. */
final class Remedy {
    private static final Path UNPRIVILEGED = Path.of("/proc/sys/kernel/unprivileged_bpf_disabled");
    private static final String GRANT = "run as root, or with AmbientCapabilities=CAP_BPF CAP_NET_ADMIN in the systemd"
            + " unit (CAP_SYS_ADMIN before Linux 5.8)";

    private Remedy() {}

    /** @param otherwise the reason for what is none of the usual troubles */
    static KernelException of(IOException e, Reason otherwise) {
        if (e instanceof KernelException known) {
            return known;
        }
        if (e instanceof VerifierException verifier) {
            return new KernelException(
                    Reason.UNAVAILABLE,
                    "this kernel (" + Features.runningKernel()
                            + ") does not take the packet filter; Linux 5.18 or newer is" + " needed: "
                            + verifier.getMessage(),
                    e);
        }
        if (!(e instanceof SyscallException call)) {
            return new KernelException(otherwise, String.valueOf(e.getMessage()), e);
        }
        String remedy =
                switch (call.errno()) {
                    case Errno.EPERM, Errno.EACCES -> permission();
                    case Errno.ENOSYS -> "; a kernel built with CONFIG_BPF_SYSCALL is needed";
                    case Errno.ENOMEM ->
                        "; not enough memory for the tables: raise MemoryMax= of the systemd unit (LimitMEMLOCK= before"
                                + " Linux 5.11) or make them smaller";
                    default -> null;
                };
        return remedy == null
                ? new KernelException(otherwise, String.valueOf(e.getMessage()), e)
                : new KernelException(Reason.UNAVAILABLE, e.getMessage() + remedy, e);
    }

    /** Why a program can't be put before a socket: its size counts against the memory that options of a socket may take. */
    static KernelException attaching(SyscallException e) {
        return e.errno() == Errno.ENOMEM
                ? new KernelException(
                        Reason.UNAVAILABLE,
                        e.getMessage()
                                + "; raise the sysctl net.core.optmem_max, against which the size of the filter's"
                                + " program counts",
                        e)
                : of(e, Reason.FAILED);
    }

    private static String permission() {
        try {
            Capabilities mine = Capabilities.ofThread();
            boolean may = mine.has(Capabilities.CAP_SYS_ADMIN)
                    || mine.has(Capabilities.CAP_BPF) && mine.has(Capabilities.CAP_NET_ADMIN);
            if (may) {
                return "; the capabilities are there, so it is the memory lock limit (before Linux 5.11: set"
                        + " LimitMEMLOCK=infinity), a security module, or the permissions of the pinned file";
            }
        } catch (SyscallException e) {
            return "; " + GRANT;
        }
        return "; " + GRANT + unprivileged();
    }

    private static String unprivileged() {
        try {
            String value = Files.readString(UNPRIVILEGED).strip();
            return value.equals("0") ? "" : "; kernel.unprivileged_bpf_disabled is " + value;
        } catch (IOException e) {
            return "";
        }
    }
}
