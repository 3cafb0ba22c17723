package dev.weir.engine.ring;

import dev.weir.wire.KeyedHash;
import dev.weir.wire.Names;
import dev.weir.wire.Octets;
import dev.weir.wire.Rcode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Responses counted by name, in a tree of labels with the root on top: what {@code statNodeRespRing} and the suffix rules of dynamic blocks
 * look at. Names differ in more than ASCII case; a node is spelled as it was seen first. Belongs to one thread.
 *
 * <p>Adding a name that is there makes no object.
 */
public final class NameTree {
    private static final int MAX_LABELS = 128;

    private final Node root = new Node(null, new Label());
    private final Label probe = new Label();
    private final short[] starts = new short[MAX_LABELS];

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
        Counts counts = node(response.nameBytes()).self;
        int weight = response.weight();
        counts.queries += weight;
        counts.bytes += (long) weight * response.size();
        if (response.isCacheHit()) {
            counts.hits += weight;
        }
        if (response.isTimeout()) {
            counts.drops += weight;
            return;
        }
        switch (response.rcode()) {
            case Rcode.NOERROR -> counts.noerrors += weight;
            case Rcode.SERVFAIL -> counts.servfails += weight;
            case Rcode.NXDOMAIN -> counts.nxdomains += weight;
            default -> {}
        }
    }

    private Node node(byte[] name) {
        int labels = 0;
        for (int at = 0; name[at] != 0; at += name[at] + 1) {
            starts[labels++] = (short) at;
        }
        Node node = root;
        while (labels > 0) {
            int start = starts[--labels];
            probe.set(name, start + 1, name[start]);
            node = node.child(probe);
        }
        return node;
    }

    /** Shows all nodes to the visitor, each after those below it and the root last; brothers and sisters in alphabetical order. */
    public void visit(Visitor visitor) {
        walk(root, visitor);
    }

    /** At most 127 calls deep, as names are (RFC 1035 2.3.4). */
    private static Counts walk(Node node, Visitor visitor) {
        Counts subtree = new Counts();
        subtree.add(node.self);
        for (Node child : node.sorted()) {
            subtree.add(walk(child, visitor));
        }
        visitor.visit(node, node.self, subtree);
        return subtree;
    }

    /** A name in the tree. */
    public static final class Node {
        private final @Nullable Node parent;
        private final Label label;
        private final Counts self = new Counts();
        private @Nullable Map<Label, Node> children;

        private Node(@Nullable Node parent, Label label) {
            this.parent = parent;
            this.label = label;
        }

        private Node child(Label wanted) {
            Map<Label, Node> known = children;
            if (known == null) {
                known = new HashMap<>(4);
                children = known;
            }
            Node child = known.get(wanted);
            if (child == null) {
                child = new Node(this, wanted.copy());
                known.put(child.label, child);
            }
            return child;
        }

        private List<Node> sorted() {
            Map<Label, Node> known = children;
            if (known == null) {
                return List.of();
            }
            List<Node> nodes = new ArrayList<>(known.values());
            nodes.sort((a, b) -> a.label.compareTo(b.label));
            return nodes;
        }

        /** The name as text with its last dot, escaped as in zone files (RFC 1035 5.1); empty for the root. */
        public String fullName() {
            byte[] wire = toWire();
            return parent == null ? "" : Names.toString(wire, 0, wire.length);
        }

        /** The name in wire form, as it was seen first. */
        public byte[] toWire() {
            int length = 1;
            for (Node node = this; node.parent != null; node = node.parent) {
                length += node.label.length + 1;
            }
            byte[] wire = new byte[length];
            int at = 0;
            for (Node node = this; node.parent != null; node = node.parent) {
                wire[at] = (byte) node.label.length;
                System.arraycopy(node.label.octets, node.label.offset, wire, at + 1, node.label.length);
                at += node.label.length + 1;
            }
            return wire;
        }

        /** Labels of the name; 0 for the root. */
        public int labels() {
            int labels = 0;
            for (Node node = this; node.parent != null; node = node.parent) {
                labels++;
            }
            return labels;
        }

        /** Nodes one label below. */
        public int children() {
            Map<Label, Node> known = children;
            return known == null ? 0 : known.size();
        }

        @Override
        public String toString() {
            return fullName();
        }
    }

    /** Responses of some kinds, each multiplied with the sampling rate. */
    public static final class Counts {
        private long queries;
        private long noerrors;
        private long nxdomains;
        private long servfails;
        private long drops;
        private long bytes;
        private long hits;

        private void add(Counts other) {
            queries += other.queries;
            noerrors += other.noerrors;
            nxdomains += other.nxdomains;
            servfails += other.servfails;
            drops += other.drops;
            bytes += other.bytes;
            hits += other.hits;
        }

        /** Responses and timeouts. */
        public long queries() {
            return queries;
        }

        public long noerrors() {
            return noerrors;
        }

        public long nxdomains() {
            return nxdomains;
        }

        public long servfails() {
            return servfails;
        }

        /** Timeouts. */
        public long drops() {
            return drops;
        }

        /** Octets of all responses. */
        public long bytes() {
            return bytes;
        }

        /** Responses from the cache. */
        public long hits() {
            return hits;
        }
    }

    /** A label as a key, ASCII case aside. */
    private static final class Label implements Comparable<Label> {
        private byte[] octets = new byte[0];
        private int offset;
        private int length;
        private int hash;

        void set(byte[] newOctets, int newOffset, int newLength) {
            octets = newOctets;
            offset = newOffset;
            length = newLength;
            hash = Names.HASH.place(
                    Names.HASH.lowerOctets(KeyedHash.START + newLength, newOctets, newOffset, newOffset + newLength));
        }

        Label copy() {
            Label copy = new Label();
            copy.set(Arrays.copyOfRange(octets, offset, offset + length), 0, length);
            return copy;
        }

        private int lower(int index) {
            return Octets.lower(octets[offset + index]) & 0xff;
        }

        @Override
        public int compareTo(Label other) {
            int both = Math.min(length, other.length);
            for (int i = 0; i < both; i++) {
                int difference = lower(i) - other.lower(i);
                if (difference != 0) {
                    return difference;
                }
            }
            return length - other.length;
        }

        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof Label other && other.hash == hash && compareTo(other) == 0;
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
