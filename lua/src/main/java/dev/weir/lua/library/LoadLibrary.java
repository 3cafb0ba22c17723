package dev.weir.lua.library;

import dev.weir.lua.CallInfo;
import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.ScriptFunction;
import dev.weir.lua.Values;
import dev.weir.lua.text.OctetBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Functions that load programs, and those that change where programs find their globals. */
public final class LoadLibrary {
    private LoadLibrary() {}

    static void open(LuaState state) {
        LuaTable globals = state.globals();
        for (Function function : Function.values()) {
            state.register(globals, function.luaName, function);
        }
    }

    private enum Function implements LibraryFunction.Body {
        LOAD,
        LOADSTRING,
        LOADFILE,
        DOFILE,
        GETFENV,
        SETFENV;

        private final String luaName = name().toLowerCase(Locale.ROOT);

        @Override
        public @Nullable Object call(LuaState state, LuaArgs args) {
            return switch (this) {
                case LOAD, LOADSTRING -> load(state, args);
                case LOADFILE -> {
                    LuaString name = args.optString(1, null);
                    LuaString mode = args.optString(2, null);
                    yield guarded(state, () -> loadFile(state, name, mode, environment(state, args, 3)));
                }
                case DOFILE ->
                    loadFile(state, args.optString(1, null), null, state.globals())
                            .call();
                case GETFENV -> getfenv(state, args);
                case SETFENV -> setfenv(state, args);
            };
        }
    }

    // ---- programs

    /** Something that makes a function. */
    private interface Source {
        LuaFunction load();
    }

    private static @Nullable Object guarded(LuaState state, Source source) {
        int depth = state.calls().depth();
        try {
            return source.load();
        } catch (LuaError error) {
            state.calls().depth(depth);
            if (error.isUncatchable()) {
                throw error;
            }
            return Values.of(null, error.value());
        } catch (StackOverflowError overflow) {
            state.calls().depth(depth);
            return Values.of(null, state.stackOverflow().value());
        }
    }

    private static @Nullable Object load(LuaState state, LuaArgs args) {
        Object given = args.get(1);
        LuaString mode = args.optString(3, null);
        if (given instanceof LuaString || given instanceof Double) {
            LuaString text = args.string(1);
            LuaString name = args.optString(2, text);
            return guarded(
                    state, () -> chunk(state, text, name == null ? text : name, mode, environment(state, args, 4)));
        }
        LuaFunction reader = args.function(1);
        LuaString name = args.optString(2, LuaString.of("=(load)"));
        return guarded(
                state,
                () -> chunk(
                        state,
                        readAll(state, reader),
                        name == null ? LuaString.EMPTY : name,
                        mode,
                        environment(state, args, 4)));
    }

    private static LuaTable environment(LuaState state, LuaArgs args, int index) {
        return args.has(index) ? args.table(index) : state.globals();
    }

    private static LuaString readAll(LuaState state, LuaFunction reader) {
        OctetBuilder text = new OctetBuilder(256, state.limits().maxStringOctets());
        while (true) {
            Object piece = Values.first(reader.call());
            LuaString octets = LuaOperators.textOf(piece);
            if (octets == null && piece != null) {
                throw state.error("reader function must return a string");
            }
            if (octets == null || octets.length() == 0) {
                return LuaString.owning(text.toOctets());
            }
            if ((long) text.length() + octets.length() > state.limits().maxStringOctets()) {
                throw new LuaError("not enough memory");
            }
            text.append(octets.octets());
        }
    }

    private static LuaFunction chunk(
            LuaState state, LuaString text, LuaString name, @Nullable LuaString mode, LuaTable environment) {
        boolean binary = text.length() > 0 && text.octet(0) == 0x1b;
        if (mode != null && mode.toLatin1().indexOf(binary ? 'b' : 't') < 0) {
            throw new LuaError("attempt to load chunk with wrong mode");
        }
        if (binary) {
            throw new LuaError(dev.weir.lua.ChunkNames.shorten(name) + ": cannot load incompatible bytecode");
        }
        return state.load(text, name, environment);
    }

    /**
     * Loads a file, or what is to be read from standard input.
     *
     * @param file its name; null for standard input
     * @throws LuaError if it cannot be read, or for a syntax error
     */
    public static LuaFunction loadFile(
            LuaState state, @Nullable LuaString file, @Nullable LuaString mode, LuaTable environment) {
        if (file == null) {
            return chunk(state, read(state.streams().in()), LuaString.of("=stdin"), mode, environment);
        }
        LuaString name = LuaString.of("@").concat(file);
        return chunk(state, readFile(file), name, mode, environment);
    }

    private static LuaString read(InputStream in) {
        try {
            return LuaString.owning(in.readAllBytes());
        } catch (IOException refused) {
            throw new LuaError("cannot read stdin: " + refused.getMessage());
        }
    }

    private static LuaString readFile(LuaString file) {
        try {
            return LuaString.owning(Files.readAllBytes(Path.of(file.toString())));
        } catch (NoSuchFileException missing) {
            throw new LuaError("cannot open " + file + ": No such file or directory");
        } catch (IOException | IllegalArgumentException refused) {
            String reason = Files.isDirectory(Path.of(file.toString())) ? "Is a directory" : "Permission denied";
            throw new LuaError(
                    reason.startsWith("Is")
                            ? "cannot read " + file + ": " + reason
                            : "cannot open " + file + ": " + reason);
        }
    }

    // ---- environments

    private static Object getfenv(LuaState state, LuaArgs args) {
        Object which = args.get(1);
        if (which instanceof LuaFunction function) {
            return function instanceof ScriptFunction script ? script.environment() : state.globals();
        }
        int level = args.optInteger(1, 1);
        if (level == 0) {
            return state.globals();
        }
        LuaFunction function = functionAt(state, args, level);
        return function instanceof ScriptFunction script ? script.environment() : state.globals();
    }

    private static Object setfenv(LuaState state, LuaArgs args) {
        LuaTable environment = args.table(2);
        Object which = args.get(1);
        LuaFunction function;
        if (which instanceof LuaFunction given) {
            function = given;
        } else {
            int level = args.integer(1);
            if (level == 0) {
                state.globals(environment);
                return Values.NONE;
            }
            function = functionAt(state, args, level);
        }
        if (!(function instanceof ScriptFunction script)) {
            throw state.error("'setfenv' cannot change environment of given object");
        }
        script.environment(environment);
        return function;
    }

    private static LuaFunction functionAt(LuaState state, LuaArgs args, int level) {
        CallInfo call = level < 0 ? null : state.calls().level(level);
        if (call == null || call.function == null) {
            throw args.argumentError(1, "invalid level");
        }
        return call.function;
    }
}
