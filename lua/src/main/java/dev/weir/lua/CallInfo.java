package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/** One open call on a {@link CallStack}; used again for later calls at the same depth. For the interpreter. */
public final class CallInfo {
    /** What is called. */
    public @Nullable LuaFunction function;
    /** Where a script's function is just now: an index into {@link ScriptFunction#line}. */
    public int site;
    /** The values of a script's locals, as far as they can be told; for {@code debug.getlocal}. */
    public @Nullable Object frame;

    CallInfo() {}
}
