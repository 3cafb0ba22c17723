package dev.weir.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of kernel objects that bpf(2) numbers. */
public enum BpfKind {
    PROGRAM(BpfCommand.BPF_PROG_GET_NEXT_ID, BpfCommand.BPF_PROG_GET_FD_BY_ID),
    MAP(BpfCommand.BPF_MAP_GET_NEXT_ID, BpfCommand.BPF_MAP_GET_FD_BY_ID),
    LINK(BpfCommand.BPF_LINK_GET_NEXT_ID, BpfCommand.BPF_LINK_GET_FD_BY_ID),
    BTF(BpfCommand.BPF_BTF_GET_NEXT_ID, BpfCommand.BPF_BTF_GET_FD_BY_ID);

    private final BpfCommand nextId;
    private final BpfCommand openId;

    BpfKind(BpfCommand nextId, BpfCommand openId) {
        this.nextId = nextId;
        this.openId = openId;
    }

    /**
     * Returns of which kind the object behind a descriptor is, null if that can not be told. A pin does not say it, and the kernel describes any
     * object into any structure.
     */
    public static @Nullable BpfKind of(Fd object) {
        String target;
        try {
            target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + object.number()))
                    .toString();
        } catch (IOException e) {
            return null;
        }
        // As in "anon_inode:bpf-map"; links have an underscore on some kernels and a hyphen on others.
        if (target.contains("bpf-map")) {
            return MAP;
        }
        if (target.contains("bpf-prog")) {
            return PROGRAM;
        }
        if (target.contains("bpf_link") || target.contains("bpf-link")) {
            return LINK;
        }
        return target.contains("btf") ? BTF : null;
    }

    /**
     * Opens a pin of this kind.
     *
     * @param flags BPF_F_RDONLY or 0
     * @throws SyscallException EINVAL if something else is pinned there
     */
    public Fd openPinned(Bpf bpf, Path path, int flags) throws SyscallException {
        Fd fd = bpf.openPinned(path, flags);
        BpfKind kind = of(fd);
        if (kind != null && kind != this) {
            fd.close();
            throw SyscallException.explained(
                    "bpf(" + BpfCommand.BPF_OBJ_GET + ")",
                    Errno.EINVAL,
                    "what is pinned at " + path + " is a " + kind + ", no " + this);
        }
        return fd;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    BpfCommand nextId() {
        return nextId;
    }

    BpfCommand openId() {
        return openId;
    }
}
