package dev.weir.script.lang;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LoadState;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.compiler.LuaC;
import org.luaj.vm2.lib.BaseLib;
import org.luaj.vm2.lib.Bit32Lib;
import org.luaj.vm2.lib.CoroutineLib;
import org.luaj.vm2.lib.PackageLib;
import org.luaj.vm2.lib.StringLib;
import org.luaj.vm2.lib.TableLib;
import org.luaj.vm2.lib.TwoArgFunction;
import org.luaj.vm2.lib.VarArgFunction;
import org.luaj.vm2.lib.jse.JseIoLib;
import org.luaj.vm2.lib.jse.JseMathLib;
import org.luaj.vm2.lib.jse.JseOsLib;

/**
 * A set of globals like LuaJIT's. Libraries that few configurations use, and names that {@link #missing} supplies, are made when they are
 * first looked up: start-up is a feature.
 */
public final class LuaWorld {
    private static final String SEARCH_PATH = "./?.lua;./?/init.lua;/usr/local/share/lua/5.1/?.lua;"
            + "/usr/local/share/lua/5.1/?/init.lua;/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua";

    private LuaWorld() {}

    /**
     * @param exit what {@code os.exit} does; must not return
     * @param files what reads the files that Lua code loads
     */
    public static Globals create(IntConsumer exit, SourceFiles files) {
        Globals globals = new Globals();
        globals.STDOUT = new PrintStream(new PrintedLines(), false, StandardCharsets.UTF_8);
        globals.load(new BaseLib());
        globals.load(new PackageLib());
        globals.load(new TableLib());
        globals.load(new StringLib());
        LoadState.install(globals);
        LuaC.install(globals);
        globals.finder = file -> open(files, file);
        LuaTable packages = globals.get("package").checktable();
        packages.set("path", SEARCH_PATH);
        packages.set("cpath", "");
        packages.set("loaders", packages.get("searchers"));
        globals.rawset("dofile", new FileLoader(globals, files, true));
        globals.rawset("loadfile", new FileLoader(globals, files, false));
        globals.rawset("_VERSION", "Lua 5.1");
        Lua51.install(globals);
        missing(globals, name -> null, exit);
        return globals;
    }

    /**
     * Supplies globals that nobody has defined: what {@code source} returns is kept, {@code null} leaves them nil.
     */
    public static void missing(Globals globals, Function<String, @Nullable LuaValue> source) {
        LuaTable metatable = globals.getmetatable().checktable();
        ((Missing) metatable.get(LuaValue.INDEX)).source = source;
    }

    private static void missing(Globals globals, Function<String, @Nullable LuaValue> source, IntConsumer exit) {
        LuaTable metatable = new LuaTable();
        metatable.set(LuaValue.INDEX, new Missing(globals, source, exit));
        globals.setmetatable(metatable);
    }

    private static @Nullable InputStream open(SourceFiles files, String file) {
        Path path = Path.of(file);
        try {
            return Files.isRegularFile(path) ? new ByteArrayInputStream(files.read(path)) : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** {@code dofile} and {@code loadfile}, whose messages name the file. */
    private static final class FileLoader extends VarArgFunction {
        private final Globals globals;
        private final SourceFiles files;
        private final boolean run;

        FileLoader(Globals globals, SourceFiles files, boolean run) {
            this.globals = globals;
            this.files = files;
            this.run = run;
        }

        @Override
        public Varargs invoke(Varargs args) {
            String file = args.checkjstring(1);
            try (InputStream in = new ByteArrayInputStream(files.read(Path.of(file)))) {
                LuaFunction chunk = (LuaFunction) globals.load(in, "@" + file, "bt", globals);
                return run ? chunk.invoke() : chunk;
            } catch (IOException e) {
                return failed("cannot open " + file);
            } catch (LuaError e) {
                if (run) {
                    throw e;
                }
                return failed(Messages.clean(e));
            }
        }

        private Varargs failed(String message) {
            if (run) {
                throw new LuaError(message);
            }
            return varargsOf(NIL, valueOf(message));
        }
    }

    /** {@code __index} of the globals. */
    private static final class Missing extends TwoArgFunction {
        private final Globals globals;
        private final IntConsumer exit;
        private Function<String, @Nullable LuaValue> source;

        Missing(Globals globals, Function<String, @Nullable LuaValue> source, IntConsumer exit) {
            this.globals = globals;
            this.source = source;
            this.exit = exit;
        }

        @Override
        public LuaValue call(LuaValue table, LuaValue key) {
            if (!key.isstring()) {
                return NIL;
            }
            String name = key.tojstring();
            LuaValue made = library(name);
            if (made == null) {
                made = source.apply(name);
            }
            if (made == null) {
                return NIL;
            }
            globals.rawset(key, made);
            return made;
        }

        private @Nullable LuaValue library(String name) {
            switch (name) {
                case "math" -> globals.load(new JseMathLib());
                case "io" -> globals.load(new JseIoLib());
                case "os" -> globals.load(new JseOsLib());
                case "coroutine" -> globals.load(new CoroutineLib());
                case "bit32" -> globals.load(new Bit32Lib());
                case "bit" -> {
                    return BitLibrary.load(globals);
                }
                case "debug" -> {
                    return debug();
                }
                default -> {
                    return null;
                }
            }
            LuaValue library = globals.rawget(name);
            if (name.equals("math")) {
                Lua51.installInto(globals, name);
            } else if (name.equals("os")) {
                library.set("exit", new Exit(exit));
            }
            return library;
        }

        /** Only what error handlers use: LuaJ's own would cost time at every instruction. */
        private static LuaTable debug() {
            LuaTable debug = new LuaTable();
            debug.set("traceback", new VarArgFunction() {
                @Override
                public Varargs invoke(Varargs args) {
                    return args.arg1().isnil() ? EMPTYSTRING : args.arg1();
                }
            });
            return debug;
        }
    }

    private static final class Exit extends VarArgFunction {
        private final IntConsumer exit;

        Exit(IntConsumer exit) {
            this.exit = exit;
        }

        @Override
        public Varargs invoke(Varargs args) {
            LuaValue status = args.arg1();
            exit.accept(status.isboolean() ? (status.toboolean() ? 0 : 1) : args.optint(1, 0));
            return NONE;
        }
    }
}
