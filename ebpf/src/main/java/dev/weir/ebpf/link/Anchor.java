package dev.weir.ebpf.link;

import dev.weir.ebpf.prog.Program;
import dev.weir.sys.Fd;
import dev.weir.sys.LinkAttr;
import org.jspecify.annotations.Nullable;

/**
 * Where a program comes among others at the same place, which run one after the other. Since Linux 6.6 for tcx, 6.7 for netkit.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/bpf.2.html">bpf(2)</a>
 */
public final class Anchor {
    /** Behind all that are there. */
    public static final Anchor LAST = new Anchor(0, null);

    private static final int BPF_F_BEFORE = 1 << 3;
    private static final int BPF_F_AFTER = 1 << 4;
    private static final int BPF_F_LINK = 1 << 13;

    /** Before all that are there. */
    public static final Anchor FIRST = new Anchor(BPF_F_BEFORE, null);

    private final int flags;
    private final @Nullable Fd neighbour;

    private Anchor(int flags, @Nullable Fd neighbour) {
        this.flags = flags;
        this.neighbour = neighbour;
    }

    /** Right before a program that is attached there. */
    public static Anchor before(Program program) {
        return new Anchor(BPF_F_BEFORE, program.fd());
    }

    /** Right before a link that is there. */
    public static Anchor before(BpfLink link) {
        return new Anchor(BPF_F_BEFORE | BPF_F_LINK, link.fd());
    }

    /** Right behind a program that is attached there. */
    public static Anchor after(Program program) {
        return new Anchor(BPF_F_AFTER, program.fd());
    }

    /** Right behind a link that is there. */
    public static Anchor after(BpfLink link) {
        return new Anchor(BPF_F_AFTER | BPF_F_LINK, link.fd());
    }

    int flags() {
        return flags;
    }

    LinkAttr.Detail detail() {
        return new LinkAttr.Detail.Relative(neighbour, 0);
    }
}
