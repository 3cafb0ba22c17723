package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.AttachType;
import dev.weir.ebpf.prog.Program;
import dev.weir.sys.Errno;
import dev.weir.sys.KernelVersion;
import dev.weir.sys.SyscallException;
import org.jspecify.annotations.Nullable;

/** What is known when the kernel does not make a link and its errno alone says too little. */
final class LinkRefusal {
    private LinkRefusal() {}

    static SyscallException explain(SyscallException e, Program program, AttachType attachType) {
        String explanation = explanation(e.errno(), attachType);
        return explanation == null
                ? e
                : SyscallException.explained(
                        e.call(), e.errno(), "program " + program.name() + " to " + attachType + ": " + explanation);
    }

    private static @Nullable String explanation(int errno, AttachType attachType) {
        String needed = minimumKernel(attachType);
        if (errno == Errno.EINVAL && KernelVersion.running().isBefore(needed)) {
            return "needs kernel ≥ " + needed + ", this is " + KernelVersion.running();
        }
        return switch (errno) {
            case Errno.EINVAL ->
                "the program is of another type or was loaded for something else, or the target is none";
            case Errno.EBADF ->
                "the target is closed or none that programs are attached to, such as a cgroup of version 1";
            case Errno.ENODEV -> "there is no such device in this network namespace";
            case Errno.EOPNOTSUPP -> "this kernel was built without it";
            case Errno.ENOENT -> "the program or link that it is to be next to is not there";
            default -> null;
        };
    }

    private static String minimumKernel(AttachType attachType) {
        return switch (attachType) {
            case TCX_INGRESS, TCX_EGRESS -> "6.6";
            case NETKIT_PRIMARY, NETKIT_PEER -> "6.7";
            case PERF_EVENT -> "5.15";
            case KPROBE_MULTI -> "5.18";
            case XDP -> "5.9";
            default -> "5.7";
        };
    }
}
