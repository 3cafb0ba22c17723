package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.AttachType;
import dev.weir.ebpf.prog.Program;
import dev.weir.sys.Fd;
import dev.weir.sys.LinkAttr;
import dev.weir.sys.PerfEvent;
import dev.weir.sys.SyscallException;
import java.util.List;

/**
 * Attaches programs of type {@code kprobe} to functions of the kernel, where they begin or where they return.
 *
 * @see <a href="https://docs.kernel.org/trace/kprobes.html">kprobes</a>
 */
public final class Kprobe {
    private static final int BPF_F_KPROBE_MULTI_RETURN = 1;

    private Kprobe() {}

    /** Where in a function. */
    public enum Point {
        ENTRY,
        RETURN
    }

    /**
     * Attaches to one function. Since Linux 5.15, in kernels built with {@code CONFIG_KPROBES}.
     *
     * @throws SyscallException ENOENT if there is no such function, EINVAL if it may not be probed, EOPNOTSUPP in kernels without kprobes
     */
    public static BpfLink attach(Program program, String function, Point point) throws SyscallException {
        try (Fd event = PerfEvent.kprobe(function, 0, point == Point.RETURN)) {
            return BpfLink.create(program, event, AttachType.PERF_EVENT, new LinkAttr.Detail.PerfEvent(0));
        }
    }

    /**
     * Attaches to many functions at once, much faster than one by one. The program must have been loaded for that, as sections
     * {@code kprobe.multi} say. Since Linux 5.18, in kernels built with {@code CONFIG_FPROBE}.
     *
     * @throws SyscallException ESRCH if one is not there, EOPNOTSUPP in kernels without fprobes
     */
    public static BpfLink attachAll(Program program, List<String> functions, Point point) throws SyscallException {
        return BpfLink.create(
                program,
                0,
                AttachType.KPROBE_MULTI,
                0,
                new LinkAttr.Detail.KprobeMulti(point == Point.RETURN ? BPF_F_KPROBE_MULTI_RETURN : 0, functions));
    }
}
