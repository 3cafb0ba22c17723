package dev.weir.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings that are one number or one switch each. A row says everything about one: the function that sets it, what it takes, how it begins,
 * and what it means; functions of Lua, keys of YAML (whose table names the function) and {@code docs/settings.md} all come from here. To use a
 * setting, ask {@link SettingValues}.
 *
 * <p>Two rows of one function are its first and its second argument.
 */
public enum Setting {
    // ---- what the walk of a query goes by
    UDP_TIMEOUT(
            When.START, "setUDPTimeout", number("num", 255), 2, "s", "how long a backend may take to answer over UDP"),
    STALE_CACHE_ENTRIES_TTL(
            When.ANY,
            "setStaleCacheEntriesTTL",
            number("num"),
            0,
            "s",
            "how long past their end answers may still serve while no backend is up; 0: not at all"),
    ADD_EDNS_TO_SELF_GENERATED_RESPONSES(
            When.ANY,
            "setAddEDNSToSelfGeneratedResponses",
            onOff("add"),
            1,
            "",
            "whether our own answers to queries with EDNS have EDNS"),
    PAYLOAD_SIZE_ON_SELF_GENERATED_ANSWERS(
            When.ANY,
            "setPayloadSizeOnSelfGeneratedAnswers",
            nearest("payloadSize", 512, 1500),
            1232,
            "octets",
            "UDP payload size that our own answers announce"),
    ALLOW_EMPTY_RESPONSE(
            When.ANY,
            "setAllowEmptyResponse",
            onOff("allow").orOn(),
            0,
            "",
            "whether an answer of a backend without a question is passed on, whatever it says"),
    DROP_EMPTY_QUERIES(
            When.ANY,
            "setDropEmptyQueries",
            onOff("drop"),
            0,
            "",
            "whether queries without a question are dropped, instead of answered with NOTIMP"),
    SERV_FAIL_WHEN_NO_SERVER(
            When.ANY,
            "setServFailWhenNoServer",
            onOff("value"),
            0,
            "",
            "whether SERVFAIL is answered where a policy finds no server, instead of nothing"),
    ROUND_ROBIN_FAIL_ON_NO_SERVER(
            When.ANY,
            "setRoundRobinFailOnNoServer",
            onOff("value"),
            0,
            "",
            "whether roundrobin finds no server when all are down, instead of trying them all"),
    WEIGHTED_BALANCING_FACTOR(
            When.START,
            "setWeightedBalancingFactor",
            factor(),
            0,
            "",
            "how many times its fair share of the queries in flight a server may have under wrandom and whashed; 0: any"),
    CONSISTENT_HASHING_BALANCING_FACTOR(
            When.START, "setConsistentHashingBalancingFactor", factor(), 0, "", "the same under chashed"),
    HASH_PERTURBATION(
            When.START,
            List.of("setWHashedPerturbation", "setWHashedPertubation"),
            number("value", 0xffff_ffffL),
            0,
            "",
            "seed of the hash of names that policies distribute by; another one at each start if it is not set"),
    FIXUP_CASE(
            When.ANY,
            "fixupCase",
            onOff("enabled"),
            0,
            "",
            "whether the name in an answer is written as the client wrote it, whatever the backend made of it"),
    TRUNCATE_TC(
            When.ANY,
            "truncateTC",
            onOff("enabled"),
            0,
            "",
            "whether records are taken out of answers over UDP that have TC set"),
    ECS_SOURCE_PREFIX_V4(
            When.ANY,
            "setECSSourcePrefixV4",
            number("prefix", 0xffff),
            24,
            "bits",
            "how much of an IPv4 client's address backends are told"),
    ECS_SOURCE_PREFIX_V6(
            When.ANY,
            "setECSSourcePrefixV6",
            number("prefix", 0xffff),
            56,
            "bits",
            "how much of an IPv6 client's address backends are told"),
    ECS_OVERRIDE(
            When.ANY,
            "setECSOverride",
            onOff("override"),
            0,
            "",
            "whether a client subnet that the client sent is replaced"),
    PROXY_APPLY_ACL_TO_PROXIED_CLIENTS(
            When.ANY,
            "setProxyProtocolApplyACLToProxiedClients",
            onOff("apply"),
            0,
            "",
            "whether the ACL is asked about the client that a PROXY header names, too"),
    PROXY_MAXIMUM_PAYLOAD_SIZE(
            When.ANY,
            "setProxyProtocolMaximumPayloadSize",
            nearest("size", 16, 0xffff),
            512,
            "octets",
            "longest PROXY header that is taken"),

