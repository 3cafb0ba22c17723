package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The library {@code jit} as far as scripts look at it: what runs them, and switches that change nothing. */
public final class JitLibrary {
    /** The version of LuaJIT whose language this is. */
    private static final String VERSION = "LuaJIT 2.1.0-beta3";

    private static final int VERSION_NUMBER = 20_100;

    private JitLibrary() {}

    /** Makes the library in a world. */
    public static void open(LuaState state) {
        LuaTable library = state.library("jit");
        library.put(state.name("version"), LuaString.of(VERSION));
        library.put(state.name("version_num"), LuaNumber.box(VERSION_NUMBER));
        library.put(state.name("os"), LuaString.of(os()));
        library.put(state.name("arch"), LuaString.of(arch()));
        for (Function function : Function.values()) {
            state.register(library, function.luaName, function);
        }
        LuaTable options = new LuaTable();
        state.register(options, "start", Function.OFF);
        library.put(state.name("opt"), options);
        state.loadedModules().put(state.name("jit.opt"), options);
    }

    /** The operating system in LuaJIT's words. */
    public static String os() {
        String name = System.getProperty("os.name", "");
        if (name.startsWith("Windows")) {
            return "Windows";
        }
        if (name.startsWith("Mac")) {
            return "OSX";
        }
        return name.endsWith("BSD") ? "BSD" : name.equals("Linux") ? "Linux" : "Other";
    }

    /** The processor in LuaJIT's words. */
    public static String arch() {
        String name = System.getProperty("os.arch", "");
        return switch (name) {
            case "amd64", "x86_64" -> "x64";
            case "aarch64" -> "arm64";
            case "i386", "x86" -> "x86";
            default -> name;
        };
    }

    private enum Function implements LibraryFunction.Body {
        ATTACH,
        FLUSH,
        OFF,
        ON,
        SECURITY,
        STATUS;

        private final String luaName = name().toLowerCase(Locale.ROOT);

        @Override
        public @Nullable Object call(LuaState state, LuaArgs arguments) {
            return switch (this) {
                case ATTACH, FLUSH, OFF, ON -> Values.NONE;
                case SECURITY -> LuaNumber.box(0);
                // As in a LuaJIT whose compiler is switched off: nothing else can be said of this one.
                case STATUS -> false;
            };
        }
    }
}
