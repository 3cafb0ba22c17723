package dev.weir.lua.library;

import dev.weir.lua.LuaState;
import dev.weir.lua.LuaTable;

/** What {@code require} finds without searching for files. */
public final class Modules {
    private Modules() {}

    /** The table {@code package.preload}, of functions that make a module when it is first required. */
    public static LuaTable preload(LuaState state) {
        Object known = state.registry().get(state.name("_PRELOAD"));
        if (known instanceof LuaTable preload) {
            return preload;
        }
        LuaTable preload = new LuaTable();
        state.registry().put(state.name("_PRELOAD"), preload);
        return preload;
    }
}
