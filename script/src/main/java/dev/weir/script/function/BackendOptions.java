package dev.weir.script.function;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.backend.BackendSpec.HealthMode;
import dev.weir.engine.backend.BackendSpec.LazyMode;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import dev.weir.script.object.Context;
import dev.weir.script.object.HeaderType;
import dev.weir.script.object.NameType;
import dev.weir.wire.Name;
import dev.weir.wire.RecordType;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The options of {@code newServer}. */
final class BackendOptions {
    private static final int U16 = 0xffff;

    /** What dnsdist gives a check whose timeout is 0. */
    private static final int SHORTEST_CHECK_MILLIS = 100;

    /** Where nothing is said of it, and nothing is asked. */
    private static final BackendSpec.Tls NO_TLS = new BackendSpec.Tls("", "", null, true, "", "", "", "");

    private BackendOptions() {}

    static BackendSpec read(Args args, Endpoint address, Options options, Context context) {
        BackendSpec.Builder spec = BackendSpec.of(address);
        spec.id = options.string("id", spec.id);
        spec.name = options.string("name", "");
        spec.pools = options.strings("pool", spec.pools);
        spec.qps = options.integer("qps", 0);
        spec.order = options.integer("order", 1, Integer.MIN_VALUE, Integer.MAX_VALUE);
        spec.weight = options.integer("weight", 1, 1, Integer.MAX_VALUE);
        transport(spec, options);
        source(args, spec, options.string("source", ""));
        checks(args, spec, options, context);
        lazy(args, spec, options);
        BackendSpec.Tls tls = tls(args, options);
        spec.tls = options.string("tls", "").isEmpty() ? null : tls;
        String path = options.string("dohPath", "");
        boolean forwarded = options.bool("addXForwardedHeaders", false);
        spec.http = path.isEmpty() ? null : new BackendSpec.Http(path, forwarded);
        spec.upgrade = upgrade(args, tls, options, forwarded);
        later(options);
        return spec.build();
    }

    private static void transport(BackendSpec.Builder spec, Options options) {
        spec.udpTimeout = options.integer("udpTimeout", 0, 0, 255);
        spec.retries = options.integer("retries", 5, 0, U16);
        spec.tcpConnectTimeout = options.integer("tcpConnectTimeout", 5, 0, U16);
        spec.tcpSendTimeout = options.integer("tcpSendTimeout", 30, 0, U16);
        spec.tcpRecvTimeout = options.integer("tcpRecvTimeout", 30, 0, U16);
        spec.tcpFastOpen = options.bool("tcpFastOpen", false);
        spec.ipBindAddrNoPort = options.bool("ipBindAddrNoPort", true);
        spec.useClientSubnet = options.bool("useClientSubnet", false);
        spec.disableZeroScope = options.bool("disableZeroScope", false);
        spec.useProxyProtocol = options.bool("useProxyProtocol", false);
        spec.proxyProtocolAdvertiseTls = options.bool("proxyProtocolAdvertiseTLS", false);
        spec.tcpOnly = options.bool("tcpOnly", false);
        spec.maxInFlight = options.integer("maxInFlight", 0, 0, U16);
        spec.maxConcurrentTcpConnections = options.integer("maxConcurrentTCPConnections", -1);
        spec.maxOutstandingQueries = options.integer("maxOutstandingQueries", 0);
        spec.sockets = Math.max(1, options.integer("sockets", 1, 0, U16));
        spec.dscp = options.integer("dscp", 0, 0, 63);
        spec.cpus = options.integers("cpus");
        spec.reconnectOnUp = options.bool("reconnectOnUp", false);
    }

    /** An address, an interface, or {@code address@interface}. */
    private static void source(Args args, BackendSpec.Builder spec, String text) {
        if (text.isEmpty()) {
            return;
        }
        int at = text.indexOf('@');
        String first = at < 0 ? text : text.substring(0, at);
        try {
            spec.sourceAddress = IpAddress.parse(first);
            spec.sourceInterface = at < 0 ? "" : text.substring(at + 1);
        } catch (IllegalArgumentException e) {
            if (at >= 0 || !isInterface(text)) {
                args.complain("option 'source': '" + text + "' is neither an address nor an interface, ignored");
                return;
            }
            spec.sourceInterface = text;
        }
    }

