package dev.weir.script.lang;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaLimits;
import dev.weir.lua.LuaLoader;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaStreams;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Metamethod;
import dev.weir.lua.Values;
import dev.weir.lua.standard.StandardLua;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A world of Lua as configurations expect it. */
public final class LuaWorld {
    private LuaWorld() {}

    /**
     * @param exit what {@code os.exit} does; must not return
     * @param files is shown what is loaded
     */
    public static LuaState create(IntConsumer exit, SourceFiles files) {
        LuaStreams streams = new LuaStreams(
                new FileInputStream(FileDescriptor.in), new PrintedLines(), new FileOutputStream(FileDescriptor.err));
        LuaState state = StandardLua.open(streams, LuaLimits.GENEROUS);
        state.loader(shown(state.loader(), files));
        if (state.globals().get("os") instanceof LuaTable os) {
            state.register(os, "exit", (world, args) -> {
                Object status = args.get(1);
                exit.accept(status instanceof Boolean truth ? truth ? 0 : 1 : args.optInteger(1, 0));
                return Values.NONE;
            });
        }
        return state;
    }

    private static LuaLoader shown(LuaLoader loader, SourceFiles files) {
        return (source, name, environment) -> {
            if (name.length() > 0 && name.octet(0) == '@') {
                files.loaded(name.substring(1, name.length()).toString(), source.octets());
            }
            return loader.load(source, name, environment);
        };
    }

    /** Supplies globals that nobody has defined: what {@code source} returns is kept, {@code null} leaves them nil. */
    public static void missing(LuaState state, Function<String, @Nullable Object> source) {
        LuaTable globals = state.globals();
        LuaFunction made = state.function("__index", (world, args) -> {
            Object value = args.get(2) instanceof LuaString name ? source.apply(name.toString()) : null;
            if (value != null) {
                globals.put(args.get(2), value);
            }
            return value;
        });
        LuaTable metatable = new LuaTable();
        metatable.put(Metamethod.INDEX.key(), made);
        globals.metatable(metatable);
    }
}
