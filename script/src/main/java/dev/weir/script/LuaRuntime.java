package dev.weir.script;

import dev.weir.config.Configuration;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.engine.policy.Policy;
import dev.weir.script.function.AccessFunctions;
import dev.weir.script.function.ActionFunctions;
import dev.weir.script.function.BlockFunctions;
import dev.weir.script.function.ConsoleFunctions;
import dev.weir.script.function.ConsoleSettingFunctions;
import dev.weir.script.function.FilterFunctions;
import dev.weir.script.function.LogFunctions;
import dev.weir.script.function.PoolFunctions;
import dev.weir.script.function.ProcessFunctions;
import dev.weir.script.function.QueryCountFunctions;
import dev.weir.script.function.ResponseActionFunctions;
import dev.weir.script.function.RingFunctions;
import dev.weir.script.function.RuleFunctions;
import dev.weir.script.function.SelectorFunctions;
import dev.weir.script.function.ServerFunctions;
import dev.weir.script.function.SettingFunctions;
import dev.weir.script.function.StatisticsFunctions;
import dev.weir.script.function.ValueFunctions;
import dev.weir.script.function.WebFunctions;
import dev.weir.script.host.LuaHost;
import dev.weir.script.host.Purpose;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Binding;
import dev.weir.script.lang.LineTracker;
import dev.weir.script.lang.LuaWorld;
import dev.weir.script.lang.Messages;
import dev.weir.script.lang.SourceFiles;
import dev.weir.script.object.Constants;
import dev.weir.script.object.Context;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaValue;

/**
 * The Lua world of one process: loads its configuration, answers its console, and keeps what the configuration wants called. Any thread may
 * call; Lua code runs under one lock, one thread at a time.
 */
public final class LuaRuntime {
    private static final long EXIT_PATIENCE_MILLIS = 400;

    private final Context context;
    private final Console console;
    private final SourceFiles files = new SourceFiles();
    private final Set<String> names = new TreeSet<>();

    /** Makes a world without a configuration. */
    public LuaRuntime(Model model, Configuration configuration, Purpose purpose, LuaHost host) {
        Globals globals = LuaWorld.create(this::exit, files);
        context = new Context(model, configuration, purpose, host, globals);
        console = new Console(context);
        for (Area area : List.of(
                new ServerFunctions(context),
                new PoolFunctions(context),
                new AccessFunctions(context),
                new BlockFunctions(context),
                new SettingFunctions(context),
                new RuleFunctions(context),
                new SelectorFunctions(context),
                new ActionFunctions(context),
                new ResponseActionFunctions(context),
                new ValueFunctions(context),
                new FilterFunctions(context),
                new LogFunctions(context),
                new ProcessFunctions(context),
                new ConsoleSettingFunctions(context),
                new ConsoleFunctions(context, console.history(), names),
                new StatisticsFunctions(context),
                new WebFunctions(context),
                new RingFunctions(context),
                new QueryCountFunctions(context))) {
            area.functions().forEach(name -> register(area, name, false));
            area.configurationOnly().forEach(name -> register(area, name, true));
        }
        for (Policy policy : Policy.BUILT_IN) {
            globals.rawset(policy.name(), context.objects.policy.wrap(policy));
            names.add(policy.name());
        }
        LuaWorld.missing(globals, new Constants()::find);
    }

    private void register(Area area, String name, boolean configurationOnly) {
        context.globals.rawset(name, new Binding(area, name, configurationOnly, context));
        names.add(name);
    }

    /** Loads a configuration file. */
    public LoadResult load(Path file) {
        if (isYaml(file)) {
            return failure(file.toString(), "YAML is not read yet, write the configuration in Lua");
        }
        try {
            LoadResult result = load(file.toString(), Files.readAllBytes(file));
            warnOfCompanion(file);
            return result;
        } catch (NoSuchFileException e) {
            return failure(file.toString(), "no such file");
        } catch (IOException e) {
            return failure(file.toString(), "can't be read: " + e.getMessage());
        }
    }

