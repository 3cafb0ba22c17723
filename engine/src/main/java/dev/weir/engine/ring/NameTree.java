package dev.weir.engine.ring;

import dev.weir.wire.Names;
import dev.weir.wire.Rcode;
import java.util.Arrays;

/**
 * Responses counted by name, in a tree of labels with the root on top: what {@code statNodeRespRing} and the suffix rules of dynamic blocks
 * look at. Names differ in more than ASCII case; a node is spelled as it was seen first. Belongs to one thread, and is used again after
 * {@link #clear}.
 *
 * <p>A node is a number, and what it consists of stands in arrays: about 90 octets and its label. Clients choose the names, so there is room
 * for {@link LabelTable#MOST} nodes. A response whose name finds none counts for the lowest name above that is there, as one of those below:
 * what names share with many others is among the first of them, and what their subtrees sum up to is right in any case.
 */
public final class NameTree {
    private static final int MAX_LABELS = 128;

    private static final int QUERIES = 0;
    private static final int NOERRORS = 1;
    private static final int NXDOMAINS = 2;
    private static final int SERVFAILS = 3;
    private static final int DROPS = 4;
    private static final int BYTES = 5;
    private static final int HITS = 6;
    private static final int KINDS = 7;

    private final LabelTable labels;
    private final short[] starts = new short[MAX_LABELS];

    /** By node: what was counted for exactly this name, in the order of the kinds. */
    private long[] self = new long[KINDS];

    /** By node: what was counted for names below that found no room; empty as long as all have found some. */
    private long[] below = {};

    private long unseen;

    /** An empty tree. */
    public NameTree() {
        this(LabelTable.MOST);
    }

    NameTree(int most) {
        labels = new LabelTable(most);
    }

    /** Forgets all names. */
    public void clear() {
        Arrays.fill(self, 0, Math.min(self.length, labels.nodes() * KINDS), 0);
        below = new long[0];
        unseen = 0;
        labels.clear();
    }

    /** Sees a node after all nodes below it. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * @param self what was counted for exactly this name
         * @param subtree what was counted for this name and all names below
         */
        void visit(Node node, Counts self, Counts subtree);
    }

    /** Adds all responses that the cursor still has to go through. */
    public void addAll(RingCursor responses) {
        while (responses.next()) {
            add(responses);
        }
    }

    /** Adds the response that the cursor stands on. As in dnsdist, responses for the root's own name do not count. */
    public void add(RingCursor response) {
        if (response.nameLength() <= 1) {
            return;
        }
        byte[] name = response.nameBytes();
        int count = 0;
        for (int at = 0; name[at] != 0; at += name[at] + 1) {
            starts[count++] = (short) at;
        }
        int node = LabelTable.ROOT;
        while (count > 0) {
            int child = labels.child(node, name, starts[--count]);
            if (child < 0) {
                unseen++;
                below = withRoom(below);
                count(below, node, response);
                return;
            }
            node = child;
        }
        self = withRoom(self);
        count(self, node, response);
    }

    private long[] withRoom(long[] counts) {
        return counts.length < labels.nodes() * KINDS ? Arrays.copyOf(counts, labels.capacity() * KINDS) : counts;
    }

    private static void count(long[] counts, int node, RingCursor response) {
        int first = node * KINDS;
        int weight = response.weight();
        counts[first + QUERIES] += weight;
        counts[first + BYTES] += (long) weight * response.size();
        if (response.isCacheHit()) {
            counts[first + HITS] += weight;
        }
        if (response.isTimeout()) {
            counts[first + DROPS] += weight;
            return;
        }
        switch (response.rcode()) {
            case Rcode.NOERROR -> counts[first + NOERRORS] += weight;
            case Rcode.SERVFAIL -> counts[first + SERVFAILS] += weight;
            case Rcode.NXDOMAIN -> counts[first + NXDOMAINS] += weight;
            default -> {}
        }
    }

    /** Responses whose names found no room. */
    public long unseen() {
        return unseen;
    }

    /** Shows all nodes to the visitor, each after those below it and the root last; brothers and sisters in alphabetical order. */
    public void visit(Visitor visitor) {
        walk(LabelTable.ROOT, labels.families(), visitor);
    }

    /** At most 127 calls deep, as names are (RFC 1035 2.3.4). */
    private Counts walk(int node, LabelTable.Families families, Visitor visitor) {
        Counts own = new Counts();
        own.add(self, node);
        Counts subtree = new Counts();
        subtree.add(self, node);
        subtree.add(below, node);
        for (int child : families.children(node)) {
            subtree.add(walk(child, families, visitor));
        }
        visitor.visit(new Node(node), own, subtree);
        return subtree;
    }

    /** A name in the tree; good until the tree is cleared. */
    public final class Node {
        private final int number;

        private Node(int number) {
            this.number = number;
        }

        /** The name as text with its last dot, escaped as in zone files (RFC 1035 5.1); empty for the root. */
        public String fullName() {
            byte[] wire = toWire();
            return number == LabelTable.ROOT ? "" : Names.toString(wire, 0, wire.length);
        }

        /** The name in wire form, as it was seen first. */
        public byte[] toWire() {
            return labels.toWire(number);
        }

        /** Labels of the name; 0 for the root. */
        public int labels() {
            return labels.depth(number);
        }

        /** Nodes one label below. */
        public int children() {
            return labels.children(number);
        }

        @Override
        public String toString() {
            return fullName();
        }
    }

    /** Responses of some kinds, each multiplied with the sampling rate. */
    public static final class Counts {
        private final long[] counts = new long[KINDS];

        private void add(long[] all, int node) {
            for (int kind = 0; kind < KINDS && node * KINDS + kind < all.length; kind++) {
                counts[kind] += all[node * KINDS + kind];
            }
        }

        private void add(Counts other) {
            add(other.counts, 0);
        }

        /** Responses and timeouts. */
        public long queries() {
            return counts[QUERIES];
        }

        public long noerrors() {
            return counts[NOERRORS];
        }

        public long nxdomains() {
            return counts[NXDOMAINS];
        }

        public long servfails() {
            return counts[SERVFAILS];
        }

        /** Timeouts. */
        public long drops() {
            return counts[DROPS];
        }

        /** Octets of all responses. */
        public long bytes() {
            return counts[BYTES];
        }

        /** Responses from the cache. */
        public long hits() {
            return counts[HITS];
        }
    }
}
