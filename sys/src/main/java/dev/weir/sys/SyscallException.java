package dev.weir.sys;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A system call that failed where failing is not part of normal work: opening, binding, setting options. */
public final class SyscallException extends IOException {
    private final String call;
    private final int errno;

    /**
     * @param call the call with what identifies its object, as in {@code bind(127.0.0.1:53)}
     * @param errno the positive error number
     */
    public SyscallException(String call, int errno) {
        this(call, errno, null);
    }

    /** @param hint what the operator can do about it, or null */
    public SyscallException(String call, int errno, @Nullable String hint) {
        super(call + ": " + Errno.describe(errno) + (hint == null ? "" : " (" + hint + ")"));
        this.call = call;
        this.errno = errno;
    }

    private SyscallException(String message, String call, int errno) {
        super(message);
        this.call = call;
        this.errno = errno;
    }

    /**
     * Returns one whose explanation stands in place of errno's general meaning, as in {@code bpf(BPF_PROG_LOAD): EPERM: needs CAP_BPF}.
     */
    public static SyscallException explained(String call, int errno, String explanation) {
        return new SyscallException(call + ": " + Errno.name(errno) + ": " + explanation, call, errno);
    }

    /** Returns the call that failed, with what identifies its object. */
    public String call() {
        return call;
    }

    /** Returns the positive error number, one of {@link Errno}'s. */
    public int errno() {
        return errno;
    }

    /** Returns {@code result}, or throws if it is {@code -errno}. */
    static long check(String call, long result) throws SyscallException {
        if (result < 0) {
            throw new SyscallException(call, (int) -result);
        }
        return result;
    }
}
