package dev.weir.engine.block;

import dev.weir.engine.acl.AddressHash;
import java.util.Arrays;

/**
 * Some counters for each client that was seen: an open-addressing table that is emptied and used again, so that counting a hundred thousand
 * clients many times a second makes no garbage. Clients have numbers from 0 in the order in which they appeared. Belongs to one thread.
 *
 * <p>There is room for {@link #MOST} clients. Who exceeds a limit is among the entries of a ring too often to be missing among the first so
 * many clients.
 */
final class ClientCounters {
    /** 28 octets each, and 16 for each limit. */
    static final int MOST = 1 << 17;

    private static final int FIRST_SIZE = 256;

    private final AddressHash hash;
    private int columns = 1;
    private int clients;

    /** Number of a client plus one by hash; twice as many places as clients at least. */
    private int[] places = new int[2 * FIRST_SIZE];

    private long[] hi = new long[FIRST_SIZE];
    private long[] lo = new long[FIRST_SIZE];

    /** Port in the upper bits, family in the lowest four. */
    private int[] rest = new int[FIRST_SIZE];

    private long[] counts = new long[FIRST_SIZE];

    ClientCounters(AddressHash hash) {
        this.hash = hash;
    }

    /** Forgets all clients. */
    void clear(int newColumns) {
        columns = Math.max(1, newColumns);
        clients = 0;
        Arrays.fill(places, 0);
        if (counts.length < lo.length * columns) {
            counts = new long[lo.length * columns];
        }
    }

    /** The client's number, -1 if there is no room for a new one; a new client starts with zeros. */
    int client(int family, long clientHi, long clientLo, int port) {
        int restOfKey = port << 4 | family;
        int mask = places.length - 1;
        int place = (int) hash.of(clientHi, clientLo, restOfKey) & mask;
        for (; places[place] != 0; place = place + 1 & mask) {
            int known = places[place] - 1;
            if (lo[known] == clientLo && hi[known] == clientHi && rest[known] == restOfKey) {
                return known;
            }
        }
        if (clients == MOST) {
            return -1;
        }
        if (clients == lo.length) {
            grow();
            return client(family, clientHi, clientLo, port);
        }
        int added = clients++;
        places[place] = added + 1;
        hi[added] = clientHi;
        lo[added] = clientLo;
        rest[added] = restOfKey;
        Arrays.fill(counts, added * columns, (added + 1) * columns, 0);
        return added;
    }

    private void grow() {
        int size = 2 * lo.length;
        hi = Arrays.copyOf(hi, size);
        lo = Arrays.copyOf(lo, size);
        rest = Arrays.copyOf(rest, size);
        counts = Arrays.copyOf(counts, Math.max(counts.length, size * columns));
        places = new int[2 * size];
        int mask = places.length - 1;
        for (int i = 0; i < clients; i++) {
            int place = (int) hash.of(hi[i], lo[i], rest[i]) & mask;
            while (places[place] != 0) {
                place = place + 1 & mask;
            }
            places[place] = i + 1;
        }
    }

    void add(int client, int column, long delta) {
        counts[client * columns + column] += delta;
    }

    long count(int client, int column) {
        return counts[client * columns + column];
    }

    /** How many clients there are. */
    int clients() {
        return clients;
    }

    int family(int client) {
        return rest[client] & 0xf;
    }

    long hi(int client) {
        return hi[client];
    }

    long lo(int client) {
        return lo[client];
    }

    int port(int client) {
        return rest[client] >>> 4;
    }
}