    // ---- UDP
    MAX_UDP_OUTSTANDING(
            When.START,
            "setMaxUDPOutstanding",
            number("num", 0xffff).asLeast(1),
            65_536,
            "queries",
            "in flight for each socket to a backend"),
    RANDOMIZED_IDS_OVER_UDP(
            When.START,
            "setRandomizedIdsOverUDP",
            onOff("val"),
            0,
            "",
            "whether IDs of queries to backends are random"),
    RANDOMIZED_OUTGOING_SOCKETS(
            When.START,
            "setRandomizedOutgoingSockets",
            onOff("val"),
            0,
            "",
            "whether the socket to a backend is chosen at random, and IDs with it"),
    UDP_RECEIVE_BUFFER_SIZE(
            When.START,
            "setUDPSocketBufferSizes",
            number("recv"),
            0,
            "octets",
            "receive buffer of UDP sockets; 0: 4 MB, or what the kernel grants of it"),
    UDP_SEND_BUFFER_SIZE(
            When.START,
            "setUDPSocketBufferSizes",
            number("send"),
            0,
            "octets",
            "send buffer of UDP sockets; 0: the kernel's"),
    UDP_MULTIPLE_MESSAGES_VECTOR_SIZE(
            When.START,
            "setUDPMultipleMessagesVectorSize",
            ignored("num", Integer.MAX_VALUE),
            1,
            "datagrams",
            "no effect: sockets batch by themselves"),

    // ---- TCP, TLS and HTTP, from clients
    MAX_TCP_CLIENT_THREADS(
            When.START,
            "setMaxTCPClientThreads",
            number("num", 0xffff),
            10,
            "threads",
            "for streams; at most one for each processor"),
    MAX_TCP_QUEUED_CONNECTIONS(
            When.START,
            "setMaxTCPQueuedConnections",
            number("num"),
            10_000,
            "connections",
            "accepted, that may wait for their thread; 0: any number"),
    MAX_TCP_CONNECTIONS_PER_CLIENT(
            When.START,
            "setMaxTCPConnectionsPerClient",
            number("num"),
            0,
            "connections",
            "of one client at a time; 0: any number"),
    MAX_TCP_CONNECTION_RATE_PER_CLIENT(
            When.START,
            "setMaxTCPConnectionRatePerClient",
            number("num"),
            0,
            "connections/s",
            "of one client, over the interval; 0: any number"),
    MAX_TLS_NEW_SESSION_RATE_PER_CLIENT(
            When.START,
            "setMaxTLSNewSessionRatePerClient",
            number("num"),
            0,
            "handshakes/s",
            "of one client, full ones of TLS; 0: any number"),
    MAX_TLS_RESUMED_SESSION_RATE_PER_CLIENT(
            When.START,
            "setMaxTLSResumedSessionRatePerClient",
            number("num"),
            0,
            "handshakes/s",
            "of one client, those that take up a session; 0: any number"),
    TCP_CONNECTION_RATE_INTERVAL(
            When.START,
            "setTCPConnectionRateInterval",
            number("num").asLeast(1),
            5,
            "min",
            "over which rates of connections and handshakes are counted"),
    TCP_CONNECTIONS_MASK_V4(
            When.START,
            "setTCPConnectionsMaskV4",
            number("num", 32),
            32,
            "bits",
            "of an IPv4 address that make a client"),
    TCP_CONNECTIONS_MASK_V6(
            When.START,
            "setTCPConnectionsMaskV6",
            number("num", 128),
            128,
            "bits",
            "of an IPv6 address that make a client"),
    TCP_CONNECTIONS_MASK_V4_PORT(
            When.START,
            "setTCPConnectionsMaskV4Port",
            number("num", 16),
            0,
            "bits",
            "of the port that make a client, too, for clients behind one IPv4 address"),
    TCP_CONNECTIONS_OVERLOAD_THRESHOLD(
            When.START,
            "setTCPConnectionsOverloadThreshold",
            number("num", 100),
            90,
            "%",
            "of a limit of connections from which on clients get one query for each connection and little time; 0: never"),
    MAX_TCP_READ_IOS_PER_QUERY(
            When.START,
            "setMaxTCPReadIOsPerQuery",
            number("num"),
            50,
            "reads",
            "that a query may take to arrive; 0: any number"),
    BAN_DURATION_FOR_EXCEEDING_MAX_READ_IOS_PER_QUERY(
            When.ANY,
            "setBanDurationForExceedingMaxReadIOsPerQuery",
            number("num"),
            60,
            "s",
            "for which a client is refused after its queries took too many reads"),
    BAN_DURATION_FOR_EXCEEDING_TCP_TLS_RATE(
            When.START,
            "setBanDurationForExceedingTCPTLSRate",
            number("num"),
            10,
            "s",
            "for which a client is refused after too many connections or handshakes"),
    TCP_RECV_TIMEOUT(
            When.ANY, "setTCPRecvTimeout", number("num", 0xffff), 2, "s", "for which a client may say nothing"),
    TCP_SEND_TIMEOUT(
            When.ANY, "setTCPSendTimeout", number("num", 0xffff), 2, "s", "for which a client may take nothing"),
    MAX_TCP_QUERIES_PER_CONNECTION(
            When.ANY, "setMaxTCPQueriesPerConnection", number("num"), 0, "queries", "on one connection; 0: any number"),
    MAX_TCP_CONNECTION_DURATION(
            When.ANY, "setMaxTCPConnectionDuration", number("num"), 0, "s", "that a connection may last; 0: any time"),

