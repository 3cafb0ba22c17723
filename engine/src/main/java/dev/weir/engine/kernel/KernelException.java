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

    /** The table has no room left. */
    public static KernelException full(Object subject) {
        return new KernelException(Reason.FULL, "Table full when trying to block " + subject);
    }

    /** @param what "address", "range", "qname" or "suffix" */
    public static KernelException duplicate(String what, Object subject) {
        return new KernelException(Reason.DUPLICATE, "Trying to block an already blocked " + what + ": " + subject);
    }

    /** @param what "blocked address", "range", "qname address" or "suffix": an operator knows dnsdist's words */
    public static KernelException absent(String what, Object subject) {
        return new KernelException(
                Reason.ABSENT, "Error removing " + what + " " + subject + ": No such file or directory");
    }

    /** The filter was made without room for such entries. */
    public static KernelException noRoom(FilterSpec.Kind kind, Object subject) {
        return new KernelException(
                Reason.UNSUPPORTED,
                "Unable to block " + subject + ": this filter was made without room for " + kind.plural()
                        + ", its option " + kind.option() + " is 0");
    }

    /** The format of the filter can't express the action. */
    public static KernelException unsupported(MatchAction action, Object subject) {
        return new KernelException(
                Reason.UNSUPPORTED,
                "Unsupported action " + action + " for " + subject + ": a filter that is not external can only drop");
    }
}
