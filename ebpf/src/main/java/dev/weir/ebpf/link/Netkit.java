package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.AttachType;
import dev.weir.ebpf.prog.Program;
import dev.weir.sys.SyscallException;

/**
 * Attaches programs of type {@code sched_cls} to a pair of netkit devices, which hand packets to each other through them. Since Linux 6.7, in
 * kernels built with {@code CONFIG_NETKIT}.
 *
 * @see <a href="https://docs.kernel.org/bpf/libbpf/program_types.html">Program Types and ELF Sections</a>
 */
public final class Netkit {
    private Netkit() {}

    /** At which end of the pair. */
    public enum End {
        /** What the primary device sends, which is the one that programs are attached through. */
        PRIMARY(AttachType.NETKIT_PRIMARY),
        /** What its peer sends, in another namespace mostly. */
        PEER(AttachType.NETKIT_PEER);

        private final AttachType attachType;

        End(AttachType attachType) {
            this.attachType = attachType;
        }

        /** Returns what to ask {@link BpfLink#query} for. */
        public AttachType attachType() {
            return attachType;
        }
    }

    /**
     * Attaches.
     *
     * @param interfaceIndex of the primary device, in the calling thread's network namespace
     * @throws SyscallException EINVAL if it is no netkit device
     */
    public static BpfLink attach(Program program, int interfaceIndex, End end, Anchor anchor) throws SyscallException {
        return BpfLink.create(program, interfaceIndex, end.attachType(), anchor.flags(), anchor.detail());
    }
}
