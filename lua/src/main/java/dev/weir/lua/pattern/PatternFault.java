package dev.weir.lua.pattern;

/** A pattern that cannot be matched, in the reference implementation's words. Carries no stack: the catcher makes an error of it. */
public final class PatternFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String message;

    /** The fault that this message describes. */
    public PatternFault(String message) {
        super(message, null, false, false);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
