package dev.weir.lua.standard;

import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.lua.ffi.FfiLibrary;
import dev.weir.lua.library.IoLibrary;
import dev.weir.lua.library.LoadLibrary;
import dev.weir.lua.library.ScriptExit;
import java.io.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The program {@code lua}: options, messages and exit statuses are those of {@code luajit}. */
public final class LuaCommand {
    private static final String VERSION = "Lua 5.1 with LuaJIT's additions, in Java";
    private static final long STACK_OCTETS = 512L << 20;

    private final LuaState state;
    private final String program;
    private final @Nullable LuaPrompt prompt;
    private boolean interacting;

    /** Nothing more will be typed. */
    private boolean ended;

    /**
     * The program in a world.
     *
     * @param program what messages begin with
     * @param prompt where an interactive user types; null for the standard streams
     */
    public LuaCommand(LuaState state, String program, @Nullable LuaPrompt prompt) {
        this.state = state;
        this.program = program;
        this.prompt = prompt;
    }

    /** Runs the program in this process and ends it with its status. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(new LuaCommand(StandardLua.open(), "lua", null).runDeep(List.of(arguments)));
    }

    /**
     * Runs what the arguments say on a thread of its own that has room for deep recursion.
     *
     * @return the exit status: 0 or 1
     */
    public int runDeep(List<String> arguments) throws InterruptedException {
        int[] status = {1};
        Thread thread = new Thread(null, () -> status[0] = run(arguments), "lua", STACK_OCTETS);
        thread.start();
        thread.join();
        return status[0];
    }

    /**
     * Runs what the arguments say.
     *
     * @return the exit status: 0 or 1
     */
    public int run(List<String> arguments) {
        CommandOptions options = CommandOptions.parse(arguments);
        try {
            return options == null ? usage() : run(options, arguments);
        } finally {
            flush();
        }
    }

    private int run(CommandOptions options, List<String> arguments) {
        LuaFunction main = state.function("", (world, args) -> runAll(options, arguments));
        try {
            return Values.first(state.call(main)) == Boolean.TRUE ? 0 : 1;
        } catch (LuaError uncaught) {
            complain(uncaught.getMessage());
            return 1;
        } catch (ScriptExit exit) {
            return exit.status();
        }
    }

    private boolean runAll(CommandOptions options, List<String> arguments) {
        if (!options.ignoreEnvironment() && !runInit()) {
            return false;
        }
        if (options.version()) {
            say(VERSION + "\n");
        }
        setArguments(options, arguments);
        for (CommandOptions.Step step : options.steps()) {
            if (!run(step)) {
                return false;
            }
        }
        int script = options.script();
        if (script < arguments.size() && !runScript(arguments, script)) {
            return false;
        }
        if (options.interactive()) {
            interact(!options.version());
        } else if (script >= arguments.size() && options.steps().isEmpty() && !options.version()) {
            if (prompt != null || isTerminal()) {
                interact(true);
            } else {
                return runFile(null, List.of());
            }
        }
        return true;
    }

    @SuppressWarnings("SystemConsoleNull") // it is null where another provider of consoles is chosen
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private boolean runInit() {
        String init = System.getenv("LUA_INIT");
        if (init == null) {
            return true;
        }
        return init.startsWith("@") ? runFile(init.substring(1), List.of()) : runText(init, "=LUA_INIT");
    }

    private boolean run(CommandOptions.Step step) {
        return switch (step.option()) {
            case 'e' -> runText(step.argument(), "=(command line)");
            default ->
                guarded(() -> LuaOperators.call(
                        state, state.globals().get(state.name("require")), LuaString.of(step.argument())));
        };
    }

    private void setArguments(CommandOptions options, List<String> arguments) {
        LuaTable table = new LuaTable();
        int script = Math.min(options.script(), arguments.size());
        for (int i = 0; i < arguments.size(); i++) {
            table.put(i - script, LuaString.of(arguments.get(i)));
        }
        table.put(-1 - script, LuaString.of(program));
        state.globals().put(state.name("arg"), table);
    }

    private boolean runScript(List<String> arguments, int script) {
        String file = arguments.get(script);
        boolean standardInput =
                file.equals("-") && (script == 0 || !arguments.get(script - 1).equals("--"));
        return runFile(standardInput ? null : file, arguments.subList(script + 1, arguments.size()));
    }

