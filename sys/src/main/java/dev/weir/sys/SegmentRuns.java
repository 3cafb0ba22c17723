package dev.weir.sys;

import java.util.Arrays;

/**
 * Finds the datagrams of a batch that the kernel can take as one: same destination, same source, same length.
 *
 * <p>With the control message UDP_SEGMENT a message of many datagrams' bytes walks through the network stack once (one route look-up, one
 * buffer, one queueing) and is cut into datagrams at its end, by the network interface or right before it. On loopback that halves what
 * a batch of answers to few clients costs, and a batch of queries to one backend; a batch in which every datagram has another
 * destination costs a few nanoseconds more per datagram than without.
 *
 * <p>Runs are chains through arrays: each datagram knows the next of its run, the first of a run is found again through a small open hash
 * table. All arrays are as long as the batch; nothing is allocated afterwards.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/udp.7.html">udp(7), UDP_SEGMENT</a>
 */
final class SegmentRuns {
    /** UDP_MAX_SEGMENTS of Linux before 6.9. */
    private static final int MAX_SEGMENTS = 64;

    /** A segment must fit the path's MTU: IPv6 promises 1280 octets, 48 of them for headers. */
    private static final int MAX_SEGMENT_BYTES = 1200;

    /** Octets of a whole message; the greatest IPv4 packet holds 65507. */
    private static final int MAX_RUN_BYTES = 65_000;

    private static final int NONE = -1;
    private static final long HASH_FACTOR = 0x9e37_79b9_7f4a_7c15L;

    private final long[] toHi;
    private final long[] toLo;
    private final long[] fromHi;
    private final long[] fromLo;
    /** Length, port and interfaces: what is left of the key. */
    private final long[] shape;

    private final long[] scopes;

    private final int[] next;
    private final int[] last;
    private final int[] size;
    private final int[] table;
    private final int tableShift;

    SegmentRuns(int slots) {
        toHi = new long[slots];
        toLo = new long[slots];
        fromHi = new long[slots];
        fromLo = new long[slots];
        shape = new long[slots];
        scopes = new long[slots];
        next = new int[slots];
        last = new int[slots];
        size = new int[slots];
        int capacity = Integer.highestOneBit(Math.max(2, slots)) * 4;
        table = new int[capacity];
        tableShift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
        Arrays.fill(table, NONE);
    }

    /** Forgets all runs. */
    void clear() {
        Arrays.fill(table, NONE);
    }

    /** Adds datagram {@code i}, which comes after all that were added before: to the run it fits, or as the first of a new one. */
    void add(int i, int length, DatagramPath path) {
        toHi[i] = path.toHi;
        toLo[i] = path.toLo;
        fromHi[i] = path.fromHi;
        fromLo[i] = path.fromLo;
        shape[i] = (long) length << Integer.SIZE | path.toPort;
        scopes[i] = (long) path.toScopeId << Integer.SIZE | path.interfaceIndex & 0xffff_ffffL;
        next[i] = NONE;
        last[i] = i;
        size[i] = 1;
        if (length == 0 || length > MAX_SEGMENT_BYTES) {
            return;
        }
        int slot = (int) ((path.toLo * HASH_FACTOR ^ path.toHi ^ shape[i]) * HASH_FACTOR >>> tableShift);
        while (table[slot] != NONE && !same(table[slot], i)) {
            slot = slot + 1 & table.length - 1;
        }
        int first = table[slot];
        if (first == NONE || size[first] == MAX_SEGMENTS || (size[first] + 1) * length > MAX_RUN_BYTES) {
            table[slot] = i;
            return;
        }
        next[last[first]] = i;
        last[first] = i;
        size[first]++;
        size[i] = 0;
    }

    private boolean same(int a, int b) {
        return toLo[a] == toLo[b]
                && shape[a] == shape[b]
                && toHi[a] == toHi[b]
                && fromLo[a] == fromLo[b]
                && fromHi[a] == fromHi[b]
                && scopes[a] == scopes[b];
    }

    /** Datagrams in the run that starts with datagram {@code i}; 0 if it is in a run but not the first. */
    int size(int i) {
        return size[i];
    }

    /** The datagram behind {@code i} in its run, negative for the last. */
    int next(int i) {
        return next[i];
    }
}
