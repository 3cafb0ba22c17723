/** Lua 5.1 with LuaJIT's additions, for embedding into Java programs. */
module dev.weir.lua {
    requires static transitive org.jspecify;

    exports dev.weir.lua;
    exports dev.weir.lua.ffi;
    exports dev.weir.lua.library;
    exports dev.weir.lua.standard;
}