    private boolean runText(String text, String name) {
        return guarded(() -> state.load(LuaString.of(text), LuaString.of(name)).call());
    }

    private boolean runFile(@Nullable String file, List<String> arguments) {
        return guarded(() -> {
            LuaString name = file == null ? null : LuaString.of(file);
            @Nullable Object[] values = new @Nullable Object[arguments.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = LuaString.of(arguments.get(i));
            }
            return LoadLibrary.loadFile(state, name, null, state.globals()).invoke(values);
        });
    }

    // ---- errors

    /** Something that may raise an error. */
    private interface Task {
        @Nullable Object run();
    }

    /** Runs a task; an error is reported with its traceback. */
    private boolean guarded(Task task) {
        int depth = state.calls().depth();
        try {
            task.run();
            return true;
        } catch (LuaError error) {
            report(error, depth);
        } catch (StackOverflowError overflow) {
            report(state.stackOverflow(), depth);
        }
        return false;
    }

    private void report(LuaError error, int depth) {
        String message = message(error, depth);
        state.calls().depth(depth);
        if (message != null) {
            complain(message);
        }
    }

    /** What the user is told; null for an error without a value. */
    private @Nullable String message(LuaError error, int depth) {
        Object value = error.value();
        if (value == null) {
            return null;
        }
        LuaString text = LuaOperators.textOf(value);
        if (text == null) {
            if (LuaOperators.metamethod(state, value, dev.weir.lua.Metamethod.TOSTRING) == null) {
                return "(error object is not a string)";
            }
            text = LuaOperators.toLuaString(state, value);
        }
        boolean inScript = state.calls().depth() > depth;
        return inScript ? text.toLatin1() + "\n" + state.traceback(0) : text.toLatin1();
    }

    private void complain(@Nullable String message) {
        flush();
        // Whoever types knows whom he talks to.
        write(state.streams().err(), (interacting ? "" : program + ": ") + message + "\n");
    }

    // ---- interaction

    private void interact(boolean greet) {
        if (greet) {
            say(VERSION + "\n");
            flush();
        }
        interacting = true;
        LuaPrompt asked = prompt == null ? new PlainPrompt(state.streams()) : prompt;
        for (String line = asked.readLine("> "); line != null; line = ended ? null : asked.readLine("> ")) {
            String text = line.startsWith("=") ? "return " + line.substring(1) : line;
            LuaFunction chunk = complete(text, asked);
            if (chunk != null) {
                guarded(() -> show(Values.all(chunk.call())));
            }
            flush();
        }
        interacting = false;
        say("\n");
    }

    /** Reads more lines until a chunk is complete; null if it is wrong, which is reported. */
    private @Nullable LuaFunction complete(String begun, LuaPrompt asked) {
        String text = begun;
        while (true) {
            try {
                return state.load(LuaString.of(text), LuaString.of("=stdin"));
            } catch (LuaError error) {
                if (!error.endsTooEarly()) {
                    complain(String.valueOf(error.getMessage()));
                    return null;
                }
                String more = asked.readLine(">> ");
                if (more == null) {
                    ended = true;
                    return null;
                }
                text = text + "\n" + more;
            }
        }
    }

    private @Nullable Object show(@Nullable Object[] values) {
        if (values.length > 0) {
            Object print = state.globals().get(state.name("print"));
            LuaOperators.call(state, print, values);
        }
        return null;
    }

    // ---- output

    private int usage() {
        write(
                state.streams().err(),
                "usage: " + program + " [options]... [script [args]...].\n"
                        + "Available options are:\n"
                        + "  -e chunk  Execute string 'chunk'.\n"
                        + "  -l name   Require library 'name'.\n"
                        + "  -i        Enter interactive mode after executing 'script'.\n"
                        + "  -v        Show version information.\n"
                        + "  -E        Ignore environment variables.\n"
                        + "  --        Stop handling options.\n"
                        + "  -         Execute stdin and stop handling options.\n");
        return 1;
    }

    private void say(String text) {
        write(state.streams().out(), text);
    }

    private static void write(OutputStream out, String text) {
        try {
            out.write(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        } catch (IOException closed) {
            // nobody reads any more
        }
    }

    private void flush() {
        FfiLibrary.of(state).finish();
        IoLibrary.flushAll(state);
    }
}
