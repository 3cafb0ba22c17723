package dev.weir.app;

import dev.weir.config.Configuration;
import dev.weir.engine.log.Level;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSettings;
import dev.weir.engine.log.LogSink;
import dev.weir.engine.model.Model;
import dev.weir.export.Carbon;
import dev.weir.script.LoadResult;
import dev.weir.script.LuaRuntime;
import dev.weir.script.convert.Converted;
import dev.weir.script.host.LuaHost;
import dev.weir.script.host.Purpose;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code weir convert}: a configuration in Lua, written down in YAML. The result is loaded once before anybody sees it, and must list the same rules,
 * servers and pools.
 */
final class ConvertTool {
    private static final String HELP = """
            Usage: weir convert [--lua-out FILE] CONFIG
            Loads a configuration in Lua and prints what it says as one in YAML. What YAML has no words for is told on
            standard error and stands in comments at the end; the exit status is 0 all the same. It is 1, and nothing is
            written, if the configuration can't be used.

              --lua-out FILE          write into a Lua file what YAML has no words for, as far as that is possible: it is
                                      loaded with the YAML if it stands beside it and has the same name, but for .lua
              -h, --help              print this text

              weir convert --lua-out weir.lua dnsdist.conf > weir.yml
            """;

    /** What both must answer alike. */
    private static final List<String> QUESTIONS = List.of(
            "showRules()",
            "showCacheMissRules()",
            "showResponseRules()",
            "showCacheHitResponseRules()",
            "showCacheInsertedResponseRules()",
            "showSelfAnsweredResponseRules()",
            "showXFRResponseRules()",
            "showTimeoutResponseRules()",
            "showServers()",
            "showPools()",
            "showACL()",
            "showServerPolicy()");

    private final ServiceLoader.Exit exit;
    private final PrintStream out;
    private final PrintStream err;

    ConvertTool(ServiceLoader.Exit exit, PrintStream out, PrintStream err) {
        this.exit = exit;
        this.out = out;
        this.err = err;
    }

    /** Returns the exit status. */
    int run(List<String> arguments) throws UsageException {
        List<String> files = new ArrayList<>();
        String beside = "";
        for (Iterator<String> each = arguments.iterator(); each.hasNext(); ) {
            String argument = each.next();
            if (argument.equals("-h") || argument.equals("--help")) {
                out.print(HELP);
                return 0;
            } else if (argument.startsWith("--lua-out=")) {
                beside = argument.substring("--lua-out=".length());
            } else if (argument.equals("--lua-out") && each.hasNext()) {
                beside = each.next();
            } else if (argument.startsWith("-")) {
                throw new UsageException("convert: unknown option, or one without its value: " + argument);
            } else {
                files.add(argument);
            }
        }
        if (files.size() != 1) {
            throw new UsageException("convert takes one configuration");
        }
        String file = files.getFirst();
        if (!beside.isEmpty()
                && Path.of(beside).toAbsolutePath().equals(Path.of(file).toAbsolutePath())) {
            throw new UsageException("convert: " + file + " would be overwritten");
        }
        if (file.endsWith(".yml") || file.endsWith(".yaml")) {
            throw new UsageException("convert: " + file + " is in YAML already");
        }
        LogSettings settings = Log.settings();
        Log.settings(settings.withThreshold(Level.ERROR));
        // Only the result goes to standard output.
        LogSink before = Log.sink((level, line) -> err.write(line, 0, line.length));
        try {
            return convert(Path.of(file), beside);
        } finally {
            Log.sink(before);
            Log.settings(settings);
        }
    }

    private int convert(Path file, String beside) {
        LuaRuntime runtime = runtime(file);
        LoadResult loaded = runtime.loadToConvert(file);
        if (loaded.error() != null) {
            return failed(loaded.error().toString());
        }
        runtime.started();
        Converted converted;
        try {
            converted = runtime.converted(file.getFileName().toString(), !beside.isEmpty());
        } catch (IllegalArgumentException e) {
            return failed("no Lua file can be made of it: " + e.getMessage());
        }
        String fault = fault(file, runtime, converted);
        if (fault != null) {
            return failed("the result is not the same, which is a fault of this program: " + fault);
        }
        if (converted.lua().isEmpty() && !beside.isEmpty()) {
            err.println("weir convert: nothing has to stay Lua, '" + beside + "' is not written");
        } else if (!converted.lua().isEmpty()) {
            try {
                Files.writeString(Path.of(beside), converted.lua());
            } catch (IOException e) {
                return failed("can't write '" + beside + "': " + OneLine.of(e));
            }
        }
        out.print(converted.yaml());
        comments(converted, beside.isEmpty() ? "; --lua-out keeps functions" : "");
        return out.checkError() ? failed("the result could not be written whole") : 0;
    }

    private int failed(String message) {
        err.println("weir convert: " + message);
        return 1;
    }

    private void comments(Converted converted, String advice) {
        if (converted.left().isEmpty()) {
            return;
        }
        out.print("\n# Not in YAML:\n");
        converted.left().forEach(each -> {
            out.print("# " + each.toString().replace("\n", "\n# ") + "\n");
            err.println("weir convert: " + each);
        });
        int count = converted.left().size();
        err.println(
                "weir convert: " + count + (count == 1 ? " thing is" : " things are") + " not in the result" + advice);
    }

    /** In what the result differs; null if it does not. */
    private @Nullable String fault(Path file, LuaRuntime original, Converted converted) {
        LuaRuntime runtime = runtime(file);
        LoadResult loaded = converted.lua().isEmpty()
                ? runtime.loadYaml("weir.yml", converted.yaml().getBytes(StandardCharsets.UTF_8))
                : runtime.loadBoth("weir.lua", converted.lua(), "weir.yml", converted.yaml());
        if (loaded.error() != null) {
            return loaded.error().toString();
        }
        runtime.started();
        if (!converted.left().isEmpty()) {
            return null;
        }
        for (String question : QUESTIONS) {
            String wanted = original.evaluate(question);
            String got = runtime.evaluate(question);
            if (!got.equals(wanted)) {
                return question + " answers\n" + got + "instead of\n" + wanted;
            }
        }
        return null;
    }

    private LuaRuntime runtime(Path file) {
        Model model = new Model();
        Configuration configuration = new Configuration();
        Running running = new Running(configuration);
        LuaHost host = new ProcessHost(
                file, ServiceLoader.Purpose.CHECK, exit, running, new Web(model, running), new Carbon(model));
        return new LuaRuntime(model, configuration, Purpose.CONVERT, host);
    }
}
