package dev.weir.net.stream;

import dev.weir.engine.Tuning;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Peer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who has how many connections, opens how many, and is banned. Clients are networks: addresses masked as {@code setTCPConnectionsMask*} say.
 * Holds nothing as long as no limit is set and nobody is banned. Any thread.
 */
final class ClientTable {
    /** Entries beyond which those without connection or ban are looked for and removed. */
    private static final int CROWD = 10_000;

    private static final Client NOT_COUNTED = new Client(1);

    private final Tuning tuning;
    private final Map<Key, Client> clients = new ConcurrentHashMap<>();
    private volatile long nextCleaningNanos = System.nanoTime();

    ClientTable(Tuning tuning) {
        this.tuning = tuning;
    }

    private record Key(IpAddress network, int port) {}

    /** One client's account. Guarded by itself. */
    static final class Client {
        private int connections;
        private final int[] opened;
        private long openedMinute;
        /** Second of the first connection that {@link #opened} still counts. */
        private long sinceSecond;

        private long bannedUntilNanos;
        private boolean banned;

        private Client(int minutes) {
            opened = new int[minutes];
        }

        /**
         * Counts a new connection. Whether those opened in the minutes that the table looks back on, this one included, came faster than
         * {@code rate} a second: on average since the first of them, so that a client that has only come may open as many at once.
         */
        private boolean opensFasterThan(long rate, long second) {
            long minute = second / 60;
            long skipped = Math.min(minute - openedMinute, opened.length);
            for (long i = 1; i <= skipped; i++) {
                opened[(int) ((openedMinute + i) % opened.length)] = 0;
            }
            openedMinute = minute;
            long before = 0;
            for (int each : opened) {
                before += each;
            }
            opened[(int) (minute % opened.length)]++;
            long firstCounted = (minute - opened.length + 1) * 60;
            sinceSecond = before == 0 ? second : Math.max(sinceSecond, firstCounted);
            return before + 1 > rate * Math.max(1, second - sinceSecond);
        }

        private boolean banned(long nowNanos) {
            banned &= bannedUntilNanos - nowNanos > 0;
            return banned;
        }

        private void ban(long untilNanos) {
            banned = true;
            bannedUntilNanos = untilNanos;
        }
    }

    /** Counts a new connection in; null if it must be refused. Else {@link #leave} must follow. */
    @Nullable Client enter(Peer peer, long nowNanos) {
        boolean counts = tuning.maxTcpConnectionsPerClient > 0 || tuning.maxTcpConnectionRatePerClient > 0;
        if (!counts && clients.isEmpty()) {
            return NOT_COUNTED;
        }
        clean(nowNanos);
        Key key = key(peer);
        Client client = counts
                ? clients.computeIfAbsent(key, k -> new Client(Math.max(1, tuning.tcpConnectionRateIntervalMinutes)))
                : clients.get(key);
        if (client == null) {
            return NOT_COUNTED;
        }
        synchronized (client) {
            return admits(client, nowNanos) ? client : null;
        }
    }

    private boolean admits(Client client, long nowNanos) {
        if (client.banned(nowNanos)) {
            return false;
        }
        int most = tuning.maxTcpConnectionsPerClient;
        if (most > 0 && client.connections >= most) {
            return false;
        }
        long rate = tuning.maxTcpConnectionRatePerClient;
        boolean tooFast = client.opensFasterThan(rate, TimeUnit.NANOSECONDS.toSeconds(nowNanos - Long.MIN_VALUE / 2));
        if (rate > 0 && tooFast) {
            client.ban(nowNanos + TimeUnit.SECONDS.toNanos(tuning.banSecondsForExceedingTcpTlsRate));
            return false;
        }
        client.connections++;
        return true;
    }

    void leave(Client client) {
        if (client != NOT_COUNTED) {
            synchronized (client) {
                client.connections--;
            }
        }
    }

    /** Whether the client has nearly as many connections as it may have. */
    boolean overloaded(Client client) {
        int most = tuning.maxTcpConnectionsPerClient;
        int threshold = tuning.tcpConnectionsOverloadThreshold;
        if (client == NOT_COUNTED || most <= 0 || threshold <= 0) {
            return false;
        }
        synchronized (client) {
            return client.connections * 100L >= (long) most * threshold;
        }
    }

    void ban(Peer peer, int seconds, long nowNanos) {
        Client client = clients.computeIfAbsent(
                key(peer), k -> new Client(Math.max(1, tuning.tcpConnectionRateIntervalMinutes)));
        synchronized (client) {
            client.ban(nowNanos + TimeUnit.SECONDS.toNanos(seconds));
        }
    }

    private Key key(Peer peer) {
        boolean v4 = peer.family() == 4;
        int bits = v4 ? tuning.tcpConnectionsMaskV4 : tuning.tcpConnectionsMaskV6;
        IpAddress network = new IpAddress(peer.family(), peer.hi(), peer.lo(), 0).truncate(bits);
        // Clients behind one IPv4 address may own a range of its ports (RFC 7597).
        int portBits = v4 && bits == 32 ? tuning.tcpConnectionsMaskV4Port : 0;
        return new Key(network, peer.port() >>> 16 - portBits);
    }

    private void clean(long nowNanos) {
        if (clients.size() < CROWD || nowNanos - nextCleaningNanos < 0) {
            return;
        }
        nextCleaningNanos = nowNanos + TimeUnit.SECONDS.toNanos(60);
        long minute = TimeUnit.NANOSECONDS.toMinutes(nowNanos - Long.MIN_VALUE / 2);
        clients.values().removeIf(client -> {
            synchronized (client) {
                boolean remembered = minute - client.openedMinute < client.opened.length;
                return client.connections == 0 && !remembered && !client.banned(nowNanos);
            }
        });
    }
}
