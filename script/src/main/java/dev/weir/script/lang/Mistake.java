package dev.weir.script.lang;

/** What ends a call with a message for whoever wrote it; Lua puts file and line in front. */
public final class Mistake extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Mistake(String message) {
        super(message, null, false, false);
    }

    /** The message, which there always is. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
