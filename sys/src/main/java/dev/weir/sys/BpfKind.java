package dev.weir.sys;

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

    BpfCommand nextId() {
        return nextId;
    }

    BpfCommand openId() {
        return openId;
    }
}