    /** Loads a configuration from a text; {@code name} stands for the file in messages. */
    public LoadResult load(String name, String text) {
        return load(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private LoadResult load(String name, byte[] text) {
        LineTracker tracker = new LineTracker();
        context.lock.lock();
        context.track(tracker);
        files.remember();
        try (InputStream in = new ByteArrayInputStream(files.read(name, text))) {
            context.globals.load(in, "@" + name, "bt", context.globals).call();
            warnOfMissingNames(files.taken());
            return new LoadResult(null, context.takeComplaints());
        } catch (IOException e) {
            return failure(name, "can't be read: " + e.getMessage());
        } catch (LuaError e) {
            return failure(name, Messages.explain(e, tracker));
        } catch (StackOverflowError e) {
            return failure(name, placed(tracker, "stack overflow"));
        } catch (OutOfMemoryError e) {
            return failure(name, placed(tracker, "out of memory"));
        } finally {
            files.taken();
            context.track(null);
            context.globals.STDOUT.flush();
            context.lock.unlock();
        }
    }

    private static boolean isYaml(Path file) {
        return file.toString().endsWith(".yml") || file.toString().endsWith(".yaml");
    }

    /** dnsdist reads the file of the same name in YAML behind one that ends in .lua. */
    private void warnOfCompanion(Path file) {
        String name = file.toString();
        Path companion = Path.of(name.replaceFirst("\\.lua$", ".yml"));
        if (name.endsWith(".lua") && context.purpose != Purpose.CLIENT && Files.exists(companion)) {
            Log.warning("YAML is not read yet, ignored", "setup", "path", companion);
        }
    }

    /** To be called when all has been loaded: what the configuration defines is known then. */
    private void warnOfMissingNames(Map<String, byte[]> texts) {
        if (context.purpose == Purpose.CLIENT) {
            return;
        }
        Predicate<String> isFunction = name -> {
            LuaValue value = context.globals.rawget(name);
            return !value.isnil() && !Constants.isRefusal(value);
        };
        new MissingNames(isFunction, context.objects.all()).find(texts, context::warnOfMissing);
    }

    private static String placed(LineTracker tracker, String message) {
        String place = tracker.lastPosition();
        return place.isEmpty() ? message : place + ": " + message;
    }

    private LoadResult failure(String name, String message) {
        String file = Messages.file(message);
        LoadResult.ConfigError error =
                new LoadResult.ConfigError(file == null ? name : file, Messages.line(message), Messages.text(message));
        return new LoadResult(error, context.takeComplaints());
    }

    /** The start is over: functions for the configuration alone are refused from now on. */
    public void started() {
        context.lock.lock();
        try {
            context.configured();
        } finally {
            context.lock.unlock();
        }
    }

    /** What a console line gives: the shape that a console server asks for. */
    public String evaluate(String line) {
        return console.evaluate(line);
    }

    /** What TAB completes on the console: functions with their opening parenthesis, constants. */
    public Collection<String> completions() {
        Set<String> words = new TreeSet<>();
        for (String name : names) {
            LuaValue value = context.globals.rawget(name);
            words.add(value.isfunction() ? name + "(" : name);
        }
        words.addAll(Constants.names());
        return words;
    }

    /** To be called each second: runs the operator's {@code maintenance()} and callbacks, and waits for its turn to do so. */
    public void maintenance() {
        context.callbacks.maintenance();
    }

    /** To be called once, when the process ends in order: runs the operator's callbacks, unless Lua is busy, and empties buffers. */
    public void exitCallbacks() {
        if (!context.callbacks.exit(EXIT_PATIENCE_MILLIS)) {
            Log.error("The exit callbacks are not called: Lua is busy", "lua");
        }
        context.exiting();
    }

    private void exit(int status) {
        context.exiting();
        context.host.exit(status);
    }

    /**
     * Has the callbacks told, in order and soon; never waits.
     *
     * @param server {@link dev.weir.engine.backend.Backend#nameWithAddress}
     */
    public void serverStateChanged(String server, boolean up) {
        context.callbacks.serverStateChanged(server, up);
    }

    Context context() {
        return context;
    }

    /** The global functions and policies that are registered. */
    Set<String> names() {
        return names;
    }
}
