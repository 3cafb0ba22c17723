package dev.weir.lua.library;

import dev.weir.lua.LuaTable;
import dev.weir.lua.LuaUserdata;
import org.jspecify.annotations.Nullable;

/** A file in a script's hands. */
final class LuaFile extends LuaUserdata {
    private final BufferedFile file;
    private final LuaTable metatable;

    LuaFile(BufferedFile file, LuaTable metatable) {
        this.file = file;
        this.metatable = metatable;
    }

    BufferedFile file() {
        return file;
    }

    @Override
    public @Nullable LuaTable metatable() {
        return metatable;
    }
}