    // ---- TCP, TLS and HTTP, to backends
    MAX_CACHED_TCP_CONNECTIONS_PER_DOWNSTREAM(
            When.START,
            "setMaxCachedTCPConnectionsPerDownstream",
            number("max", 0xffff),
            10,
            "connections",
            "to one backend that each thread keeps while they are idle"),
    TCP_DOWNSTREAM_CLEANUP_INTERVAL(
            When.START,
            "setTCPDownstreamCleanupInterval",
            ignored("interval", Integer.MAX_VALUE),
            60,
            "s",
            "no effect: each idle connection to a backend ends by itself when it is time"),
    TCP_DOWNSTREAM_MAX_IDLE_TIME(
            When.START,
            "setTCPDownstreamMaxIdleTime",
            number("seconds", 0xffff),
            300,
            "s",
            "for which an idle connection to a backend is kept"),
    MAX_IDLE_DOH_CONNECTIONS_PER_DOWNSTREAM(
            When.START,
            "setMaxIdleDoHConnectionsPerDownstream",
            number("max", 0xffff),
            10,
            "connections",
            "over HTTPS to one backend that each thread keeps while they are idle"),
    DOH_DOWNSTREAM_MAX_IDLE_TIME(
            When.START,
            "setDoHDownstreamMaxIdleTime",
            number("max", 0xffff),
            300,
            "s",
            "for which an idle connection over HTTPS is kept"),
    DOH_DOWNSTREAM_CLEANUP_INTERVAL(
            When.START,
            "setDoHDownstreamCleanupInterval",
            ignored("interval", Integer.MAX_VALUE),
            60,
            "s",
            "no effect: each idle connection to a backend ends by itself when it is time"),
    OUTGOING_DOH_WORKER_THREADS(
            When.START,
            "setOutgoingDoHWorkerThreads",
            ignored("num", 0xffff),
            10,
            "threads",
            "no effect: the threads that have the clients have the backends, too"),
    OUTGOING_TLS_SESSIONS_CACHE_CLEANUP_DELAY(
            When.ANY,
            "setOutgoingTLSSessionsCacheCleanupDelay",
            ignored("delay", 0xffff),
            60,
            "s",
            "no effect: the TLS library forgets sessions by itself"),
    OUTGOING_TLS_SESSIONS_CACHE_MAX_TICKET_VALIDITY(
            When.ANY,
            "setOutgoingTLSSessionsCacheMaxTicketValidity",
            ignored("validity", 0xffff),
            600,
            "s",
            "no effect: the TLS library forgets sessions by itself"),
    OUTGOING_TLS_SESSIONS_CACHE_MAX_TICKETS_PER_BACKEND(
            When.ANY,
            "setOutgoingTLSSessionsCacheMaxTicketsPerBackend",
            ignored("num", 0xffff),
            20,
            "tickets",
            "no effect: the TLS library forgets sessions by itself"),

    // ---- the rest
    CACHE_CLEANING_DELAY(
            When.ANY,
            "setCacheCleaningDelay",
            number("num").asLeast(1),
            60,
            "s",
            "between two cleanings of a cache from answers that have ended"),
    CACHE_CLEANING_PERCENTAGE(
            When.ANY,
            "setCacheCleaningPercentage",
            number("num").asMost(100),
            100,
            "%",
            "of each shard that a cleaning frees at most, when everything has ended"),
    VERBOSE_HEALTH_CHECKS(
            When.ANY,
            "setVerboseHealthChecks",
            onOff("verbose"),
            0,
            "",
            "whether failing health checks are told one by one"),
    TCP_INTERNAL_PIPE_BUFFER_SIZE(
            When.START,
            "setTCPInternalPipeBufferSize",
            ignored("size", Integer.MAX_VALUE),
            1_048_576,
            "octets",
            "no effect: connections are handed over without pipes"),
    SECURITY_POLL_INTERVAL(
            When.ANY,
            "setSecurityPollInterval",
            ignored("interval", Integer.MAX_VALUE),
            3600,
            "s",
            "no effect: there is no name to poll for security notices");

