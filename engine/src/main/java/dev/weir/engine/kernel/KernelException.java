package dev.weir.engine.kernel;

import java.io.IOException;

/** The kernel can't do what was asked of a filter; the message is for the operator and names the remedy where there is one. */
public final class KernelException extends IOException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** Why. */
    public enum Reason {
        /** The table is full. */
        FULL,
        /** The entry is there already. */
        DUPLICATE,
        /** The entry is not there. */
        ABSENT,
        /** The filter has no room at all for this kind of entry, or its format can't express it. */
        UNSUPPORTED,
        /** Rights, kernel version, file system: nothing works. */
        UNAVAILABLE,
        /** Anything else. */
        FAILED
    }

    public KernelException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public KernelException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
