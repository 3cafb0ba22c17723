package dev.weir.sys;

import org.jspecify.annotations.Nullable;

/** What an error of bpf(2) means for the command that met it, in words that say what to do. */
final class BpfError {
    static final String NEEDS_BPF_AND_NET = "needs CAP_BPF and CAP_NET_ADMIN (kernel ≥ 5.8; CAP_SYS_ADMIN before)";
    static final String NEEDS_BPF = "needs CAP_BPF (kernel ≥ 5.8; CAP_SYS_ADMIN before)";
    static final String NEEDS_NET = "needs CAP_NET_ADMIN (kernel ≥ 5.8; CAP_SYS_ADMIN before)";
    static final String NEEDS_SYS = "needs CAP_SYS_ADMIN";
    static final String NO_BPF = "this kernel has no bpf(2), it was built without CONFIG_BPF_SYSCALL";

    private BpfError() {}

    static SyscallException of(BpfCommand command, int errno) {
        String call = "bpf(" + command + ")";
        String meaning = meaning(command, errno);
        return meaning == null ? new SyscallException(call, errno) : SyscallException.explained(call, errno, meaning);
    }

    private static @Nullable String meaning(BpfCommand command, int errno) {
        return switch (errno) {
            case Errno.ENOSYS -> NO_BPF;
            case Errno.EPERM -> permission(command);
            case Errno.EBADF -> "it is closed, or something that it refers to is";
            case Errno.E2BIG -> tooBig(command);
            case Errno.ENOSPC -> noSpace(command);
            case Errno.EBUSY -> busy(command);
            case Errno.EAGAIN -> again(command);
            case Errno.EEXIST -> exists(command);
            case Errno.ENOENT -> missing(command);
            case Errno.EINVAL -> invalid(command);
            case Errno.ENOTSUPP, Errno.EOPNOTSUPP -> "this kind of object does not support the command";
            default -> null;
        };
    }

    private static String permission(BpfCommand command) {
        return switch (command) {
            case BPF_PROG_LOAD -> NEEDS_BPF_AND_NET;
            case BPF_LINK_CREATE, BPF_LINK_UPDATE, BPF_LINK_DETACH -> NEEDS_NET;
            case BPF_MAP_UPDATE_ELEM, BPF_MAP_DELETE_ELEM, BPF_MAP_UPDATE_BATCH, BPF_MAP_DELETE_BATCH ->
                "the map is frozen or read-only for user space; or it " + NEEDS_BPF;
            case BPF_MAP_FREEZE -> "the map is not writable for this process; or it " + NEEDS_BPF;
            case BPF_OBJ_PIN, BPF_OBJ_GET -> "the pin's file permissions forbid it; or it " + NEEDS_BPF;
            case BPF_PROG_GET_NEXT_ID,
                    BPF_MAP_GET_NEXT_ID,
                    BPF_LINK_GET_NEXT_ID,
                    BPF_BTF_GET_NEXT_ID,
                    BPF_PROG_GET_FD_BY_ID,
                    BPF_MAP_GET_FD_BY_ID,
                    BPF_LINK_GET_FD_BY_ID,
                    BPF_BTF_GET_FD_BY_ID,
                    BPF_ENABLE_STATS -> NEEDS_SYS;
            default -> NEEDS_BPF;
        };
    }

    private static @Nullable String tooBig(BpfCommand command) {
        return switch (command) {
            case BPF_MAP_UPDATE_ELEM, BPF_MAP_UPDATE_BATCH -> "the map is full, or the index is beyond its last entry";
            case BPF_PROG_LOAD ->
                "the program is too large for this kernel (1 million instructions since 5.2, 4096 before), or uses a feature newer than it";
            case BPF_MAP_CREATE ->
                "keys, values or the number of entries are too large, or a feature newer than this kernel is asked for";
            default -> "a feature newer than this kernel is asked for";
        };
    }

    private static @Nullable String noSpace(BpfCommand command) {
        return switch (command) {
            case BPF_MAP_UPDATE_ELEM, BPF_MAP_UPDATE_BATCH -> "the map is full";
            case BPF_MAP_LOOKUP_BATCH, BPF_MAP_LOOKUP_AND_DELETE_BATCH ->
                "the batch has too little room for one bucket of the hash map";
            case BPF_PROG_LOAD, BPF_BTF_LOAD -> "the log buffer is too small for what the verifier had to say";
            case BPF_PROG_TEST_RUN -> "the output buffer is too small for the packet that came out";
            default -> null;
        };
    }

    private static @Nullable String busy(BpfCommand command) {
        return switch (command) {
            case BPF_LINK_CREATE, BPF_LINK_UPDATE ->
                "something else is attached there already, or in another mode; detach it first";
            case BPF_MAP_UPDATE_ELEM, BPF_MAP_DELETE_ELEM, BPF_MAP_LOOKUP_AND_DELETE_ELEM ->
                "a program is changing the same bucket, or an entry there is in use; try again";
            case BPF_MAP_FREEZE -> "the map is mapped writable or already frozen; unmap it first";
            default -> null;
        };
    }

    private static @Nullable String again(BpfCommand command) {
        return switch (command) {
            case BPF_PROG_LOAD -> "the verifier was interrupted by signals every time it was tried";
            case BPF_MAP_LOOKUP_BATCH, BPF_MAP_LOOKUP_AND_DELETE_BATCH -> "the map changed under the batch; try again";
            default -> null;
        };
    }

    private static @Nullable String exists(BpfCommand command) {
        return switch (command) {
            case BPF_MAP_UPDATE_ELEM, BPF_MAP_UPDATE_BATCH -> "the map has an entry with this key";
            case BPF_OBJ_PIN -> "something is pinned under this path";
            default -> null;
        };
    }

    private static @Nullable String missing(BpfCommand command) {
        return switch (command) {
            case BPF_MAP_UPDATE_ELEM, BPF_MAP_DELETE_ELEM -> "the map has no entry with this key";
            case BPF_OBJ_GET -> "nothing is pinned under this path";
            case BPF_OBJ_PIN -> "the directory to pin in does not exist";
            case BPF_PROG_GET_FD_BY_ID, BPF_MAP_GET_FD_BY_ID, BPF_LINK_GET_FD_BY_ID, BPF_BTF_GET_FD_BY_ID ->
                "no object has this id (any more)";
            default -> null;
        };
    }

    private static @Nullable String invalid(BpfCommand command) {
        return switch (command) {
            case BPF_OBJ_PIN -> "the path is not on a BPF file system (mount -t bpf bpf DIRECTORY)";
            case BPF_MAP_CREATE, BPF_PROG_LOAD -> null;
            default ->
                KernelVersion.running().isBefore(command.minimumKernel())
                        ? "needs kernel ≥ " + command.minimumKernel() + ", this is " + KernelVersion.running()
                        : null;
        };
    }
}
