package dev.weir.lua.ffi;

import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.LuaUserdata;
import dev.weir.lua.Metamethod;
import org.jspecify.annotations.Nullable;

/** {@code ffi.C}: constants and functions by the names under which scripts declared them. */
final class CLibrary extends LuaUserdata {
    private final FfiWorld world;
    private final LuaTable found = new LuaTable();
    private final LuaTable metatable = new LuaTable();

    CLibrary(FfiWorld world) {
        this.world = world;
        LuaState state = world.state();
        state.register(metatable, "__index", (owner, arguments) -> get(state, arguments));
        state.register(metatable, "__newindex", (owner, arguments) -> {
            find(state, name(arguments));
            throw state.error("attempt to write to constant location");
        });
        metatable.put(Metamethod.METATABLE.key(), LuaString.of("ffi"));
    }

    @Override
    public @Nullable LuaTable metatable() {
        return metatable;
    }

    private static LuaString name(LuaArgs arguments) {
        if (arguments.get(2) instanceof LuaString name) {
            return name;
        }
        throw arguments.typeError(2, "string");
    }

    private Object get(LuaState state, LuaArgs arguments) {
        LuaString name = name(arguments);
        Object known = found.get(name);
        if (known == null) {
            known = find(state, name);
            found.put(name, known);
        }
        return known;
    }

    private Object find(LuaState state, LuaString name) {
        String text = name.toString();
        Integer constant = world.declarations().constant(text);
        if (constant != null) {
            return Double.valueOf(constant);
        }
        CType type = world.declarations().symbol(text);
        if (type == null) {
            throw state.error("missing declaration for symbol '" + text + "'");
        }
        try {
            ForeignFunction function = type.kind == CType.Kind.FUNCTION ? world.function(text, type) : null;
            if (function == null) {
                throw state.error("undefined symbol: " + world.declarations().symbolName(text));
            }
            return CData.function(world, type, function);
        } catch (CFault fault) {
            throw state.error(fault.getMessage());
        }
    }
}
