package dev.weir.net.stream;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Setting;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.StatShard;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Who has how many connections, opens how many, and is banned. Clients are networks: addresses masked as {@code setTCPConnectionsMask*} say.
 * Holds nothing as long as no limit is set and nobody is banned. Any thread.
 *
 * <p>An account takes some 200 octets, and there are {@link #MOST} of them at most. When a new client finds no room, those that have neither
 * connection nor ban are forgotten before their minutes are over; if that is not enough, it is not counted.
 */
final class ClientTable {
    /** Entries beyond which those without connection or ban are looked for and removed. */
    private static final int CROWD = 10_000;

    static final int MOST = 100_000;

    private static final int MOST_SLOTS = 60;

    private static final Client NOT_COUNTED = new Client(1);

    private final LiveSettings settings;
    private final int most;
    private final Map<Key, Client> clients = new ConcurrentHashMap<>();
    private final AtomicLong nextCleaningNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong nextClearanceNanos = new AtomicLong(System.nanoTime());

    ClientTable(LiveSettings settings) {
        this(settings, MOST);
    }

    ClientTable(LiveSettings settings, int most) {
        this.settings = settings;
        this.most = most;
    }

    /** In order, so that the map keeps keys whose hashes somebody has made equal in a tree and not in a list. */
    private record Key(IpAddress network, int port) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = network.compareTo(other.network);
            return order != 0 ? order : Integer.compare(port, other.port);
        }
    }

    /** One client's account. Guarded by itself. */
    static final class Client {
        private int connections;

        private final Events opened;
        private final Events newSessions;
        private final Events resumedSessions;

        private long bannedUntilNanos;
        private boolean banned;

        /** Whether it was taken out of the table: who found it before must look again. */
        private boolean gone;

        private Client(int minutes) {
            opened = new Events(minutes);
            newSessions = new Events(minutes);
            resumedSessions = new Events(minutes);
        }

        private boolean remembers(long second) {
            return opened.remembers(second) || newSessions.remembers(second) || resumedSessions.remembers(second);
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

    /** Events of the last minutes, by slot of one or more of them; no memory is taken before the first one. */
    private static final class Events {
        private final int slots;
        private final long slotSeconds;
        private int @Nullable [] counts;
        private long latestSlot;
        /** Second of the first event that still counts. */
        private long sinceSecond;

        Events(int minutes) {
            int slotMinutes = (minutes - 1) / MOST_SLOTS + 1;
            slots = (minutes - 1) / slotMinutes + 1;
            slotSeconds = 60L * slotMinutes;
        }

        boolean remembers(long second) {
            return counts != null && second / slotSeconds - latestSlot < slots;
        }

        /**
         * Counts an event. Whether those of the minutes that the table looks back on, this one included, came faster than {@code rate} a
         * second: on average since the first of them, so that a client that has only come may do as many at once.
         */
        boolean comeFasterThan(long rate, long second) {
            int[] known = counts == null ? new int[slots] : counts;
            counts = known;
            long slot = second / slotSeconds;
            long skipped = Math.min(slot - latestSlot, slots);
            for (long i = 1; i <= skipped; i++) {
                known[(int) ((latestSlot + i) % slots)] = 0;
            }
            latestSlot = slot;
            long before = 0;
            for (int each : known) {
                before += each;
            }
            known[(int) (slot % slots)]++;
            long firstCounted = (slot - slots + 1) * slotSeconds;
            sinceSecond = before == 0 ? second : Math.max(sinceSecond, firstCounted);
            return before + 1 > rate * Math.max(1, second - sinceSecond);
        }
    }

    /** Counts a new connection in; null if it must be refused. Else {@link #leave} must follow. */
    @Nullable Client enter(Peer peer, long nowNanos, StatShard mine) {
        boolean counts = settings.number(Setting.MAX_TCP_CONNECTIONS_PER_CLIENT) > 0
                || settings.number(Setting.MAX_TCP_CONNECTION_RATE_PER_CLIENT) > 0;
        if (!counts && clients.isEmpty()) {
            return NOT_COUNTED;
        }
        clean(nowNanos);
        Key key = key(peer);
        while (true) {
            Client client = counts ? account(key, nowNanos) : clients.get(key);
            if (client == null) {
                if (counts) {
                    mine.increment(Counter.TCP_CLIENT_OVERFLOWS);
                }
                return NOT_COUNTED;
            }
            synchronized (client) {
                if (!client.gone) {
                    return admits(client, nowNanos) ? client : null;
                }
            }
        }
    }

    /** The client's account, made if it has none; null if there is no room for one. */
    private @Nullable Client account(Key key, long nowNanos) {
        Client known = clients.get(key);
        if (known != null) {
            return known;
        }
        if (clients.size() >= most && due(nextClearanceNanos, nowNanos, 1)) {
            remove(nowNanos, false);
        }
        return clients.size() >= most
                ? null
                : clients.computeIfAbsent(
                        key, k -> new Client(Math.max(1, settings.number(Setting.TCP_CONNECTION_RATE_INTERVAL))));
    }

    private boolean admits(Client client, long nowNanos) {
        if (client.banned(nowNanos)) {
            return false;
        }
        int most = settings.number(Setting.MAX_TCP_CONNECTIONS_PER_CLIENT);
        if (most > 0 && client.connections >= most) {
            return false;
        }
        long rate = settings.number(Setting.MAX_TCP_CONNECTION_RATE_PER_CLIENT);
        boolean tooFast = client.opened.comeFasterThan(rate, second(nowNanos));
        if (rate > 0 && tooFast) {
            client.ban(nowNanos
                    + TimeUnit.SECONDS.toNanos(settings.number(Setting.BAN_DURATION_FOR_EXCEEDING_TCP_TLS_RATE)));
            return false;
        }
        client.connections++;
        return true;
    }

    private static long second(long nowNanos) {
        return TimeUnit.NANOSECONDS.toSeconds(nowNanos - Long.MIN_VALUE / 2);
    }

    /** Counts a handshake; false if there are too many of that kind, and the client is banned. */
    boolean admitsSession(Peer peer, boolean resumed, long nowNanos) {
        long rate = resumed
                ? settings.number(Setting.MAX_TLS_RESUMED_SESSION_RATE_PER_CLIENT)
                : settings.number(Setting.MAX_TLS_NEW_SESSION_RATE_PER_CLIENT);
        while (true) {
            Client client = rate <= 0 ? null : account(key(peer), nowNanos);
            if (client == null) {
                return true;
            }
            synchronized (client) {
                if (client.gone) {
                    continue;
                }
                Events events = resumed ? client.resumedSessions : client.newSessions;
                boolean tooFast = events.comeFasterThan(rate, second(nowNanos));
                if (tooFast) {
                    client.ban(nowNanos
                            + TimeUnit.SECONDS.toNanos(
                                    settings.number(Setting.BAN_DURATION_FOR_EXCEEDING_TCP_TLS_RATE)));
                }
                return !tooFast;
            }
        }
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
        int most = settings.number(Setting.MAX_TCP_CONNECTIONS_PER_CLIENT);
        int threshold = settings.number(Setting.TCP_CONNECTIONS_OVERLOAD_THRESHOLD);
        if (client == NOT_COUNTED || most <= 0 || threshold <= 0) {
            return false;
        }
        synchronized (client) {
            return client.connections * 100L >= (long) most * threshold;
        }
    }

    void ban(Peer peer, int seconds, long nowNanos) {
        Key key = key(peer);
        while (true) {
            Client client = account(key, nowNanos);
            if (client == null) {
                return;
            }
            synchronized (client) {
                if (!client.gone) {
                    client.ban(nowNanos + TimeUnit.SECONDS.toNanos(seconds));
                    return;
                }
            }
        }
    }

    /** Clients with an account. */
    int size() {
        return clients.size();
    }

    private Key key(Peer peer) {
        boolean v4 = peer.family() == 4;
        int bits = v4
                ? settings.number(Setting.TCP_CONNECTIONS_MASK_V4)
                : settings.number(Setting.TCP_CONNECTIONS_MASK_V6);
        IpAddress network = new IpAddress(peer.family(), peer.hi(), peer.lo(), 0).truncate(bits);
        // Clients behind one IPv4 address may own a range of its ports (RFC 7597).
        int portBits = v4 && bits == 32 ? settings.number(Setting.TCP_CONNECTIONS_MASK_V4_PORT) : 0;
        return new Key(network, peer.port() >>> 16 - portBits);
    }

    private void clean(long nowNanos) {
        if (clients.size() >= CROWD && due(nextCleaningNanos, nowNanos, 60)) {
            remove(nowNanos, true);
        }
    }

    /** Whether it is the calling thread's turn, once in so many seconds. */
    private static boolean due(AtomicLong nextNanos, long nowNanos, int seconds) {
        long next = nextNanos.get();
        return nowNanos - next >= 0 && nextNanos.compareAndSet(next, nowNanos + TimeUnit.SECONDS.toNanos(seconds));
    }

    private void remove(long nowNanos, boolean onlyForgotten) {
        long second = second(nowNanos);
        clients.values().removeIf(client -> {
            synchronized (client) {
                boolean remembered = onlyForgotten && client.remembers(second);
                client.gone = client.connections == 0 && !remembered && !client.banned(nowNanos);
                return client.gone;
            }
        });
    }
}
