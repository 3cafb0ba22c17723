package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.config.Configuration;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogFormat;
import dev.weir.engine.log.LogSettings;
import dev.weir.engine.log.TimeFormat;
import dev.weir.lua.LuaNumber;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import dev.weir.script.object.Context;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What is logged, where and how; and the operator's own lines. */
public final class LogFunctions implements Area {
    /** Facilities in the order of their numbers (RFC 5424 6.2.1). */
    public static final List<String> FACILITIES = List.of(
            "kern",
            "user",
            "mail",
            "daemon",
            "auth",
            "syslog",
            "lpr",
            "news",
            "uucp",
            "cron",
            "authpriv",
            "ftp",
            "ntp",
            "audit",
            "alert",
            "clock",
            "local0",
            "local1",
            "local2",
            "local3",
            "local4",
            "local5",
            "local6",
            "local7");

    private final Context context;

    public LogFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of("errlog", "infolog", "vinfolog", "warnlog", "getVerbose", "setVerbose");
    }

    @Override
    public List<String> configurationOnly() {
        return List.of("setStructuredLogging", "setSyslogFacility", "setVerboseLogDestination");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        switch (function) {
            case "errlog" -> Log.error("Error from Lua", "lua", "lua.message", args.string(1, "line"));
            case "infolog" -> Log.info("Information from Lua", "lua", "lua.message", args.string(1, "line"));
            case "vinfolog" -> Log.debug("Information from Lua", "lua", "lua.message", args.string(1, "line"));
            case "warnlog" -> Log.warning("Warning from Lua", "lua", "lua.message", args.string(1, "line"));
            case "getVerbose" -> {
                return ToLua.of(Log.verbose());
            }
            case "setVerbose" -> {
                boolean verbose = args.bool(1, "verbose");
                context.model.later(() -> Log.verbose(verbose));
            }
            case "setStructuredLogging" -> structured(args);
            case "setSyslogFacility" -> facility(args);
            case "setVerboseLogDestination" -> context.configuration.verboseLogDestination = args.string(1, "dest");
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    /** Holds from the next line on, whatever the command line said; a backend that is not named stays as it is. */
    private void structured(Args args) {
        boolean enabled = args.bool(1, "enable");
        Options options = args.options(2, context);
        String backend = options.string("backend", "");
        String time = options.string("timeFormat", "");
        options.string("levelPrefix", "prio");
        context.configuration.logInstanceFromServerId = options.bool("setInstanceFromServerID", false);
        options.done();
        LogFormat named = enabled ? backend(args, backend) : LogFormat.PLAIN;
        TimeFormat times = timeFormat(args, time);
        context.model.later(() -> {
            LogSettings settings = Log.settings();
            LogFormat before = settings.format() == LogFormat.PLAIN ? LogFormat.STRUCTURED : settings.format();
            Log.settings(settings.withFormat(named == null ? before : named)
                    .withTimeFormat(times == null ? settings.timeFormat() : times));
        });
        nameInstance(context);
    }

    /** Null: the one there is. */
    private static @Nullable LogFormat backend(Args args, String name) {
        return switch (name) {
            case "" -> null;
            case "json" -> LogFormat.JSON;
            case "default" -> LogFormat.STRUCTURED;
            case "systemd-journal" -> LogFormat.JOURNAL;
            default -> {
                args.complain("option 'backend': '" + name + "' is not default, json or systemd-journal, ignored");
                yield null;
            }
        };
    }

    private static @Nullable TimeFormat timeFormat(Args args, String name) {
        return switch (name) {
            case "" -> null;
            case "numeric" -> TimeFormat.NUMERIC;
            case "ISO8601" -> TimeFormat.ISO8601;
            default -> throw args.error("option 'timeFormat' must be numeric or ISO8601");
        };
    }

    /** Puts the server's id into log lines if the configuration wants it there. */
    static void nameInstance(Context context) {
        Configuration configuration = context.configuration;
        context.model.later(() -> Log.settings(Log.settings()
                .withInstance(configuration.logInstanceFromServerId ? configuration.effectiveServerId() : "")));
    }

    /** What is no facility changes nothing, and is said. */
    private void facility(Args args) {
        int number;
        if ((LuaNumber.coerce(args.at(1)) != null)) {
            int given = args.integer(1, "facility");
            number = given > 23 ? given >> 3 : given; // syslog(3) has them shifted by three bits
        } else {
            String name = args.string(1, "facility").toLowerCase(Locale.ROOT).replaceFirst("^log_", "");
            number = FACILITIES.indexOf(name);
        }
        if (number < 0 || number >= FACILITIES.size()) {
            args.complain("'" + FromLua.text(args.at(1)) + "' is not a syslog facility, ignored");
            return;
        }
        context.configuration.syslogFacility = number;
    }
}
