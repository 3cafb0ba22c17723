package dev.weir.script.object;

import java.util.Set;

/** The functions that change the configuration, in contrast to those that make values, look, or are told of functions to be called. */
public final class Directives {
    private static final Set<String> OTHERS = Set.of(
            "carbonServer",
            "controlSocket",
            "fixupCase",
            "loadTLSEngine",
            "loadTLSProvider",
            "newServer",
            "registerDynBPFFilter",
            "snmpAgent",
            "truncateTC",
            "unregisterDynBPFFilter",
            "webserver");

    private static final Set<String> NONE = Set.of("setLuaTimeLimit", "setMetric");

    private Directives() {}

    /** Whether a function is one. */
    public static boolean contain(String function) {
        return OTHERS.contains(function)
                || !NONE.contains(function)
                        && !function.endsWith("Callback")
                        && (function.startsWith("add")
                                || function.startsWith("set")
                                || function.startsWith("rm")
                                || function.startsWith("mv")
                                || function.startsWith("clear"));
    }
}
