package dev.weir.engine.backend;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.wire.Name;
import dev.weir.wire.RandomUuid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration says of a backend ({@code newServer}); pure description, made with {@link #of} and a {@link Builder}, in which all
 * defaults stand.
 *
 * @param name empty if it has none
 * @param pools the default pool has the empty name
 * @param qps queries per second at most; 0: no limit
 * @param maxOutstandingQueries 0: no limit
 * @param cpus processors that its threads stay on; empty for any
 * @param tls how it is spoken to over TLS; null if it is not
 * @param http how it is asked over HTTP; null if it is not
 * @param upgrade whether it is asked for an encrypted service of its own; null if not
 */
public record BackendSpec(
        Endpoint address,
        String id,
        String name,
        List<String> pools,
        int qps,
        int order,
        int weight,
        int maxOutstandingQueries,
        List<Integer> cpus,
        Source source,
        Udp udp,
        Tcp tcp,
        Additions additions,
        Checks checks,
        Lazy lazy,
        @Nullable Tls tls,
        @Nullable Http http,
        @Nullable Upgrade upgrade) {

    /** How a backend's state is found out ({@code healthCheckMode}). */
    public enum HealthMode {
        AUTO,
        LAZY,
        UP,
        DOWN
    }

    /** Which failures of real queries count in lazy mode ({@code lazyHealthCheckMode}). */
    public enum LazyMode {
        TIMEOUT_ONLY,
        TIMEOUT_OR_SERVFAIL
    }

    /**
     * What packets to it leave from, and how they are marked.
     *
     * @param address null: the kernel chooses
     * @param networkInterface empty for any
     * @param bindNoPort whether the kernel chooses the port as late as it connects (IP_BIND_ADDRESS_NO_PORT)
     * @param dscp differentiated services code point (RFC 2474), 0 to 63
     */
    public record Source(@Nullable IpAddress address, String networkInterface, boolean bindNoPort, int dscp) {}

    /**
     * How it is asked over UDP.
     *
     * @param timeoutSeconds 0 takes the global {@code setUDPTimeout}
     * @param sockets connected sockets per listener thread
     * @param reconnectOnUp whether they are replaced when it comes up
     */
    public record Udp(int timeoutSeconds, int sockets, boolean reconnectOnUp) {}

    /**
     * How it is asked over TCP.
     *
     * @param only whether it is asked over nothing else
     * @param retries connections tried for a query before it is given up
     * @param maxInFlight queries one connection may carry at a time; 0 and 1 mean one
     * @param maxConcurrentConnections 0: as many as descriptors allow; negative: not said, a share of them
     */
    public record Tcp(
            boolean only,
            int retries,
            int connectTimeoutSeconds,
            int sendTimeoutSeconds,
            int recvTimeoutSeconds,
            boolean fastOpen,
            int maxInFlight,
            int maxConcurrentConnections) {
        private Tcp alone() {
            return new Tcp(
                    true,
                    retries,
                    connectTimeoutSeconds,
                    sendTimeoutSeconds,
                    recvTimeoutSeconds,
                    fastOpen,
                    maxInFlight,
                    maxConcurrentConnections);
        }
    }

    /**
     * How TLS is spoken to it.
     *
     * @param provider what the configuration asks for
     * @param subjectName whom its certificate must name, and who is asked for in the handshake (SNI); empty for nobody
     * @param subjectAddress the address that its certificate must name, if no name is given; null for none
     * @param validate whether somebody trusted must have signed its certificate
     * @param caStore file with those who are trusted; empty for whom the system trusts
     * @param ciphers suites of TLS 1.2 and older, in OpenSSL's words; empty for the library's choice
     * @param groups for the exchange of keys, separated by colons; empty for the library's choice
     * @param keyLogFile file for the secrets of all sessions; empty for none
     */
    public record Tls(
            String provider,
            String subjectName,
            @Nullable IpAddress subjectAddress,
            boolean validate,
            String caStore,
            String ciphers,
            String groups,
            String keyLogFile) {

        /** Whether its certificate must name somebody. */
        public boolean namesPeer() {
            return !subjectName.isEmpty() || subjectAddress != null;
        }
    }

    /**
     * How it is asked over HTTP/2.
     *
     * @param forwarded whether requests say who asks ({@code X-Forwarded-For} and its kin)
     */
    public record Http(String path, boolean forwarded) {}

    /**
     * How it is asked which encrypted service it has (RFC 9462), and what becomes of that.
     *
     * @param intervalSeconds between questions, until there is one
     * @param keep whether it stays beside its encrypted service
     * @param pool where that is put
     * @param pathKey of the parameter that holds the path of DNS over HTTPS
     * @param lazyChecks whether the health of that is looked at lazily
     * @param tls how TLS is to be spoken; without a subject the certificate must name the address that was asked
     * @param forwarded whether requests over HTTP say who asks
     */
    public record Upgrade(
            int intervalSeconds,
            boolean keep,
            String pool,
            int pathKey,
            boolean lazyChecks,
            Tls tls,
            boolean forwarded) {}

    /**
     * An encrypted service of this backend, which has all else that is said of it.
     *
     * @param path of DNS over HTTPS; empty for DNS over TLS
     */
    public BackendSpec upgraded(Endpoint service, String path, Upgrade how) {
        Tls wanted = how.tls;
        Tls named = wanted.namesPeer()
                ? wanted
                : new Tls(
                        wanted.provider,
                        "",
                        address.ip(),
                        wanted.validate,
                        wanted.caStore,
                        wanted.ciphers,
                        wanted.groups,
                        wanted.keyLogFile);
        return new BackendSpec(
                service,
                RandomUuid.next().toString(),
                name,
                List.of(how.pool),
                qps,
                order,
                weight,
                maxOutstandingQueries,
                cpus,
                source,
                udp,
                tcp.alone(),
                additions,
                checks.in(how.lazyChecks ? HealthMode.LAZY : HealthMode.AUTO),
                lazy,
                named,
                path.isEmpty() ? null : new Http(path, how.forwarded),
                null);
    }

    /** What queries to it get beside what the client asked. */
    public record Additions(
            boolean clientSubnet, boolean disableZeroScope, boolean proxyProtocol, boolean proxyProtocolAdvertiseTls) {}

    /**
     * How its health is looked at.
     *
     * @param setCd whether CD is set in the query
     * @param mustResolve whether NXDOMAIN and SERVFAIL count as failures too
     * @param maxFailures failures in a row before it is down
     * @param rise answers in a row before it is up
     * @param function changes the question of each check
     */
    public record Checks(
            HealthMode mode,
            Name name,
            int type,
            int recordClass,
            int timeoutMillis,
            int intervalSeconds,
            boolean tcp,
            boolean setCd,
            boolean mustResolve,
            int maxFailures,
            int rise,
            @Nullable CheckFunction function) {
        private Checks in(HealthMode otherMode) {
            return new Checks(
                    otherMode,
                    name,
                    type,
                    recordClass,
                    timeoutMillis,
                    intervalSeconds,
                    tcp,
                    setCd,
                    mustResolve,
                    maxFailures,
                    rise,
                    function);
        }
    }

    /**
     * What {@link HealthMode#LAZY} goes by.
     *
     * @param failedIntervalSeconds between the checks of a backend that may have failed
     * @param minSampleCount answers that must have come before the failures among them count
     * @param sampleSize answers that are remembered
     * @param thresholdPercent share of failures among them that makes it suspect
     */
    public record Lazy(
            LazyMode mode,
            int failedIntervalSeconds,
            int minSampleCount,
            int sampleSize,
            int thresholdPercent,
            boolean exponentialBackOff,
            int maxBackOffSeconds) {}

    public BackendSpec {
        pools = List.copyOf(pools);
        cpus = List.copyOf(cpus);
    }

    /**
     * Whether a backend of this description can go on as one of the other, with its connections, its health and its counters: they differ in
     * nothing but what can be changed meanwhile, that is name, pools, weight, order, limit of queries, and the code that composes checks.
     */
    public boolean canGoOnAs(BackendSpec other) {
        return unchangeable().equals(other.unchangeable());
    }

    private BackendSpec unchangeable() {
        Checks plain = new Checks(
                checks.mode,
                checks.name,
                checks.type,
                checks.recordClass,
                checks.timeoutMillis,
                checks.intervalSeconds,
                checks.tcp,
                checks.setCd,
                checks.mustResolve,
                checks.maxFailures,
                checks.rise,
                null);
        return new BackendSpec(
                address,
                "",
                "",
                List.of(),
                0,
                0,
                0,
                maxOutstandingQueries,
                cpus,
                source,
                udp,
                tcp,
                additions,
                plain,
                lazy,
                tls,
                http,
                upgrade);
    }

    /** The same under another id. */
    BackendSpec withId(String other) {
        return new BackendSpec(
                address,
                other,
                name,
                pools,
                qps,
                order,
                weight,
                maxOutstandingQueries,
                cpus,
                source,
                udp,
                tcp,
                additions,
                checks,
                lazy,
                tls,
                http,
                upgrade);
    }

    /** All options at their defaults, to be changed. */
    public static Builder of(Endpoint address) {
        return new Builder(address);
    }

    /** Changes the question of each health check; called on the health checker's thread. */
    @FunctionalInterface
    public interface CheckFunction {
        /** The header of the query may be changed in place. */
        CheckQuestion question(Name name, int type, int recordClass, byte[] header);
    }

    /** What a health check asks. */
    public record CheckQuestion(Name name, int type, int recordClass) {}

    /** Collects the options; the fields start as dnsdist's defaults. */
    @SuppressWarnings("MissingJavadocMember")
    public static final class Builder {
        public final Endpoint address;
        public String id = RandomUuid.next().toString();
        public String name = "";
        public List<String> pools = List.of("");
        public int qps;
        public int order = 1;
        public int weight = 1;
        public int udpTimeout;
        public int retries = 5;
        public int tcpConnectTimeout = 5;
        public int tcpSendTimeout = 30;
        public int tcpRecvTimeout = 30;
        public boolean tcpFastOpen;
        public boolean ipBindAddrNoPort = true;
        public boolean useClientSubnet;
        public boolean disableZeroScope;
        public boolean useProxyProtocol;
        public boolean proxyProtocolAdvertiseTls;
        public boolean tcpOnly;
        public @Nullable Tls tls;
        public @Nullable Http http;
        public @Nullable Upgrade upgrade;
        public int maxInFlight;
        public int maxConcurrentTcpConnections = -1;
        public int maxOutstandingQueries;
        public int sockets = 1;
        public @Nullable IpAddress sourceAddress;
        public String sourceInterface = "";
        public int dscp;
        public List<Integer> cpus = List.of();
        public boolean reconnectOnUp;
        public HealthMode healthMode = HealthMode.AUTO;
        public Name checkName = Name.parse("a.root-servers.net.");
        public int checkType = 1;
        public int checkClass = 1;
        public int checkTimeout = 1000;
        public int checkInterval = 1;
        public boolean checkTcp;
        public boolean setCd;
        public boolean mustResolve;
        public int maxCheckFailures = 1;
        public int rise = 1;
        public @Nullable CheckFunction checkFunction;
        public LazyMode lazyMode = LazyMode.TIMEOUT_OR_SERVFAIL;
        public int lazyFailedInterval = 30;
        public int lazyMinSampleCount = 1;
        public int lazySampleSize = 100;
        public int lazyThreshold = 20;
        public boolean lazyExponentialBackOff;
        public int lazyMaxBackOff = 3600;

        Builder(Endpoint address) {
            this.address = address;
        }

        /** What the fields say now. */
        public BackendSpec build() {
            return new BackendSpec(
                    address,
                    id,
                    name,
                    pools,
                    qps,
                    order,
                    weight,
                    maxOutstandingQueries,
                    cpus,
                    new Source(sourceAddress, sourceInterface, ipBindAddrNoPort, dscp),
                    new Udp(udpTimeout, sockets, reconnectOnUp),
                    new Tcp(
                            tcpOnly || tls != null || http != null,
                            retries,
                            tcpConnectTimeout,
                            tcpSendTimeout,
                            tcpRecvTimeout,
                            tcpFastOpen,
                            maxInFlight,
                            maxConcurrentTcpConnections),
                    new Additions(useClientSubnet, disableZeroScope, useProxyProtocol, proxyProtocolAdvertiseTls),
                    new Checks(
                            healthMode,
                            checkName,
                            checkType,
                            checkClass,
                            checkTimeout,
                            checkInterval,
                            checkTcp,
                            setCd,
                            mustResolve,
                            maxCheckFailures,
                            rise,
                            checkFunction),
                    new Lazy(
                            lazyMode,
                            lazyFailedInterval,
                            lazyMinSampleCount,
                            lazySampleSize,
                            lazyThreshold,
                            lazyExponentialBackOff,
                            lazyMaxBackOff),
                    tls,
                    http,
                    upgrade);
        }
    }
}
