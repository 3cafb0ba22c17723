package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.config.Configuration;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.SettingsBuilder;
import dev.weir.engine.model.Tuning;
import dev.weir.script.host.Purpose;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.ToLua;
import dev.weir.script.object.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions that set one number or switch: cache, client subnet, PROXY protocol, policies, tuning, miscellany. */
public final class SettingFunctions implements Area {
    private static final int U16 = 0xffff;
    private static final int MAX = Integer.MAX_VALUE;

    private final Context context;
    private final SettingsBuilder settings;
    private final Configuration configuration;
    private boolean saidThatNothingIsPolled;

    public SettingFunctions(Context context) {
        this.context = context;
        this.settings = context.model.settings();
        this.configuration = context.configuration;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "fixupCase",
                "truncateTC",
                "setAddEDNSToSelfGeneratedResponses",
                "setAllowEmptyResponse",
                "setCacheCleaningDelay",
                "setCacheCleaningPercentage",
                "setDropEmptyQueries",
                "setECSOverride",
                "setECSSourcePrefixV4",
                "setECSSourcePrefixV6",
                "setMaxTCPConnectionDuration",
                "setMaxTCPQueriesPerConnection",
                "setOutgoingTLSSessionsCacheCleanupDelay",
                "setOutgoingTLSSessionsCacheMaxTicketValidity",
                "setOutgoingTLSSessionsCacheMaxTicketsPerBackend",
                "setPayloadSizeOnSelfGeneratedAnswers",
                "setProxyProtocolApplyACLToProxiedClients",
                "setProxyProtocolMaximumPayloadSize",
                "setRoundRobinFailOnNoServer",
                "setServFailWhenNoServer",
                "setServerID",
                "getServerID",
                "setStaleCacheEntriesTTL",
                "setTCPRecvTimeout",
                "setTCPSendTimeout",
                "setSecurityPollInterval",
                "setSecurityPollSuffix",
                "showSecurityStatus",
                "setBanDurationForExceedingMaxReadIOsPerQuery");
    }

    @Override
    public List<String> configurationOnly() {
        return List.of(
                "addCapabilitiesToRetain",
                "setBanDurationForExceedingTCPTLSRate",
                "setMaxTLSNewSessionRatePerClient",
                "setMaxTLSResumedSessionRatePerClient",
                "setConsistentHashingBalancingFactor",
                "setDoHDownstreamCleanupInterval",
                "setDoHDownstreamMaxIdleTime",
                "setMaxCachedTCPConnectionsPerDownstream",
                "setMaxIdleDoHConnectionsPerDownstream",
                "setMaxTCPClientThreads",
                "setMaxTCPConnectionRatePerClient",
                "setMaxTCPConnectionsPerClient",
                "setMaxTCPQueuedConnections",
                "setMaxTCPReadIOsPerQuery",
                "setMaxUDPOutstanding",
                "setOutgoingDoHWorkerThreads",
                "setRandomizedIdsOverUDP",
                "setRandomizedOutgoingSockets",
                "setTCPConnectionRateInterval",
                "setTCPConnectionsMaskV4",
                "setTCPConnectionsMaskV4Port",
                "setTCPConnectionsMaskV6",
                "setTCPConnectionsOverloadThreshold",
                "setTCPDownstreamCleanupInterval",
                "setTCPDownstreamMaxIdleTime",
                "setTCPFastOpenKey",
                "setTCPInternalPipeBufferSize",
                "setUDPMultipleMessagesVectorSize",
                "setUDPSocketBufferSizes",
                "setUDPTimeout",
                "setWeightedBalancingFactor",
                "setWHashedPertubation",
                "setWHashedPerturbation");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        context.configuration.said(function, context.place());
        if (function.equals("getServerID")) {
            return ToLua.of(configuration.effectiveServerId());
        }
        if (!answering(function, args) && !connections(function, args) && !sockets(function, args)) {
            process(function, args);
        }
        context.model.changed();
        return NONE;
    }

    /** What the walk of a query goes by. */
    private boolean answering(String function, Args args) {
        switch (function) {
            case "fixupCase" -> settings.fixupCase = args.bool(1, "enabled");
            case "truncateTC" -> settings.truncateTc = args.bool(1, "enabled");
            case "setAddEDNSToSelfGeneratedResponses" -> settings.addEdnsToSelfGeneratedResponses = args.bool(1, "add");
            case "setAllowEmptyResponse" -> settings.allowEmptyResponse = args.boolOr(1, "allow", true);
            case "setDropEmptyQueries" -> settings.dropEmptyQueries = args.bool(1, "drop");
            case "setECSOverride" -> settings.ecsOverride = args.bool(1, "override");
            case "setECSSourcePrefixV4" -> settings.ecsSourcePrefixV4 = in(args, "prefix", 0, U16);
            case "setECSSourcePrefixV6" -> settings.ecsSourcePrefixV6 = in(args, "prefix", 0, U16);
            case "setPayloadSizeOnSelfGeneratedAnswers" ->
                settings.payloadSizeOnSelfGeneratedAnswers = near(args, "payloadSize", 512, 1500);
            case "setProxyProtocolApplyACLToProxiedClients" ->
                settings.proxyApplyAclToProxiedClients = args.bool(1, "apply");
            case "setProxyProtocolMaximumPayloadSize" -> settings.proxyMaximumPayloadSize = near(args, "size", 16, U16);
            case "setRoundRobinFailOnNoServer" -> settings.roundRobinFailOnNoServer = args.bool(1, "value");
            case "setServFailWhenNoServer" -> settings.servFailWhenNoServer = args.bool(1, "value");
            case "setStaleCacheEntriesTTL" -> settings.staleCacheEntriesTtl = in(args, "num", 0, MAX);
            case "setConsistentHashingBalancingFactor" ->
                settings.consistentHashingBalancingFactor = factor(args, settings.consistentHashingBalancingFactor);
            case "setWeightedBalancingFactor" ->
                settings.weightedBalancingFactor = factor(args, settings.weightedBalancingFactor);
            case "setWHashedPertubation", "setWHashedPerturbation" ->
                settings.hashPerturbation = (int) args.integer(1, "value", 0, 0xffff_ffffL);
            case "setUDPTimeout" -> settings.udpTimeoutSeconds = in(args, "num", 0, 255);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean connections(String function, Args args) {
        Tuning tuning = context.model.tuning();
        switch (function) {
            case "setMaxTCPConnectionDuration" -> tuning.maxTcpConnectionDurationSeconds = in(args, "num", 0, MAX);
            case "setMaxTCPQueriesPerConnection" -> tuning.maxTcpQueriesPerConnection = in(args, "num", 0, MAX);
            case "setTCPRecvTimeout" -> tuning.tcpRecvTimeoutSeconds = in(args, "num", 0, U16);
            case "setTCPSendTimeout" -> tuning.tcpSendTimeoutSeconds = in(args, "num", 0, U16);
            case "setBanDurationForExceedingMaxReadIOsPerQuery" ->
                tuning.banSecondsForExceedingMaxReadIosPerQuery = in(args, "num", 0, MAX);
            case "setMaxTLSNewSessionRatePerClient" -> tuning.maxTlsNewSessionRatePerClient = in(args, "num", 0, MAX);
            case "setMaxTLSResumedSessionRatePerClient" ->
                tuning.maxTlsResumedSessionRatePerClient = in(args, "num", 0, MAX);
            case "setBanDurationForExceedingTCPTLSRate" ->
                tuning.banSecondsForExceedingTcpTlsRate = in(args, "num", 0, MAX);
            case "setMaxCachedTCPConnectionsPerDownstream" ->
                tuning.maxCachedTcpConnectionsPerDownstream = in(args, "max", 0, U16);
            case "setMaxTCPClientThreads" -> tuning.maxTcpClientThreads = in(args, "num", 0, U16);
            case "setMaxTCPConnectionRatePerClient" -> tuning.maxTcpConnectionRatePerClient = in(args, "num", 0, MAX);
            case "setMaxTCPConnectionsPerClient" -> tuning.maxTcpConnectionsPerClient = in(args, "num", 0, MAX);
            case "setMaxTCPQueuedConnections" -> tuning.maxTcpQueuedConnections = in(args, "num", 0, MAX);
            case "setMaxTCPReadIOsPerQuery" -> tuning.maxTcpReadIosPerQuery = in(args, "num", 0, MAX);
            case "setTCPConnectionRateInterval" ->
                tuning.tcpConnectionRateIntervalMinutes = Math.max(1, in(args, "num", 0, MAX));
            case "setTCPConnectionsMaskV4" -> tuning.tcpConnectionsMaskV4 = in(args, "num", 0, 32);
            case "setTCPConnectionsMaskV4Port" -> tuning.tcpConnectionsMaskV4Port = in(args, "num", 0, 16);
            case "setTCPConnectionsMaskV6" -> tuning.tcpConnectionsMaskV6 = in(args, "num", 0, 128);
            case "setTCPConnectionsOverloadThreshold" ->
                tuning.tcpConnectionsOverloadThreshold = in(args, "num", 0, 100);
            case "setTCPDownstreamCleanupInterval" ->
                tuning.tcpDownstreamCleanupIntervalSeconds = Math.max(1, in(args, "interval", 0, MAX));
            case "setTCPDownstreamMaxIdleTime" -> tuning.tcpDownstreamMaxIdleSeconds = in(args, "seconds", 0, U16);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean sockets(String function, Args args) {
        Tuning tuning = context.model.tuning();
        switch (function) {
            case "setCacheCleaningDelay" -> tuning.cacheCleaningDelaySeconds = Math.max(1, in(args, "num", 0, MAX));
            case "setCacheCleaningPercentage" ->
                tuning.cacheCleaningPercentage = Math.min(100, in(args, "num", 0, MAX));
            case "setMaxUDPOutstanding" -> tuning.maxUdpOutstanding = Math.max(1, in(args, "num", 0, U16));
            case "setRandomizedIdsOverUDP" -> tuning.randomizedIdsOverUdp = args.bool(1, "val");
            case "setRandomizedOutgoingSockets" -> tuning.randomizedOutgoingSockets = args.bool(1, "val");
            case "setUDPMultipleMessagesVectorSize" ->
                tuning.udpMultipleMessagesVectorSize = Math.max(1, in(args, "num", 0, MAX));
            case "setUDPSocketBufferSizes" -> {
                tuning.udpReceiveBufferSize = in(args, "recv", 0, MAX);
                tuning.udpSendBufferSize = (int) args.integer(2, "send", 0, MAX);
            }
            case "setTCPFastOpenKey" -> configuration.tcpFastOpenKey = args.string(1, "key");
            case "setTCPInternalPipeBufferSize" ->
                in(args, "size", 0, MAX); // connections are handed over without pipes
            case "setDoHDownstreamCleanupInterval" -> in(args, "interval", 0, MAX);
            case "setDoHDownstreamMaxIdleTime" -> tuning.dohDownstreamMaxIdleSeconds = in(args, "max", 0, U16);
            case "setMaxIdleDoHConnectionsPerDownstream" ->
                tuning.maxIdleDohConnectionsPerDownstream = in(args, "max", 0, U16);
            case "setOutgoingDoHWorkerThreads" -> in(args, "num", 0, U16);
            case "setOutgoingTLSSessionsCacheCleanupDelay" -> in(args, "delay", 0, U16);
            case "setOutgoingTLSSessionsCacheMaxTicketValidity" -> in(args, "validity", 0, U16);
            case "setOutgoingTLSSessionsCacheMaxTicketsPerBackend" -> in(args, "num", 0, U16);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void process(String function, Args args) {
        switch (function) {
            case "setServerID" -> {
                configuration.serverId = args.string(1, "name");
                LogFunctions.nameInstance(context);
            }
            case "addCapabilitiesToRetain" ->
                configuration.capabilitiesToRetain.addAll(args.strings(1, "capabilities"));
            case "setSecurityPollInterval" -> in(args, "interval", 0, MAX);
            case "setSecurityPollSuffix" -> securityPoll(args.string(1, "suffix"));
            case "showSecurityStatus" -> context.print("0");
            default -> throw Area.unknown(function);
        }
    }

    /** dnsdist asks a name of its vendor for security notices; we have no such name to ask. */
    private void securityPoll(String suffix) {
        if (!suffix.isEmpty() && !saidThatNothingIsPolled && context.purpose == Purpose.RUN) {
            saidThatNothingIsPolled = true;
            Log.info("Weir does not poll for security notices", "security-status");
        }
    }

    private static int in(Args args, String parameter, int least, int most) {
        return (int) args.integer(1, parameter, least, most);
    }

    /** A number that is moved to the nearest end of its range when it is outside, which is said. */
    private static int near(Args args, String parameter, int least, int most) {
        long given = args.integer(1, parameter, 0, 0xffff_ffffL);
        int used = Math.clamp(given, least, most);
        if (used != given) {
            args.complain(
                    "'" + parameter + "' is from " + least + " to " + most + ": " + given + " is read as " + used);
        }
        return used;
    }

    /** @param before what stays when the new factor can't be used */
    private static double factor(Args args, double before) {
        double factor = args.number(1, "factor");
        if (factor >= 1 || factor == 0) {
            return factor;
        }
        args.complain("'factor' must be 0 or at least 1, not " + FromLua.text(args.at(1)) + ": it stays at " + before);
        return before;
    }
}
