package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.AttachType;
import dev.weir.ebpf.prog.Program;
import dev.weir.sys.SyscallException;

/**
 * Attaches programs of type {@code sched_cls} to the traffic control of network devices, without a qdisc ("tcx"): each packet goes through
 * all of them in order until one does not answer {@code TCX_NEXT}. Since Linux 6.6.
 *
 * @see <a href="https://docs.kernel.org/bpf/libbpf/program_types.html">Program Types and ELF Sections</a>
 */
public final class Tcx {
    /** Go on with the next program; the packet passes if there is none. */
    public static final int NEXT = -1;
    /** The packet passes. */
    public static final int PASS = 0;
    /** The packet goes no further. */
    public static final int DROP = 2;

    private Tcx() {}

    /** Which packets. */
    public enum Direction {
        /** Those that the device receives. */
        INGRESS(AttachType.TCX_INGRESS),
        /** Those that it sends. */
        EGRESS(AttachType.TCX_EGRESS);

        private final AttachType attachType;

        Direction(AttachType attachType) {
            this.attachType = attachType;
        }

        /** Returns what to ask {@link BpfLink#query} for. */
        public AttachType attachType() {
            return attachType;
        }
    }

    /** Attaches behind all others. */
    public static BpfLink attach(Program program, int interfaceIndex, Direction direction) throws SyscallException {
        return attach(program, interfaceIndex, direction, Anchor.LAST);
    }

    /**
     * Attaches.
     *
     * @param interfaceIndex of the device, in the calling thread's network namespace
     * @throws SyscallException ENODEV if there is no such device, ENOENT if the anchor is not there, EPERM without CAP_NET_ADMIN
     */
    public static BpfLink attach(Program program, int interfaceIndex, Direction direction, Anchor anchor)
            throws SyscallException {
        return BpfLink.create(program, interfaceIndex, direction.attachType(), anchor.flags(), anchor.detail());
    }
}
