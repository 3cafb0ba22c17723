package dev.weir.app;

import dev.weir.lua.LuaLimits;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaStreams;
import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import dev.weir.lua.standard.LuaCommand;
import dev.weir.lua.standard.LuaPrompt;
import dev.weir.lua.standard.StandardLua;
import dev.weir.web.console.TerminalPrompt;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command {@code weir lua}: the language that configurations are written in, without a daemon and without dnsdist's functions. */
final class LuaTool {
    private static final String PROGRAM = "weir lua";
    private static final int BUFFER_OCTETS = 8192;

    private static final String HELP = """
            Usage: weir lua [OPTION]... [FILE [ARGUMENT]...]
            Runs a script in the Lua that reads configurations: Lua 5.1 with what LuaJIT adds. dnsdist's functions are not there;
            a configuration is tried with weir --check-config -C FILE.

              -e CHUNK          runs a chunk before the file
              -l NAME           requires a library before the file
              -i                shows a prompt after the file
              -v                shows the version
              -E                does not care for LUA_INIT
              --                ends the options
              -                 runs standard input
              --help            shows this

            Without a file and without options it shows a prompt on a terminal, and runs standard input otherwise.
            """;

    private LuaTool() {}

    /** Exit statuses and messages are those of {@code luajit}. */
    static int run(List<String> arguments) {
        if (arguments.size() == 1
                && (arguments.getFirst().equals("--help")
                        || arguments.getFirst().equals("-h"))) {
            System.out.print(HELP);
            return 0;
        }
        LuaState state = StandardLua.open(streams(), LuaLimits.GENEROUS, true);
        Signals.interrupt(state::interrupt);
        // Asking for the terminal takes its time: only where somebody may type there.
        boolean asks = arguments.isEmpty() || arguments.contains("-i");
        LuaPrompt prompt = asks && Daemon.terminal() ? new Terminal(state) : null;
        try {
            return new LuaCommand(state, PROGRAM, prompt).runDeep(arguments);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static LuaStreams streams() {
        LuaStreams process = StandardLua.processStreams();
        return new LuaStreams(process.in(), new BufferedOutputStream(new ReadOutput(), BUFFER_OCTETS), process.err());
    }

    /** Standard output while somebody reads it: then the process ends as if by SIGPIPE, which the JVM ignores. */
    private static final class ReadOutput extends OutputStream {
        private final OutputStream out = new FileOutputStream(FileDescriptor.out);

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            try {
                out.write(octets, offset, length);
            } catch (IOException e) {
                if ("Broken pipe".equals(e.getMessage())) {
                    Runtime.getRuntime().halt(Signals.FROM_SIGNAL + Signals.SIGPIPE);
                }
                throw e;
            }
        }
    }

    /** Takes the terminal when it first asks; Tab completes the names of globals. */
    private static final class Terminal implements LuaPrompt {
        private final LuaState state;
        private @Nullable TerminalPrompt prompt;

        Terminal(LuaState state) {
            this.state = state;
        }

        @Override
        public @Nullable String readLine(String text) {
            try {
                TerminalPrompt open = prompt;
                if (open == null) {
                    open = TerminalPrompt.open(history(System.getenv("HOME")), this::globals, line -> false);
                    prompt = open;
                }
                String line = open.next(text);
                // JLine leaves the signal's default behind, which would end the process.
                Signals.interrupt(state::interrupt);
                if (line == null) {
                    open.close();
                }
                return line;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static @Nullable Path history(@Nullable String home) {
            return home == null || home.isEmpty() ? null : Path.of(home, ".weir_lua_history");
        }

        /** @param typed the line up to the cursor, of which the last name is completed */
        private List<String> globals(String typed) {
            String begun = typed.replaceFirst("(?s)^.*\\W", "");
            List<String> names = new ArrayList<>();
            Object key = null;
            while (state.globals().next(key) instanceof Values found && found.first() != null) {
                key = found.first();
                if (key instanceof LuaString name && name.toString().startsWith(begun)) {
                    names.add(name.toString());
                }
            }
            return names;
        }
    }
}
