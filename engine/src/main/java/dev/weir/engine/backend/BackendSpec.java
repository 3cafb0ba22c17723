package dev.weir.engine.backend;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.wire.Name;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration says of a backend ({@code newServer}); pure description. Fields carry the option's own name and unit. Made with
 * {@link #of} and changed through {@link Builder}.
 */
public final class BackendSpec {
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

    private final Builder values;

    private BackendSpec(Builder values) {
        this.values = values;
    }

    public static Builder of(Endpoint address) {
        return new Builder(address);
    }

    public Endpoint address() {
        return values.address;
    }

    public String id() {
        return values.id;
    }

    public String name() {
        return values.name;
    }

    public List<String> pools() {
        return values.pools;
    }

    public int qps() {
        return values.qps;
    }

    public int order() {
        return values.order;
    }

    public int weight() {
        return values.weight;
    }

    /** Seconds; 0 takes the global {@code setUDPTimeout}. */
    public int udpTimeout() {
        return values.udpTimeout;
    }

    public int retries() {
        return values.retries;
    }

    /** Seconds. */
    public int tcpConnectTimeout() {
        return values.tcpConnectTimeout;
    }

    /** Seconds. */
    public int tcpSendTimeout() {
        return values.tcpSendTimeout;
    }

    /** Seconds. */
    public int tcpRecvTimeout() {
        return values.tcpRecvTimeout;
    }

    public boolean tcpFastOpen() {
        return values.tcpFastOpen;
    }

    public boolean ipBindAddrNoPort() {
        return values.ipBindAddrNoPort;
    }

    public boolean useClientSubnet() {
        return values.useClientSubnet;
    }

    public boolean disableZeroScope() {
        return values.disableZeroScope;
    }

    public boolean useProxyProtocol() {
        return values.useProxyProtocol;
    }

    public boolean proxyProtocolAdvertiseTls() {
        return values.proxyProtocolAdvertiseTls;
    }

    public boolean tcpOnly() {
        return values.tcpOnly;
    }

    /** Queries one connection may carry at a time; 0 and 1 mean one. */
    public int maxInFlight() {
        return values.maxInFlight;
    }

    /** 0: as many as descriptors allow; negative: not said, a share of them. */
    public int maxConcurrentTcpConnections() {
        return values.maxConcurrentTcpConnections;
    }

    /** 0: no limit. */
    public int maxOutstandingQueries() {
        return values.maxOutstandingQueries;
    }

    /** Connected UDP sockets per listener thread. */
    public int sockets() {
        return values.sockets;
    }

    public @Nullable IpAddress sourceAddress() {
        return values.sourceAddress;
    }

    /** Interface to send from; empty for any. */
    public String sourceInterface() {
        return values.sourceInterface;
    }

    /** Differentiated services code point of packets to the backend (RFC 2474), 0 to 63. */
    public int dscp() {
        return values.dscp;
    }

    public List<Integer> cpus() {
        return values.cpus;
    }

    public boolean reconnectOnUp() {
        return values.reconnectOnUp;
    }

    public HealthMode healthMode() {
        return values.healthMode;
    }

    public Name checkName() {
        return values.checkName;
    }

    public int checkType() {
        return values.checkType;
    }

    public int checkClass() {
        return values.checkClass;
    }

    /** Milliseconds. */
    public int checkTimeout() {
        return values.checkTimeout;
    }

    /** Seconds. */
    public int checkInterval() {
        return values.checkInterval;
    }

    public boolean checkTcp() {
        return values.checkTcp;
    }

    public boolean setCd() {
        return values.setCd;
    }

    public boolean mustResolve() {
        return values.mustResolve;
    }

    public int maxCheckFailures() {
        return values.maxCheckFailures;
    }

    public int rise() {
        return values.rise;
    }

    public @Nullable CheckFunction checkFunction() {
        return values.checkFunction;
    }

    public LazyMode lazyMode() {
        return values.lazyMode;
    }

    /** Seconds. */
    public int lazyFailedInterval() {
        return values.lazyFailedInterval;
    }

    public int lazyMinSampleCount() {
        return values.lazyMinSampleCount;
    }

    public int lazySampleSize() {
        return values.lazySampleSize;
    }

    /** Per cent. */
    public int lazyThreshold() {
        return values.lazyThreshold;
    }

    public boolean lazyExponentialBackOff() {
        return values.lazyExponentialBackOff;
    }

    /** Seconds. */
    public int lazyMaxBackOff() {
        return values.lazyMaxBackOff;
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
        public String id = UUID.randomUUID().toString();
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

        /** The finished description; the builder must not be used afterwards. */
        public BackendSpec build() {
            return new BackendSpec(this);
        }
    }
}
