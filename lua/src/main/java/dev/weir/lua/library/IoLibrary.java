package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaTable;
import dev.weir.lua.LuaUserdata;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The library {@code io}: functions on the default files, and functions that open others. */
public final class IoLibrary {
    private IoLibrary() {}

    /** Makes the library in a world; its standard files are the world's streams. */
    public static void open(LuaState state) {
        OpenFiles files = new OpenFiles(state);
        state.registry().put(state.name(Handle.KEY), new Handle(files));
        LuaTable library = state.library("io");
        for (Function function : Function.values()) {
            state.register(library, function.luaName, new Bound(function, files));
        }
        library.put(state.name("stdin"), files.standardIn());
        library.put(state.name("stdout"), files.standardOut());
        library.put(state.name("stderr"), files.standardError());
    }

    /** Writes out what files that a script left open still hold, as C does at the end of a program; closes nothing. */
    public static void flushAll(LuaState state) {
        if (state.registry().get(state.name(Handle.KEY)) instanceof Handle handle) {
            handle.files.flushAll();
        }
    }

    private static final class Handle extends LuaUserdata {
        static final String KEY = "_IO";

        private final OpenFiles files;

        Handle(OpenFiles files) {
            this.files = files;
        }
    }

    private enum Function {
        CLOSE,
        FLUSH,
        INPUT,
        LINES,
        OPEN,
        OUTPUT,
        POPEN,
        READ,
        TMPFILE,
        TYPE,
        WRITE;

        private final String luaName = name().toLowerCase(Locale.ROOT);
    }

    private record Bound(Function function, OpenFiles files) implements LibraryFunction.Body {
        @Override
        public @Nullable Object call(LuaState state, LuaArgs arguments) {
            return switch (function) {
                case CLOSE -> FileMethods.close(arguments.has(1) ? FileMethods.file(arguments, 1) : files.output());
                case FLUSH -> FileMethods.flush(files.output());
                case INPUT -> files.input(arguments);
                case LINES -> files.lines(arguments);
                case OPEN -> files.open(arguments);
                case OUTPUT -> files.output(arguments);
                case POPEN -> files.openCommand(arguments);
                case READ -> ReadFormats.read(state, files.input(), arguments, 1);
                case TMPFILE -> files.temporary();
                case TYPE -> FileMethods.type(arguments.any(1));
                case WRITE -> FileMethods.write(files.output(), arguments, 1);
            };
        }
    }
}
