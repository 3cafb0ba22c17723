package dev.weir.script;

import dev.weir.config.Configuration;
import dev.weir.config.yaml.YamlException;
import dev.weir.engine.log.FileTrouble;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.engine.policy.Policy;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.script.convert.Converted;
import dev.weir.script.convert.Converter;
import dev.weir.script.convert.Sources;
import dev.weir.script.function.AccessFunctions;
import dev.weir.script.function.ActionFunctions;
import dev.weir.script.function.AsyncFunctions;
import dev.weir.script.function.BenchFunctions;
import dev.weir.script.function.BlockFunctions;
import dev.weir.script.function.ConsoleFunctions;
import dev.weir.script.function.ConsoleSettingFunctions;
import dev.weir.script.function.DnscryptFunctions;
import dev.weir.script.function.DohFunctions;
import dev.weir.script.function.FilterFunctions;
import dev.weir.script.function.LogFunctions;
import dev.weir.script.function.MetricFunctions;
import dev.weir.script.function.PacketFunctions;
import dev.weir.script.function.PoolFunctions;
import dev.weir.script.function.ProcessFunctions;
import dev.weir.script.function.QueryCountFunctions;
import dev.weir.script.function.QuicFunctions;
import dev.weir.script.function.ResponseActionFunctions;
import dev.weir.script.function.RingFunctions;
import dev.weir.script.function.RuleFunctions;
import dev.weir.script.function.SelectorFunctions;
import dev.weir.script.function.ServerFunctions;
import dev.weir.script.function.SettingFunctions;
import dev.weir.script.function.StatisticsFunctions;
import dev.weir.script.function.StoreFunctions;
import dev.weir.script.function.TlsFunctions;
import dev.weir.script.function.ValueFunctions;
import dev.weir.script.function.WebFunctions;
import dev.weir.script.function.YamlFunctions;
import dev.weir.script.host.LuaHost;
import dev.weir.script.host.Purpose;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Binding;
import dev.weir.script.lang.ErrorPlace;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Journal;
import dev.weir.script.lang.LuaWorld;
import dev.weir.script.lang.SourceFiles;
import dev.weir.script.lang.Vocabulary;
import dev.weir.script.object.Constants;
import dev.weir.script.object.Context;
import dev.weir.script.yaml.YamlConfiguration;
import dev.weir.script.yaml.YamlFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    private final Vocabulary vocabulary = new Vocabulary();
    private final Completions completions;
    private final Set<String> builtIn = new TreeSet<>();
    private Map<String, byte[]> sources = Map.of();
    private Journal journal = new Journal();

    /** Makes a world without a configuration. */
    public LuaRuntime(Model model, Configuration configuration, Purpose purpose, LuaHost host) {
        LuaState state = LuaWorld.create(this::exit, files);
        context = new Context(model.ofThisConfiguration(), configuration, purpose, host, state);
        console = new Console(context);
        completions = new Completions(context, names);
        for (Area area : List.of(
                new ServerFunctions(context),
                new PoolFunctions(context),
                new AccessFunctions(context),
                new TlsFunctions(context),
                new DohFunctions(context),
                new QuicFunctions(context),
                new DnscryptFunctions(context),
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
                new MetricFunctions(context),
                new BenchFunctions(context),
                new PacketFunctions(context),
                new AsyncFunctions(context),
                new StoreFunctions(context),
                new WebFunctions(context),
                new RingFunctions(context),
                new QueryCountFunctions(context),
                new YamlFunctions(context))) {
            vocabulary.add(area);
            area.functions().forEach(name -> register(area, name, false));
            area.configurationOnly().forEach(name -> register(area, name, true));
        }
        for (Policy policy : Policy.BUILT_IN) {
            state.globals().put(policy.name(), context.objects.policy.wrap(policy));
            names.add(policy.name());
        }
        Constants constants = new Constants(state);
        LuaWorld.missing(state, constants::find);
    }

    private void register(Area area, String name, boolean configurationOnly) {
        context.state.register(context.state.globals(), name, new Binding(area, name, configurationOnly, context));
        names.add(name);
    }

    /**
     * Ends what the configuration itself does in Lua when it takes longer, with an error that names the line: for one that is read while another one
     * runs. To be called before it is loaded.
     */
    public void loadWithin(Duration most) {
        context.loadWithin(most);
    }

    /** Loads a configuration file, and the other one that belongs to it: {@link ConfigurationFiles}. */
    public LoadResult load(Path file) {
        return load(ConfigurationFiles.of(file));
    }

    /**
     * Loads a configuration. If it has two files, Lua comes first, in which directives are ignored unless it calls
     * {@code enableLuaConfiguration()}.
     */
    public LoadResult load(ConfigurationFiles files) {
        Path lua = files.lua();
        YamlFile yaml = files.yaml();
        if (yaml == null) {
            return loadFile(Objects.requireNonNull(lua));
        }
        return lua == null ? loadYaml(yaml) : loadBoth(() -> loadFile(lua), yaml);
    }

    private LoadResult loadBoth(Supplier<LoadResult> lua, YamlFile yaml) {
        context.functionsOnly(true);
        LoadResult functions;
        try {
            functions = lua.get();
        } finally {
            context.functionsOnly(false);
        }
        if (!functions.usable()) {
            return functions;
        }
        LoadResult result = loadYaml(yaml);
        return new LoadResult(
                result.error(),
                Stream.concat(functions.complaints().stream(), result.complaints().stream())
                        .toList());
    }

    private LoadResult loadFile(Path file) {
        try {
            return load(file.toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            return unreadable(file.toString(), e);
        }
    }

    private LoadResult unreadable(String file, IOException e) {
        String why = e instanceof NoSuchFileException ? "no such file" : "can't be read: " + FileTrouble.of(e);
        return failure(file, why, "");
    }

    /** Loads a configuration in YAML from its octets; {@code name} stands for the file in messages. */
    public LoadResult loadYaml(String name, byte[] text) {
        return loadYaml(YamlFile.of(name, text));
    }

    private LoadResult loadYaml(YamlFile file) {
        context.lock.lock();
        context.follow(true);
        files.remember();
        try {
            YamlConfiguration.load(file.section(), context, vocabulary);
            warnOfMissingNames(files.taken());
            return new LoadResult(null, context.takeComplaints());
        } catch (YamlException e) {
            return new LoadResult(
                    new LoadResult.ConfigError(e.place().file(), e.place().line(), e.text()), context.takeComplaints());
        } catch (IOException e) {
            return unreadable(file.name(), e);
        } catch (OutOfMemoryError e) {
            return failure(file.name(), "not enough memory", "");
        } finally {
            files.taken();
            context.follow(false);
            context.flushPrinted();
            context.lock.unlock();
        }
    }

    /** Loads a configuration from a text; {@code name} stands for the file in messages. */
    public LoadResult load(String name, String text) {
        return load(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private LoadResult load(String name, byte[] text) {
        context.lock.lock();
        context.follow(true);
        files.remember();
        try {
            LuaFunction chunk =
                    context.state.load(LuaString.of(SourceFiles.withoutMark(text)), LuaString.of("@" + name));
            var _ = context.state.call(chunk);
            Map<String, byte[]> taken = files.taken();
            if (context.journal() != null) {
                sources = taken; // which nobody else has a use for
            }
            warnOfMissingNames(taken);
            return new LoadResult(null, context.takeComplaints());
        } catch (LuaError e) {
            return failure(name, String.valueOf(e.getMessage()), e.traceback());
        } catch (OutOfMemoryError e) {
            return failure(name, "not enough memory", "");
        } finally {
            files.taken();
            context.follow(false);
            context.flushPrinted();
            context.lock.unlock();
        }
    }

    // ---- in YAML

    /** Loads a configuration in Lua, without one in YAML that may stand beside it, so that {@link #converted} can be asked for. */
    public LoadResult loadToConvert(Path file) {
        FromLua.entries(context.state.globals()).forEach(entry -> builtIn.add(entry.name()));
        journal = context.keepJournal();
        try {
            return loadFile(file);
        } finally {
            context.endJournal();
        }
    }

    /**
     * What has been {@linkplain #loadToConvert loaded}, in YAML.
     *
     * @param name of the configuration, for comments
     * @param beside whether what YAML has no words for may go into a Lua file beside it
     * @throws IllegalArgumentException if that can't be written
     */
    public Converted converted(String name, boolean beside) {
        Constants constants = new Constants(context.state);
        context.lock.lock();
        try {
            Sources lua = new Sources(
                    sources,
                    context.state.globals(),
                    global -> builtIn.contains(global) || constants.find(global) != null);
            return Converter.convert(context, journal, lua, name, beside);
        } finally {
            context.lock.unlock();
        }
    }

    /** Loads the texts of two files that belong together. */
    public LoadResult loadBoth(String luaName, String lua, String yamlName, String yaml) {
        return loadBoth(() -> load(luaName, lua), YamlFile.of(yamlName, yaml.getBytes(StandardCharsets.UTF_8)));
    }

    /** To be called when all has been loaded: what the configuration defines is known then. */
    private void warnOfMissingNames(Map<String, byte[]> texts) {
        if (context.purpose == Purpose.CLIENT) {
            return;
        }
        Predicate<String> isFunction = name -> {
            Object value = defined(name);
            return value != null && !Constants.isRefusal(value);
        };
        new MissingNames(isFunction, context.objects.all()).find(texts, context::warnOfMissing);
    }

    /** @param traceback where a message that names no place came from; may be empty */
    private LoadResult failure(String name, String message, String traceback) {
        ErrorPlace said = ErrorPlace.of(message);
        ErrorPlace place = said.line() > 0 ? said : said.orInnermost(traceback);
        // The language cuts long names at the front.
        boolean isOurs = place.file().isEmpty()
                || place.file().startsWith("...") && name.endsWith(place.file().substring(3));
        LoadResult.ConfigError error =
                new LoadResult.ConfigError(isOurs ? name : place.file(), place.line(), place.text());
        return new LoadResult(error, context.takeComplaints());
    }

    /** What stands behind a global that somebody has defined. */
    private @Nullable Object defined(String name) {
        return context.state.globals().get(name);
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

    /** What TAB completes on the console, behind what has been typed of a line: {@link Completions}. Waits for its turn. */
    public List<String> completions(String typed) {
        context.lock.lock();
        try {
            return completions.after(typed);
        } finally {
            context.lock.unlock();
        }
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
        if (context.model.isStaged()) {
            throw new LuaError("os.exit is not for a configuration that is read again");
        }
        context.exiting();
        context.host.exit(status);
    }

    /** Another configuration has taken the place of this one, or this one will not take a place. Functions that are running go on. */
    public void leave() {
        context.leave();
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

    /** What configurations in YAML call. */
    Vocabulary vocabulary() {
        return vocabulary;
    }

    /** The global functions and policies that are registered. */
    Set<String> names() {
        return names;
    }
}
