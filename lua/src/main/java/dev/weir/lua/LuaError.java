package dev.weir.lua;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An error of a script: any value, mostly a string that begins with {@code FILE:LINE:}.
 *
 * <p>It has no Java stack trace; where the script was says {@link #traceback}.
 */
public final class LuaError extends RuntimeException {
    private final transient @Nullable Object value;
    private transient @Nullable List<TracedCall> trace;
    private final boolean uncatchable;

    /** An error with this value, as {@code error(value, 0)} raises it: no position is added. */
    public LuaError(@Nullable Object value) {
        this(value, false);
    }

    /** An error with this text and no position. */
    public LuaError(String message) {
        this(LuaString.of(message), false);
    }

    private LuaError(@Nullable Object value, boolean uncatchable) {
        super(null, null, false, false);
        this.value = value;
        this.uncatchable = uncatchable;
    }

    /** An error that passes by {@code pcall}: the script has used up what it was given. */
    static LuaError uncatchable(String message) {
        return new LuaError(LuaString.of(message), true);
    }

    /** The error object. */
    public @Nullable Object value() {
        return value;
    }

    /** Whether {@code pcall} lets it through. */
    public boolean isUncatchable() {
        return uncatchable;
    }

    /** Whether it says that a chunk ends too early: more lines may complete it, which interactive programs then ask for. */
    public boolean endsTooEarly() {
        return getMessage().endsWith("near '<eof>'");
    }

    /** The text of the error object, as a prompt shows it. */
    @Override
    public String getMessage() {
        if (value instanceof LuaString || value instanceof Double) {
            return LuaOperators.basicText(value).toString();
        }
        return "(error object is a " + LuaOperators.typeName(value) + " value)";
    }

    /** The calls that were open when the error left the outermost of them; empty if it was caught before. */
    public String traceback() {
        return trace == null ? "" : Traceback.text(trace, 0);
    }

    void traceFrom(CallStack calls) {
        if (trace == null) {
            trace = calls.capture();
        }
    }
}
