package dev.weir.engine.ring;

import dev.weir.engine.acl.AddressHash;
import dev.weir.wire.Octets;
import java.util.Arrays;

/**
 * The labels of many names as a tree: a node is a label below another node, found by both through one hash table with linear probing. Nodes
 * are numbered from 0, the root, in the order in which they appeared. Labels differ in more than ASCII case. Belongs to one thread.
 *
 * <pre>
 *   parents, hashes, starts, children   one number a node
 *   octets                              a node's label at its start: length, then the label as it was seen first
 *   places                              number of a node by hash, 0: empty (nobody looks for the root)
 * </pre>
 */
final class LabelTable {
    /** 10 MB, or 20 MB if all labels are as long as they can be. */
    static final int MOST = 1 << 17;

    static final int ROOT = 0;

    private static final int FIRST_SIZE = 256;
    private static final int USUAL_LABEL = 8;

    /** Strangers choose the labels. */
    private static final AddressHash HASH = AddressHash.secret();

    private final int most;
    private int nodes = 1;
    private int octetsUsed;
    private int[] parents = new int[FIRST_SIZE];
    private int[] hashes = new int[FIRST_SIZE];
    private int[] starts = new int[FIRST_SIZE];
    private int[] children = new int[FIRST_SIZE];
    private int[] places = new int[2 * FIRST_SIZE];
    private byte[] octets = new byte[FIRST_SIZE * USUAL_LABEL];

    LabelTable(int most) {
        this.most = most;
    }

    void clear() {
        nodes = 1;
        octetsUsed = 0;
        children[ROOT] = 0;
        Arrays.fill(places, 0);
    }

    /** How many nodes there are. */
    int nodes() {
        return nodes;
    }

    /** How many there can be before arrays grow again. */
    int capacity() {
        return parents.length;
    }

    /** The node of the label that starts at an offset, below a node; made if there is room, otherwise -1. */
    int child(int parent, byte[] name, int start) {
        int hash = hash(parent, name, start);
        int mask = places.length - 1;
        int place = hash & mask;
        for (; places[place] != 0; place = place + 1 & mask) {
            int node = places[place];
            if (hashes[node] == hash && parents[node] == parent && isLabel(node, name, start)) {
                return node;
            }
        }
        if (nodes == most) {
            return -1;
        }
        int added = nodes++;
        if (added == parents.length) {
            grow();
        }
        parents[added] = parent;
        hashes[added] = hash;
        starts[added] = store(name, start);
        children[added] = 0;
        children[parent]++;
        place(added);
        return added;
    }

    private static int hash(int parent, byte[] name, int start) {
        long hash = parent;
        int length = name[start];
        for (int i = 1; i <= length; ) {
            long word = 0;
            for (int end = Math.min(length, i + Long.BYTES - 1); i <= end; i++) {
                word = word << Byte.SIZE | Octets.lower(name[start + i]) & 0xff;
            }
            hash = HASH.of(hash, word, length);
        }
        return (int) hash;
    }

    private boolean isLabel(int node, byte[] name, int start) {
        int at = starts[node];
        int length = name[start];
        if (octets[at] != length) {
            return false;
        }
        for (int i = 1; i <= length; i++) {
            if (Octets.lower(octets[at + i]) != Octets.lower(name[start + i])) {
                return false;
            }
        }
        return true;
    }

    private void place(int node) {
        int mask = places.length - 1;
        int place = hashes[node] & mask;
        while (places[place] != 0) {
            place = place + 1 & mask;
        }
        places[place] = node;
    }

    private int store(byte[] name, int start) {
        int length = name[start] + 1;
        if (octetsUsed + length > octets.length) {
            octets = Arrays.copyOf(octets, 2 * octets.length);
        }
        System.arraycopy(name, start, octets, octetsUsed, length);
        octetsUsed += length;
        return octetsUsed - length;
    }

    private void grow() {
        int size = 2 * parents.length;
        parents = Arrays.copyOf(parents, size);
        hashes = Arrays.copyOf(hashes, size);
        starts = Arrays.copyOf(starts, size);
        children = Arrays.copyOf(children, size);
        places = new int[2 * size];
        for (int node = 1; node < nodes - 1; node++) {
            place(node);
        }
    }

    /** Nodes one label below. */
    int children(int node) {
        return children[node];
    }

    /** Labels from the root to a node. */
    int depth(int node) {
        int depth = 0;
        for (int at = node; at != ROOT; at = parents[at]) {
            depth++;
        }
        return depth;
    }

    /** The name of a node, uncompressed. */
    byte[] toWire(int node) {
        int length = 1;
        for (int at = node; at != ROOT; at = parents[at]) {
            length += octets[starts[at]] + 1;
        }
        byte[] wire = new byte[length];
        int end = 0;
        for (int at = node; at != ROOT; at = parents[at]) {
            System.arraycopy(octets, starts[at], wire, end, octets[starts[at]] + 1);
            end += octets[starts[at]] + 1;
        }
        return wire;
    }

    private int compare(int a, int b) {
        int both = Math.min(octets[starts[a]], octets[starts[b]]);
        for (int i = 1; i <= both; i++) {
            int difference =
                    (Octets.lower(octets[starts[a] + i]) & 0xff) - (Octets.lower(octets[starts[b] + i]) & 0xff);
            if (difference != 0) {
                return difference;
            }
        }
        return octets[starts[a]] - octets[starts[b]];
    }

    /** Who is below whom, as of now. */
    Families families() {
        return new Families();
    }

    /** The children of all nodes, one behind the other by their parents. */
    final class Families {
        private final int[] members = new int[nodes];
        private final int[] firsts = new int[nodes + 1];

        private Families() {
            for (int node = ROOT; node < nodes; node++) {
                firsts[node + 1] = firsts[node] + children[node];
            }
            int[] next = Arrays.copyOf(firsts, nodes);
            for (int node = 1; node < nodes; node++) {
                members[next[parents[node]]++] = node;
            }
        }

        /** In alphabetical order. */
        int[] children(int node) {
            return Arrays.stream(members, firsts[node], firsts[node + 1])
                    .boxed()
                    .sorted(LabelTable.this::compare)
                    .mapToInt(Integer::intValue)
                    .toArray();
        }
    }
}
