package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.task.FaultGuard;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaOperators;
import dev.weir.script.host.Purpose;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.ToLua;
import dev.weir.script.object.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The configuration as a program: files it includes, functions it wants called, what it asks of the process. */
public final class ProcessFunctions implements Area {
    private static final FaultGuard LOOK_UPS = new FaultGuard("Error while looking up a host name", "lua");

    private final Context context;

    public ProcessFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "addExitCallback",
                "addMaintenanceCallback",
                "addServerStateChangeCallback",
                "getAddressInfo",
                "inClientStartup",
                "inConfigCheck",
                "setLuaTimeLimit",
                "shutdown");
    }

    @Override
    public List<String> configurationOnly() {
        return List.of("includeDirectory");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        switch (function) {
            case "addExitCallback" -> context.callbacks.onExit(args.function(1, "callback"));
            case "addMaintenanceCallback" -> context.callbacks.onMaintenance(args.function(1, "callback"));
            case "addServerStateChangeCallback" -> context.callbacks.onServerStateChange(args.function(1, "callback"));
            case "getAddressInfo" -> resolve(args.string(1, "hostname"), args.function(2, "callback"));
            case "inClientStartup" -> {
                return ToLua.of(context.purpose == Purpose.CLIENT);
            }
            case "inConfigCheck" -> {
                return ToLua.of(context.purpose == Purpose.CHECK);
            }
            case "includeDirectory" -> includeDirectory(Path.of(args.string(1, "path")));
            case "setLuaTimeLimit" -> setTimeLimit(args);
            case "shutdown" -> context.model.later(context.host::shutdown);
            default -> throw Area.unknown(function);
        }
        return NONE;
    }

    private void setTimeLimit(Args args) {
        double seconds = args.number(1, "seconds");
        if (!(seconds >= 0)) {
            throw args.error("seconds is not negative");
        }
        context.timeLimit(seconds);
    }

    /** Runs each {@code *.conf} of a directory in the order of their names; hidden files are not looked at. */
    private void includeDirectory(Path directory) {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> isConfiguration(file.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            context.complain("includeDirectory", "can't read the directory '" + directory + "'");
            return;
        }
        Object dofile = context.state.globals().get("dofile");
        for (Path file : files) {
            var _ = LuaOperators.call(context.state, dofile, ToLua.of(file.toString()));
        }
    }

    private static boolean isConfiguration(String name) {
        return name.endsWith(".conf") && !name.startsWith(".");
    }

    /** Looks a host name up on a thread of its own, then calls {@code callback(hostname, addresses)}. */
    private void resolve(String host, LuaFunction callback) {
        Thread.ofVirtual().name("getAddressInfo").start(LOOK_UPS.around(() -> {
            InetAddress[] found;
            try {
                found = InetAddress.getAllByName(host);
            } catch (UnknownHostException e) {
                found = new InetAddress[0];
            }
            context.callbacks.resolved(callback, host, found);
        }));
    }
}
