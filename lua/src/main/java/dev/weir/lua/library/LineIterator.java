package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import org.jspecify.annotations.Nullable;

/**
 * What {@code lines} returns: reads as the formats say each time it is called.
 *
 * @param closing whether the end of the file closes it
 */
record LineIterator(BufferedFile file, @Nullable Object[] formats, boolean closing) implements LibraryFunction.Body {
    @Override
    public @Nullable Object call(LuaState state, LuaArgs arguments) {
        if (file.isClosed()) {
            throw state.error("attempt to use a closed file");
        }
        Object result = ReadFormats.read(state, file, new LuaArgs(state, formats), 1);
        if (Values.first(result) == null) {
            if (result instanceof Values failure && failure.count() == 3 && failure.get(1) instanceof LuaString text) {
                throw state.error(text);
            }
            if (closing) {
                FileMethods.close(file);
            }
        }
        return result;
    }
}
