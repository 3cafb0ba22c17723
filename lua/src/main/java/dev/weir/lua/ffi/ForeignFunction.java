package dev.weir.lua.ffi;

import dev.weir.lua.LuaState;
import org.jspecify.annotations.Nullable;

/** What a script calls as {@code ffi.C.NAME}: written in Java by the embedder, or a native function. */
@FunctionalInterface
public interface ForeignFunction {
    /**
     * Does its work.
     *
     * @return a {@link Long}, {@link Integer}, {@link Boolean}, {@link Double}, {@link CPointer}, {@link dev.weir.lua.LuaString} for a
     *     {@code const char *}, or null for nothing and NULL: it is converted to the declared type
     */
    @Nullable Object call(LuaState state, ForeignArguments arguments);
}
