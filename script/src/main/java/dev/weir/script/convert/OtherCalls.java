package dev.weir.script.convert;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.ScriptFunction;
import dev.weir.script.lang.Journal.Call;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls that have done something for which YAML has no words, whatever their arguments are. */
final class OtherCalls {
    private static final Set<String> FUNCTIONS = Set.of(
            "addDynBlockSMT",
            "addDynBlocks",
            "addDynamicBlock",
            "addExitCallback",
            "addMaintenanceCallback",
            "addServerStateChangeCallback",
            "clearDynBlocks",
            "decMetric",
            "declareMetric",
            "generateDNSCryptCertificate",
            "generateDNSCryptProviderKeys",
            "generateOCSPResponse",
            "getAddressInfo",
            "incMetric",
            "loadTicketsKey",
            "newNetworkListener",
            "newThread",
            "registerDynBPFFilter",
            "registerWebHandler",
            "setLuaTimeLimit",
            "setMetric",
            "setTicketsKeyAddedHook",
            "unregisterDynBPFFilter");

    /** Beginnings of methods that change what they are called on, where that is not read afterwards. */
    private static final Set<String> METHODS = Set.of(
            "BPFFilter:add",
            "BPFFilter:attach",
            "BPFFilter:block",
            "BPFFilter:rm",
            "BPFFilter:unblock",
            "ClientState:attachFilter",
            "ClientState:detachFilter",
            "DNSCryptContext:",
            "DOH3Frontend:",
            "DOHFrontend:load",
            "DOHFrontend:rotate",
            "DOQFrontend:",
            "NetworkListener:add",
            "NetworkListener:start",
            "TLSContext:load",
            "TLSContext:rotate",
            "TLSFrontend:load",
            "TLSFrontend:rotate");

    /** Functions that configurations define for somebody to call. */
    private static final List<String> HOOKS = List.of("maintenance", "threadmessage");

    private final Workshop workshop;
    private final BlockGroups groups;
    private final @Nullable BesideFile beside;

    /** @param beside takes what can be done there */
    OtherCalls(Workshop workshop, BlockGroups groups, @Nullable BesideFile beside) {
        this.workshop = workshop;
        this.groups = groups;
        this.beside = beside;
    }

    void find(Sources sources) {
        for (Call call : workshop.origins.calls()) {
            boolean other = call.object() == null
                    ? FUNCTIONS.contains(call.function())
                    : METHODS.stream().anyMatch(call.function()::startsWith);
            boolean applying = call.value(1) instanceof LuaFunction function && groups.isApplying(function);
            if (other && !applying && !(beside != null && call.object() == null && beside.takes(call))) {
                workshop.leave(call, "YAML has no words for it");
            }
        }
        for (String name : sources.theirs()) {
            if (sources.global(name) instanceof ScriptFunction function && !groups.isApplying(function)) {
                global(sources, name, function);
            }
        }
    }

    private void global(Sources sources, String name, ScriptFunction function) {
        boolean needless = !HOOKS.contains(name) && workshop.functions.isWritten(function);
        if (beside != null) {
            try {
                beside.check(function);
                beside.global(name, function);
            } catch (Unsayable e) {
                if (!needless) {
                    left(sources, name, function, e.getMessage());
                }
            }
        } else if (!needless) {
            left(sources, name, function, HOOKS.contains(name) ? "it is called by itself" : "no key needs it");
        }
    }

    private void left(Sources sources, String name, ScriptFunction function, @Nullable String why) {
        workshop.left.add(new Leftover(sources.place(function), "function " + name + ": " + why));
    }
}