    /** When a setting may be set: by the configuration alone, or also while the process runs. */
    public enum When {
        START,
        ANY
    }

    /** What an argument may be. */
    public enum Shape {
        /** A boolean. */
        SWITCH,
        /** A number in its range. */
        NUMBER,
        /** A number; one outside of the range is moved to its end, which is said. */
        NEAREST,
        /** 0, or a number from 1 on, with decimals. */
        FACTOR
    }

    /**
     * The argument that sets a setting.
     *
     * @param name what messages call it
     * @param least of what is taken
     * @param most of what is taken
     * @param usedLeast less than this is taken, and read as this
     * @param usedMost more than this is taken, and read as this
     * @param otherwise what holds where a call leaves it out; negative where none may
     * @param effective whether anybody goes by it
     */
    public record Argument(
            String name,
            Shape shape,
            long least,
            long most,
            long usedLeast,
            long usedMost,
            int otherwise,
            boolean effective) {
        private Argument(String name, Shape shape, long least, long most) {
            this(name, shape, least, most, least, most, -1, true);
        }

        private Argument asLeast(long used) {
            return new Argument(name, shape, least, most, used, usedMost, otherwise, effective);
        }

        private Argument asMost(long used) {
            return new Argument(name, shape, least, most, usedLeast, used, otherwise, effective);
        }

        private Argument orOn() {
            return new Argument(name, shape, least, most, usedLeast, usedMost, 1, effective);
        }
    }

    private static Argument onOff(String name) {
        return new Argument(name, Shape.SWITCH, 0, 1);
    }

    private static Argument number(String name) {
        return number(name, Integer.MAX_VALUE);
    }

    private static Argument number(String name, long most) {
        return new Argument(name, Shape.NUMBER, 0, most);
    }

    private static Argument nearest(String name, long least, long most) {
        return new Argument(name, Shape.NEAREST, least, most);
    }

    private static Argument factor() {
        return new Argument("factor", Shape.FACTOR, 0, Integer.MAX_VALUE);
    }

    private static Argument ignored(String name, long most) {
        return new Argument(name, Shape.NUMBER, 0, most, 0, most, -1, false);
    }

    private static final Map<String, List<Setting>> BY_FUNCTION = new TreeMap<>();

    static {
        for (Setting setting : values()) {
            for (String function : setting.functions) {
                BY_FUNCTION.computeIfAbsent(function, f -> new ArrayList<>()).add(setting);
            }
        }
    }

    private final When when;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> functions;

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers and constants
    private final Argument argument;

    private final int initial;
    private final String unit;
    private final String meaning;

    Setting(When when, String function, Argument argument, int initial, String unit, String meaning) {
        this(when, List.of(function), argument, initial, unit, meaning);
    }

    Setting(When when, List<String> functions, Argument argument, int initial, String unit, String meaning) {
        this.when = when;
        this.functions = functions;
        this.argument = argument;
        this.initial = initial;
        this.unit = unit;
        this.meaning = meaning;
    }

    /** The settings that this function sets, by the order of its arguments; none if it is none of ours. */
    public static List<Setting> of(String function) {
        return List.copyOf(BY_FUNCTION.getOrDefault(function, List.of()));
    }

    /** All functions that may be called then: those of {@link When#ANY} always, those of {@link When#START} in the configuration. */
    public static List<String> functions(When when) {
        List<String> all = new ArrayList<>();
        BY_FUNCTION.forEach((function, settings) -> {
            if (settings.getFirst().when == when) {
                all.add(function);
            }
        });
        return all;
    }

    public When when() {
        return when;
    }

    /** What sets it, in Lua's words. The first is the usual one. */
    public List<String> functions() {
        return functions;
    }

    public Argument argument() {
        return argument;
    }

    /** What holds before anybody sets it; 0 and 1 for a switch. */
    public int initial() {
        return initial;
    }

    /** Empty for switches and bare numbers. */
    public String unit() {
        return unit;
    }

    /** What it means, as the rest of a sentence. */
    public String meaning() {
        return meaning;
    }
}
