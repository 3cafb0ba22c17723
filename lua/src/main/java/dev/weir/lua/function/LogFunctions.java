package dev.weir.lua.function;

import static org.luaj.vm2.LuaValue.NONE;

import dev.weir.config.Configuration;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogFormat;
import dev.weir.engine.log.TimeFormat;
import dev.weir.lua.lang.Area;
import dev.weir.lua.lang.Args;
import dev.weir.lua.lang.Options;
import dev.weir.lua.object.Context;
import java.util.List;
import java.util.Locale;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** What is logged, where and how; and the operator's own lines. */
public final class LogFunctions implements Area {
    /** Facilities in the order of their numbers (RFC 5424 6.2.1). */
    private static final List<String> FACILITIES = List.of(
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
        return List.of(
                "errlog", "infolog", "vinfolog", "warnlog", "getVerbose", "setVerbose", "setVerboseHealthChecks");
    }

    @Override
    public List<String> configurationOnly() {
        return List.of("setStructuredLogging", "setSyslogFacility", "setVerboseLogDestination");
    }

    @Override
    public Varargs call(String function, Args args) {
        switch (function) {
            case "errlog" -> Log.error("Error from Lua", "lua", "lua.message", args.string(1, "line"));
            case "infolog" -> Log.info("Information from Lua", "lua", "lua.message", args.string(1, "line"));
            case "vinfolog" -> Log.debug("Information from Lua", "lua", "lua.message", args.string(1, "line"));
            case "warnlog" -> Log.warning("Warning from Lua", "lua", "lua.message", args.string(1, "line"));
            case "getVerbose" -> {
                return LuaValue.valueOf(Log.verbose());
            }
            case "setVerbose" -> Log.verbose(args.bool(1, "verbose"));
            case "setVerboseHealthChecks" -> context.model.tuning().verboseHealthChecks = args.bool(1, "verbose");
            case "setStructuredLogging" -> structured(args);
            case "setSyslogFacility" -> context.configuration.syslogFacility = facility(args);
            case "setVerboseLogDestination" -> context.configuration.verboseLogDestination = args.string(1, "dest");
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    private void structured(Args args) {
        Configuration configuration = context.configuration;
        Options options = args.options(2, context);
        String backend = options.string("backend", "default");
        String time = options.string("timeFormat", "numeric");
        options.string("levelPrefix", "prio");
        configuration.logInstanceFromServerId = options.bool("setInstanceFromServerID", false);
        options.done();
        configuration.logToJournal = backend.equals("systemd-journal");
        configuration.logFormat = !args.bool(1, "enable")
                ? LogFormat.PLAIN
                : backend.equals("json") ? LogFormat.JSON : LogFormat.STRUCTURED;
        configuration.logTimeFormat = switch (time) {
            case "numeric" -> TimeFormat.NUMERIC;
            case "ISO8601" -> TimeFormat.ISO8601;
            default -> throw args.error("option 'timeFormat' must be numeric or ISO8601");
        };
    }

    private static int facility(Args args) {
        if (args.at(1).isnumber()) {
            int number = (int) args.integer(1, "facility", 0, 23 << 3);
            return number > 23 ? number >> 3 : number; // syslog(3) has them shifted by three bits
        }
        String name = args.string(1, "facility").toLowerCase(Locale.ROOT).replaceFirst("^log_", "");
        int number = FACILITIES.indexOf(name);
        if (number < 0) {
            throw args.error("'" + args.at(1).tojstring() + "' is not a syslog facility");
        }
        return number;
    }
}
