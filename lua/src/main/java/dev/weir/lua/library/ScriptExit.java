package dev.weir.lua.library;

/** {@code os.exit}: passes by {@code pcall} and reaches whoever called the script, who ends the program or only the script. */
public final class ScriptExit extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    ScriptExit(int status) {
        super("exit " + status, null, false, false);
        this.status = status;
    }

    /** The status with which the script wants the program to end. */
    public int status() {
        return status;
    }
}
