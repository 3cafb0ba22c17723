package dev.weir.script.object;

import dev.weir.config.Configuration;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.export.ExportSpec;
import dev.weir.engine.export.Exporter;
import dev.weir.engine.export.ExporterOpener;
import dev.weir.engine.export.QueryCopier;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.task.FaultGuard;
import dev.weir.lua.CallInfo;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.ScriptFunction;
import dev.weir.script.ffi.FfiEnvironment;
import dev.weir.script.ffi.FfiScripts;
import dev.weir.script.ffi.ThreadScripts;
import dev.weir.script.host.LuaHost;
import dev.weir.script.host.Purpose;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.Binding;
import dev.weir.script.lang.Complaints;
import dev.weir.script.lang.Journal;
import dev.weir.script.lang.LuaWorld;
import dev.weir.script.lang.SourceFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all functions and objects of one Lua world share. Everything here, but for the lock, belongs to whoever holds {@link #lock}: Lua code
 * runs on one thread at a time.
 */
public final class Context implements Binding.Phase, Complaints {
    public final Model model;
    public final Configuration configuration;
    public final Purpose purpose;
    public final LuaHost host;
    public final LuaState state;
    public final ObjectTypes objects;
    public final LuaCalls calls;
    public final FfiScripts ffi;
    public final ThreadScripts threads;
    public final Callbacks callbacks;
    public final NamedObjects named = new NamedObjects();

    /** Held while any Lua code runs. */
    public final ReentrantLock lock = new ReentrantLock();

    private static final FaultGuard EXIT = new FaultGuard("Error while stopping", "lua");

    private final List<String> complaints = new ArrayList<>();
    private final Complaints whileLoading = this::complainWhileLoading;
    private boolean following;
    private boolean configuring = true;
    private String yamlPlace = "";
    private boolean functionsOnly;
    private volatile long timeLimitNs = 10_000_000_000L;
    private @Nullable StringBuilder output;
    private @Nullable Journal journal;
    private @Nullable Supplier<String> afterwards;

    public Context(Model model, Configuration configuration, Purpose purpose, LuaHost host, LuaState state) {
        this.model = model;
        this.configuration = configuration;
        this.purpose = purpose;
        this.host = host;
        this.state = state;
        this.objects = new ObjectTypes(this);
        FfiEnvironment environment = new FfiEnvironment(model, host);
        this.ffi = new FfiScripts(state, environment);
        this.threads = new ThreadScripts(environment, this::threadWorld);
        this.calls = new LuaCalls(this);
        this.callbacks = new Callbacks(this);
    }

    /** A function that each thread has for itself, from the text at an argument; whether that is Lua at all is said now. */
    public ThreadScripts.Code threadCode(String what, Args args, int index, String parameter) {
        LuaString source = args.luaString(index, parameter);
        try {
            var _ = state.load(source, LuaString.of("=" + what));
        } catch (LuaError e) {
            complain(args.function(), String.valueOf(e.getMessage()));
        }
        return threads.code(what, source);
    }

    /** Starts a thread of the operator's own, unless the configuration is only looked at. */
    public void newThread(LuaString code) {
        if (purpose == Purpose.RUN) {
            // Who runs already with the same code goes on, and talks to this configuration from then on.
            ScriptThread thread = model.belongings()
                    .take(
                            code,
                            ScriptThread.class,
                            () -> new ScriptThread(this, threadWorld(), code),
                            ScriptThread::end);
            model.later(() -> thread.runFor(this));
        }
    }

    /** A world for one thread's own functions, with the standard libraries and dnsdist's constants. */
    private LuaState threadWorld() {
        LuaState world = LuaWorld.create(
                status -> {
                    throw new LuaError("os.exit is not for functions of a thread");
                },
                new SourceFiles());
        Constants constants = new Constants(world);
        LuaWorld.missing(world, constants::find);
        world.timeLimitNs(timeLimitNs);
        return world;
    }

    @Override
    public boolean configuring() {
        return configuring;
    }

    /** Whether directives are ignored, as in a Lua file beside a configuration in YAML. */
    public void functionsOnly(boolean now) {
        functionsOnly = now;
    }

    @Override
    public boolean ignores(String function) {
        if (!functionsOnly || !Directives.contain(function)) {
            return false;
        }
        complain(function, "ignored beside a configuration in YAML, unless enableLuaConfiguration() stands above");
        return true;
    }

    /** How long the code of the configuration itself may take; as long as it likes if nobody calls this. */
    public void loadWithin(Duration most) {
        state.timeLimitNs(most.toNanos());
    }

    /** The configuration is loaded: functions for it alone are refused from now on. */
    public void configured() {
        configuring = false;
        state.timeLimitNs(timeLimitNs);
    }

    /**
     * How long the operator's functions may take from the end of the start on, and lines of the console.
     *
     * @param seconds 0: as long as they like
     */
    public void timeLimit(double seconds) {
        timeLimitNs = seconds == 0 ? Long.MAX_VALUE : (long) (seconds * 1e9);
        if (!configuring) {
            state.timeLimitNs(timeLimitNs);
        }
    }

    /** All frontends that listen; none for a configuration that is only read, whatever another one listens at. */
    public List<Frontend> listening() {
        return model.isStaged() ? List.of() : model.engine().frontends();
    }

    /** The addresses of this protocol's frontends, in the order of the configuration; those that are planned until they listen. */
    public List<Endpoint> frontends(Protocol protocol) {
        if (!listening().isEmpty()) {
            return openFrontends(protocol).stream().map(Frontend::address).toList();
        }
        return configuration.listeners.stream()
                .filter(spec -> spec.protocol() == protocol)
                .map(ListenSpec::address)
                .toList();
    }

    /** The frontends of this protocol that listen, in the order of the configuration. */
    public List<Frontend> openFrontends(Protocol protocol) {
        return listening().stream()
                .filter(frontend -> frontend.protocol() == protocol)
                .toList();
    }

    /** Whether mistakes are told with their place: while a configuration loads, or somebody sits at the console. */
    public void follow(boolean now) {
        following = now;
    }

    /** Writes down from now on what the configuration calls. */
    public Journal keepJournal() {
        Journal kept = new Journal();
        journal = kept;
        return kept;
    }

    /** Ends that. */
    public void endJournal() {
        journal = null;
    }

    @Override
    public @Nullable Journal journal() {
        return journal;
    }

    /** Starts collecting what functions print; {@code null} throws it away. */
    public void collect(@Nullable StringBuilder target) {
        output = target;
    }

    @Override
    public void print(String line) {
        append(line);
        append("\n");
    }

    /** Whether somebody sits at the console and waits for what this line prints. */
    public boolean isAsked() {
        return output != null;
    }

    /** Has something done when this console line has ended and Lua is free again; its words are printed behind the line's own. */
    public void afterwards(@Nullable Supplier<String> work) {
        afterwards = work;
    }

    /** What is to be done after this line; null for nothing. */
    public @Nullable Supplier<String> takeAfterwards() {
        Supplier<String> work = afterwards;
        afterwards = null;
        return work;
    }

    /** Shows text to whoever sits at the console. */
    public void append(String text) {
        if (output != null) {
            output.append(text);
        }
    }

    @Override
    public void complain(String subject, String message) {
        String place = place();
        String text = subject + ": " + message;
        complaints.add(place.isEmpty() ? text : place + ": " + text);
        if (place.isEmpty()) {
            Log.error("Problem in the configuration", "lua", "error", text);
        } else {
            Log.error("Problem in the configuration", "lua", "path", place, "error", text);
        }
    }

    /** Says which line of a configuration in YAML is being done; empty: none. */
    public void at(String place) {
        yamlPlace = place;
    }

    /** The latest complaint without its place. */
    public String lastComplaint() {
        String last = complaints.isEmpty() ? "" : complaints.getLast();
        return yamlPlace.isEmpty() || !last.startsWith(yamlPlace) ? last : last.substring(yamlPlace.length() + 2);
    }

    /** The {@code file:line} being executed while a configuration loads; empty at other times. */
    @Override
    public String place() {
        for (int level = 0; following && level < state.calls().depth(); level++) {
            CallInfo call = state.calls().level(level);
            if (call != null && call.function instanceof ScriptFunction script) {
                // The whole name, which messages of the language itself cut.
                String source = script.source().toString();
                return source.substring(Math.min(1, source.length())) + ":" + script.line(call.site);
            }
        }
        return following ? yamlPlace : "";
    }

    /**
     * Warns of a name inside a function that will fail when it is called.
     *
     * @param place {@code file:line}
     */
    public void warnOfMissing(String place, String message) {
        complaints.add(place + ": " + message);
        Log.warning("A function of the configuration will fail", "lua", "path", place, "error", message);
    }

    /** Functions that queries or the clock call would fill the log with the same complaint. */
    private void complainWhileLoading(String subject, String message) {
        if (following) {
            complain(subject, message);
        }
    }

    @Override
    public Complaints whileLoading() {
        return whileLoading;
    }

    /** Takes the complaints so far away, each {@code file:line: function: message}. */
    public List<String> takeComplaints() {
        List<String> taken = List.copyOf(complaints);
        complaints.clear();
        return taken;
    }

    /**
     * Opens an exporter, which is complete when the process ends.
     *
     * @throws IllegalArgumentException if that can't be opened
     */
    public Exporter open(ExportSpec spec) {
        return model.belongings().take(spec, Exporter.class, () -> open(host.exporters(), spec), this::close);
    }

    private Exporter open(ExporterOpener opener, ExportSpec spec) {
        Exporter exporter = opener.open(spec);
        model.engine().exports().add(exporter);
        return exporter;
    }

    private void close(Exporter exporter) {
        exporter.end();
        model.engine().exports().remove(exporter);
        exporter.close();
    }

    /**
     * Opens a way for copies of queries.
     *
     * @throws IllegalArgumentException if that can't be
     */
    public QueryCopier open(QueryCopier.Spec spec) {
        return model.belongings()
                .take(spec, QueryCopier.class, () -> host.exporters().open(spec), QueryCopier::close);
    }

    /**
     * Another configuration has taken the place of this one, or this one will not take a place: gives back what it has of threads. Its
     * functions can be called by queries that are under way all the same.
     */
    public void leave() {
        callbacks.close();
        threads.close();
    }

    /** The process ends. Any thread: a script that is busy must not keep buffers from being emptied. */
    public void exiting() {
        EXIT.run(model.engine().exports()::end);
        flushPrinted();
    }

    /** What scripts have printed without ending the line. */
    public void flushPrinted() {
        try {
            state.streams().out().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A Lua function failed while queries were served. */
    void countError() {
        model.engine().statistics().add(Counter.LUA_ERRORS, 1);
    }
}
