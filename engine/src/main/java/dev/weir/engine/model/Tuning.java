package dev.weir.engine.model;

import java.util.Map;

/**
 * Limits and sizes that transports go by. Any thread reads them, and those that the configuration alone may set are written before the start;
 * they are volatile too, because threads that read them may be there already. Names follow the Lua functions that set them.
 */
@SuppressWarnings("MissingJavadocMember")
public final class Tuning {
    /** Queries in flight per backend socket. */
    public volatile int maxUdpOutstanding = 65_536;

    public volatile boolean randomizedIdsOverUdp;
    public volatile boolean randomizedOutgoingSockets;
    /** Octets; 0: room for a stall of some milliseconds, as far as the kernel grants it. */
    public volatile int udpReceiveBufferSize;

    /** Octets; 0 leaves the kernel's. */
    public volatile int udpSendBufferSize;

    /** Datagrams per system call that dnsdist would use; our agents batch by themselves and take larger wishes up to their own size. */
    public volatile int udpMultipleMessagesVectorSize = 1;

    public volatile int maxTcpClientThreads = 10;
    public volatile int maxTcpQueuedConnections = 10_000;
    /** 0: no limit. */
    public volatile int maxTcpConnectionsPerClient;

    /** New connections per second and client; 0: no limit. */
    public volatile int maxTcpConnectionRatePerClient;

    /** Full handshakes of TLS per second and client; 0: no limit. */
    public volatile int maxTlsNewSessionRatePerClient;

    /** Handshakes that take up a session, per second and client; 0: no limit. */
    public volatile int maxTlsResumedSessionRatePerClient;

    public volatile int tcpConnectionRateIntervalMinutes = 5;
    public volatile int tcpConnectionsMaskV4 = 32;
    public volatile int tcpConnectionsMaskV6 = 128;
    public volatile int tcpConnectionsMaskV4Port;
    /** Per cent of a limit from which connections are restricted; 0: never. */
    public volatile int tcpConnectionsOverloadThreshold = 90;

    public volatile int maxTcpReadIosPerQuery = 50;
    public volatile int banSecondsForExceedingMaxReadIosPerQuery = 60;
    public volatile int banSecondsForExceedingTcpTlsRate = 10;
    public volatile int maxCachedTcpConnectionsPerDownstream = 10;
    public volatile int tcpDownstreamCleanupIntervalSeconds = 60;
    public volatile int tcpDownstreamMaxIdleSeconds = 300;

    /** {@code setMaxIdleDoHConnectionsPerDownstream}. */
    public volatile int maxIdleDohConnectionsPerDownstream = 10;

    /** {@code setDoHDownstreamMaxIdleTime}. */
    public volatile int dohDownstreamMaxIdleSeconds = 300;

    public volatile int tcpRecvTimeoutSeconds = 2;
    public volatile int tcpSendTimeoutSeconds = 2;
    /** 0: no limit. */
    public volatile int maxTcpQueriesPerConnection;

    /** 0: no limit. */
    public volatile int maxTcpConnectionDurationSeconds;

    public volatile int cacheCleaningDelaySeconds = 60;
    /** Share of each shard that cleaning frees at most when all is expired, in per cent. */
    public volatile int cacheCleaningPercentage = 100;

    public volatile boolean verboseHealthChecks;

    /** Every setting has the same value in the other one. */
    void copyTo(Tuning other) {
        PublicFields.copy(this, other);
    }

    /** Every setting and its value. */
    public Map<String, Object> all() {
        return PublicFields.of(this);
    }
}
