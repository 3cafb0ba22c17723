package dev.weir.gate.filter;

import dev.weir.ebpf.probe.Features;
import dev.weir.ebpf.prog.VerifierException;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelException.Reason;
import dev.weir.gate.NeededRights;
import dev.weir.sys.Capabilities;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an operator can do when the kernel refuses: one line each, for the calls that make and attach filters. */
final class Remedy {
    private static final Path UNPRIVILEGED = Path.of("/proc/sys/kernel/unprivileged_bpf_disabled");
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path OPTMEM = Path.of("/proc/sys/net/core/optmem_max");
    private static final String GRANT =
            "run as root, or with AmbientCapabilities=CAP_BPF CAP_NET_ADMIN in the systemd unit";
    /** What the programs of internal filters count, rounded up: 5,192 octets of them, and what the verifier adds without CAP_PERFMON. */
    static final int OPTMEM_SUFFICES = 8192;

    private Remedy() {}

    /** @param otherwise the reason for what is none of the usual troubles */
    static KernelException of(IOException e, Reason otherwise) {
        if (e instanceof KernelException known) {
            return known;
        }
        if (e instanceof VerifierException verifier) {
            return new KernelException(
                    Reason.UNAVAILABLE, verifier.getMessage() + refused(verifier.log(), Features.runningKernel()), e);
        }
        if (!(e instanceof SyscallException call)) {
            return new KernelException(otherwise, String.valueOf(e.getMessage()), e);
        }
        String remedy =
                switch (call.errno()) {
                    case Errno.EPERM, Errno.EACCES -> forbidden(call, Features.runningKernel());
                    case Errno.ENOSYS -> "a kernel built with CONFIG_BPF_SYSCALL is needed";
                    case Errno.ENOMEM ->
                        "not enough memory for the tables: raise MemoryMax= of the systemd unit, or make them smaller";
                    default -> null;
                };
        return remedy == null
                ? new KernelException(otherwise, String.valueOf(e.getMessage()), e)
                : new KernelException(Reason.UNAVAILABLE, e.getMessage() + "; " + remedy, e);
    }

    /** Why the verifier refuses a program of ours. */
    static String refused(String log, String kernel) {
        if (NeededRights.isBefore(kernel, 5, 17)) {
            return "; internal filters need Linux 5.17 or newer, this is " + kernel;
        }
        return log.contains("!root")
                ? "; without CAP_PERFMON this kernel (" + kernel + ") does not take the program: grant it as well"
                : "; this kernel (" + kernel + ") is new enough, so that is a fault of Weir's or of the kernel";
    }

    /** Why a program can't be put before a socket: its size counts against the memory that options of a socket may take. */
    static KernelException attaching(SyscallException e) {
        return e.errno() == Errno.ENOMEM
                ? new KernelException(
                        Reason.UNAVAILABLE,
                        e.getMessage() + "; the program counts against net.core.optmem_max, which is " + read(OPTMEM)
                                + ": " + OPTMEM_SUFFICES + " suffices (sysctl -w net.core.optmem_max="
                                + OPTMEM_SUFFICES + ")",
                        e)
                : of(e, Reason.FAILED);
    }

    private static String forbidden(SyscallException call, String kernel) {
        String missing = NeededRights.missing(Capabilities.CAP_BPF, Capabilities.CAP_NET_ADMIN);
        // Tables alone need one of the two, and pins that belong to somebody else are no matter of capabilities.
        boolean enough = NeededRights.missing(Capabilities.CAP_BPF).isEmpty();
        return enough ? permitted(call, kernel) : missing + ": " + GRANT + unprivileged();
    }

    /** What it is when the capabilities are there. */
    static String permitted(SyscallException call, String kernel) {
        if (call.call().contains("BPF_OBJ")) {
            return "the capabilities are there: who may open a pin its owner and mode say, and those of the directories above it";
        }
        if (NeededRights.isBefore(kernel, 5, 11)) {
            return "the capabilities are there, but tables count against the memory that may be locked (" + memlock()
                    + ") before Linux 5.11: LimitMEMLOCK=infinity in the systemd unit, or ulimit -l unlimited";
        }
        return "the capabilities are there and memory is not counted, so a security module forbids it";
    }

    private static String memlock() {
        for (String line : read(LIMITS).split("\n", -1)) {
            if (line.startsWith("Max locked memory")) {
                return "RLIMIT_MEMLOCK is "
                        + line.substring("Max locked memory".length()).strip().split("\\s+", 2)[0] + " bytes";
            }
        }
        return "RLIMIT_MEMLOCK";
    }

    private static String unprivileged() {
        String value = read(UNPRIVILEGED);
        return value.equals("0") || value.equals("?") ? "" : "; kernel.unprivileged_bpf_disabled is " + value;
    }

    /** A sysctl gives its number to the first read(2) only, which must have room for all of it. */
    private static String read(Path file) {
        byte[] text = new byte[4096];
        try (InputStream in = Files.newInputStream(file)) {
            return new String(text, 0, Math.max(0, in.read(text)), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            return "?";
        }
    }
}
