package dev.weir.engine;

/**
 * Limits and sizes that transports go by. Filled by the configuration; the volatile ones may change while running, the others only before
 * the start. Names follow the Lua functions that set them.
 */
@SuppressWarnings("MissingJavadocMember")
public final class Tuning {
    /** Queries in flight per backend socket. */
    public int maxUdpOutstanding = 65_536;

    public boolean randomizedIdsOverUdp;
    public boolean randomizedOutgoingSockets;
    /** Octets; 0 leaves the kernel's. */
    public int udpReceiveBufferSize;

    /** Octets; 0 leaves the kernel's. */
    public int udpSendBufferSize;

    /** Datagrams per system call that dnsdist would use; our agents batch by themselves and take larger wishes up to their own size. */
    public int udpMultipleMessagesVectorSize = 1;

    public int maxTcpClientThreads = 10;
    public int maxTcpQueuedConnections = 10_000;
    /** 0: no limit. */
    public int maxTcpConnectionsPerClient;

    /** New connections per second and client; 0: no limit. */
    public int maxTcpConnectionRatePerClient;

    public int tcpConnectionRateIntervalMinutes = 5;
    public int tcpConnectionsMaskV4 = 32;
    public int tcpConnectionsMaskV6 = 128;
    public int tcpConnectionsMaskV4Port;
    /** Per cent of a limit from which connections are restricted; 0: never. */
    public int tcpConnectionsOverloadThreshold = 90;

    public int maxTcpReadIosPerQuery = 50;
    public int banSecondsForExceedingMaxReadIosPerQuery = 60;
    public int banSecondsForExceedingTcpTlsRate = 10;
    public int maxCachedTcpConnectionsPerDownstream = 10;
    public int tcpDownstreamCleanupIntervalSeconds = 60;
    public int tcpDownstreamMaxIdleSeconds = 300;
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
}
