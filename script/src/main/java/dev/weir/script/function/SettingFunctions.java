package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.config.Configuration;
import dev.weir.config.LinuxCapability;
import dev.weir.config.yaml.NearestName;
import dev.weir.engine.listen.FastOpenKey;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Setting;
import dev.weir.script.host.Purpose;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.ToLua;
import dev.weir.script.object.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions that set one number or switch, all from the rows of {@link Setting}, and the few that set a text. */
public final class SettingFunctions implements Area {
    private final Context context;
    private final Configuration configuration;
    private boolean saidThatNothingIsPolled;

    public SettingFunctions(Context context) {
        this.context = context;
        this.configuration = context.configuration;
    }

    @Override
    public List<String> functions() {
        List<String> all = new ArrayList<>(Setting.functions(Setting.When.ANY));
        all.addAll(List.of(
                "setServerID",
                "getServerID",
                "setSecurityPollSuffix",
                "showSecurityStatus",
                "refreshRuntimeConfiguration",
                "setTCPUseSinglePipe"));
        return all;
    }

    @Override
    public List<String> configurationOnly() {
        List<String> all = new ArrayList<>(Setting.functions(Setting.When.START));
        all.addAll(List.of("addCapabilitiesToRetain", "setTCPFastOpenKey"));
        return all;
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        context.configuration.said(function, context.place());
        List<Setting> rows = Setting.of(function);
        for (int i = 0; i < rows.size(); i++) {
            set(rows.get(i), args, i + 1);
        }
        if (!rows.isEmpty()) {
            context.model.changed();
            return NONE;
        }
        switch (function) {
            case "getServerID" -> {
                return ToLua.of(configuration.effectiveServerId());
            }
            case "setServerID" -> {
                configuration.serverId = args.string(1, "name");
                LogFunctions.nameInstance(context);
            }
            case "addCapabilitiesToRetain" ->
                args.strings(1, "capabilities")
                        .forEach(name -> configuration.capabilitiesToRetain.add(capability(args, name)));
            case "setSecurityPollSuffix" -> securityPoll(args.string(1, "suffix"));
            case "setTCPFastOpenKey" -> configuration.tcpFastOpenKey = FastOpenKey.parse(args.string(1, "key"));
            case "showSecurityStatus" -> context.print("0");
            case "refreshRuntimeConfiguration" -> {} // each change holds at once
            case "setTCPUseSinglePipe" -> args.bool(1, "val"); // there are no pipes
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    private static LinuxCapability capability(Args args, String name) {
        LinuxCapability capability = LinuxCapability.named(name);
        if (capability == null) {
            List<String> known =
                    Arrays.stream(LinuxCapability.values()).map(Enum::name).toList();
            throw args.error("there is no capability '" + name + "'" + NearestName.hint(name, known));
        }
        return capability;
    }

    private void set(Setting setting, Args args, int index) {
        // Asked each time: after a reload it is another object.
        LiveSettings settings = context.model.settings();
        Setting.Argument argument = setting.argument();
        switch (argument.shape()) {
            case SWITCH ->
                settings.set(
                        setting,
                        argument.otherwise() < 0
                                ? args.bool(index, argument.name())
                                : args.boolOr(index, argument.name(), argument.otherwise() > 0));
            case NUMBER -> {
                long given = args.integer(index, argument.name(), argument.least(), argument.most());
                settings.set(setting, Math.clamp(given, argument.usedLeast(), argument.usedMost()));
            }
            case NEAREST -> settings.set(setting, near(args, index, argument));
            case FACTOR -> factor(setting, args, index);
        }
    }

    /** A number that is moved to the nearest end of its range when it is outside, which is said. */
    private static long near(Args args, int index, Setting.Argument argument) {
        long given = args.integer(index, argument.name(), 0, 0xffff_ffffL);
        long used = Math.clamp(given, argument.least(), argument.most());
        if (used != given) {
            args.complain("'" + argument.name() + "' is from " + argument.least() + " to " + argument.most() + ": "
                    + given + " is read as " + used);
        }
        return used;
    }

    private void factor(Setting setting, Args args, int index) {
        LiveSettings settings = context.model.settings();
        double factor = args.number(index, setting.argument().name());
        if (factor >= 1 || factor == 0) {
            settings.set(setting, factor);
            return;
        }
        args.complain("'factor' must be 0 or at least 1, not " + FromLua.text(args.at(index)) + ": it stays at "
                + settings.factor(setting));
    }

    /** dnsdist asks a name of its vendor for security notices; we have no such name to ask. */
    private void securityPoll(String suffix) {
        if (!suffix.isEmpty() && !saidThatNothingIsPolled && context.purpose == Purpose.RUN) {
            saidThatNothingIsPolled = true;
            Log.info("Weir does not poll for security notices", "security-status");
        }
    }
}