    private static boolean isInterface(String name) {
        try {
            return NetworkInterface.getByName(name) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    private static void checks(Args args, BackendSpec.Builder spec, Options options, Context context) {
        spec.healthMode = switch (options.string("healthCheckMode", "auto").toLowerCase(java.util.Locale.ROOT)) {
            case "auto" -> HealthMode.AUTO;
            case "lazy" -> HealthMode.LAZY;
            case "up" -> HealthMode.UP;
            case "down" -> HealthMode.DOWN;
            default -> throw args.error("option 'healthCheckMode' must be auto, lazy, up or down");
        };
        spec.checkName = Name.parse(options.string("checkName", "a.root-servers.net."));
        spec.checkType = type(args, options.string("checkType", "A"));
        spec.checkClass = options.integer("checkClass", 1, 0, U16);
        int timeout = options.integer("checkTimeout", 1000, 0, U16);
        spec.checkTimeout = timeout == 0 ? SHORTEST_CHECK_MILLIS : timeout;
        spec.checkInterval = Math.max(1, options.integer("checkInterval", 1));
        spec.checkTcp = options.bool("checkTCP", false);
        spec.setCd = options.bool("setCD", false);
        spec.mustResolve = options.bool("mustResolve", false);
        spec.maxCheckFailures = options.integer("maxCheckFailures", 1, 0, 255);
        spec.rise = options.integer("rise", 1, 0, 255);
        LuaFunction function = options.function("checkFunction");
        if (function != null) {
            spec.checkFunction = (name, type, recordClass, header) ->
                    ask(context, function, new BackendSpec.CheckQuestion(name, type, recordClass), header);
        }
    }

    private static int type(Args args, String text) {
        int type = RecordType.parse(text);
        if (type < 0) {
            args.complain("option 'checkType': '" + text + "' is not a record type, health checks ask for type 0");
            return 0;
        }
        return type;
    }

    /** Calls {@code function(qname, qtype, qclass, dh)}, which returns name, type and class; an error leaves the question as it was. */
    private static BackendSpec.CheckQuestion ask(
            Context context, LuaFunction function, BackendSpec.CheckQuestion asked, byte[] header) {
        context.lock.lock();
        try {
            Object answer = context.state.call(
                    function,
                    context.objects.name.wrap(asked.name()),
                    ToLua.of(asked.type()),
                    ToLua.of(asked.recordClass()),
                    context.objects.header.wrap(new HeaderType.Head(header)));
            Args result = new Args("checkFunction", Values.all(answer), 0);
            return new BackendSpec.CheckQuestion(
                    NameType.name(result, 1, "qname"), (int) result.integer(2, "qtype", 0, U16), (int)
                            result.integer(3, "qclass", 0, U16));
        } catch (Throwable e) {
            context.calls.failed("checkFunction", function, e);
            return asked;
        } finally {
            context.lock.unlock();
        }
    }

    private static void lazy(Args args, BackendSpec.Builder spec, Options options) {
        spec.lazyMode = switch (options.string("lazyHealthCheckMode", "TimeoutOrServFail")) {
            case "TimeoutOnly" -> LazyMode.TIMEOUT_ONLY;
            case "TimeoutOrServFail" -> LazyMode.TIMEOUT_OR_SERVFAIL;
            default -> throw args.error("option 'lazyHealthCheckMode' must be TimeoutOnly or TimeoutOrServFail");
        };
        spec.lazyFailedInterval = options.integer("lazyHealthCheckFailedInterval", 30, 1, Integer.MAX_VALUE);
        spec.lazyMinSampleCount = options.integer("lazyHealthCheckMinSampleCount", 1, 1, U16);
        spec.lazySampleSize = options.integer("lazyHealthCheckSampleSize", 100, 1, U16);
        spec.lazyThreshold = options.integer("lazyHealthCheckThreshold", 20, 0, 100);
        spec.lazyExponentialBackOff = options.bool("lazyHealthCheckUseExponentialBackOff", false);
        spec.lazyMaxBackOff = options.integer("lazyHealthCheckMaxBackOff", 3600, 1, U16);
    }

    /** Null for a backend that is spoken to without TLS: the options then say nothing. */
    private static BackendSpec.@Nullable Tls tls(Args args, Options options) {
        String provider = options.string("tls", "");
        String store = options.string("caStore", "");
        String address = options.string("subjectAddr", "");
        String name = options.string("subjectName", "");
        BackendSpec.Tls spec = new BackendSpec.Tls(
                provider,
                name.endsWith(".") ? name.substring(0, name.length() - 1) : name,
                address.isEmpty() || !name.isEmpty() ? null : IpAddress.parse(address),
                options.bool("validateCertificates", true),
                store,
                options.string("ciphers", ""),
                options.string("ecdheCurves", ""),
                options.string("keyLogFile", ""));
        if (provider.isEmpty() && !upgrades(options)) {
            return null;
        }
        if (!store.isEmpty() && !Files.isReadable(Path.of(store))) {
            throw args.error("option 'caStore': '" + store + "' can't be read");
        }
        return spec;
    }

    private static boolean upgrades(Options options) {
        return options.bool("autoUpgrade", false);
    }

    /** Null for a backend that is taken as it is. */
    private static BackendSpec.@Nullable Upgrade upgrade(
            Args args, BackendSpec.@Nullable Tls tls, Options options, boolean forwarded) {
        boolean wanted = upgrades(options);
        BackendSpec.Upgrade upgrade = new BackendSpec.Upgrade(
                options.integer("autoUpgradeInterval", 3600, 1, Integer.MAX_VALUE),
                options.bool("autoUpgradeKeep", false),
                options.string("autoUpgradePool", ""),
                options.integer("autoUpgradeDoHKey", 7, 0, U16),
                options.bool("lazyHealthCheckWhenUpgraded", false),
                tls == null ? NO_TLS : tls,
                forwarded);
        if (wanted && !options.string("tls", "").isEmpty()) {
            args.complain("option 'autoUpgrade': has no effect beside 'tls', ignored");
            return null;
        }
        return wanted ? upgrade : null;
    }

    /** AF_XDP comes later: what asks for it stops the start, the rest says nothing by itself. */
    private static void later(Options options) {
        options.notYet("xskSockets", "");
        for (String key :
                new String[] {"ciphersTLS13", "ciphers13", "releaseBuffers", "enableRenegotiation", "ktls", "MACAddr"
                }) {
            options.value(key);
        }
    }
}
