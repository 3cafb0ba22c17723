package dev.weir.engine.acl;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A set of networks in which the most specific match decides, and a negated one excludes.
 *
 * <p>Two binary tries, one per family, one level per address bit, walked until no deeper network can match: an address outside all listed
 * networks usually leaves within a few levels. Changes are made under the group's lock; readers take no lock. That is safe because a node
 * is complete before it is linked, and its verdict is one reference; a reader that stands on nodes while they are taken out sees the old set.
 */
public final class NetmaskGroup implements Watched {
    private static final class Node {
        @Nullable Node zero;

        @Nullable Node one;

        @Nullable Netmask mask;
    }

    private Node v4 = new Node();
    private Node v6 = new Node();
    private volatile int size;
    private final Revision revision = new Revision();

    public static NetmaskGroup of(Iterable<Netmask> masks) {
        NetmaskGroup group = new NetmaskGroup();
        masks.forEach(group::add);
        return group;
    }

    /** Reads each text as a {@link Netmask}. */
    public static NetmaskGroup parse(Iterable<String> masks) {
        NetmaskGroup group = new NetmaskGroup();
        for (String text : masks) {
            group.add(Netmask.parse(text));
        }
        return group;
    }

    /** Adds a network, or replaces the entry of the same network. */
    public synchronized void add(Netmask mask) {
        Node node = mask.ip().isV4() ? v4 : v6;
        for (int depth = 0; depth < mask.prefix(); depth++) {
            boolean one = bit(mask, depth);
            Node child = one ? node.one : node.zero;
            if (child == null) {
                child = new Node();
                if (one) {
                    node.one = child;
                } else {
                    node.zero = child;
                }
            }
            node = child;
        }
        if (node.mask == null) {
            size++;
        }
        node.mask = mask;
        revision.changed();
    }

    public void addAll(NetmaskGroup other) {
        other.masks().forEach(this::add);
    }

    /** Takes a network out, and with it the nodes that no other network needs; false if it was not in. */
    public synchronized boolean remove(Netmask mask) {
        Node node = mask.ip().isV4() ? v4 : v6;
        Node last = node;
        int lastDepth = 0;
        for (int depth = 0; depth < mask.prefix(); depth++) {
            if (node.mask != null || node.zero != null && node.one != null) {
                last = node;
                lastDepth = depth;
            }
            Node child = bit(mask, depth) ? node.one : node.zero;
            if (child == null) {
                return false;
            }
            node = child;
        }
        if (node.mask == null) {
            return false;
        }
        node.mask = null;
        if (node.zero == null && node.one == null && mask.prefix() > 0) {
            if (bit(mask, lastDepth)) {
                last.one = null;
            } else {
                last.zero = null;
            }
        }
        size--;
        revision.changed();
        return true;
    }

    private static boolean bit(Netmask mask, int depth) {
        return bit(mask.ip().family(), mask.ip().hi(), mask.ip().lo(), depth);
    }

    public synchronized void clear() {
        v4 = new Node();
        v6 = new Node();
        size = 0;
        revision.changed();
    }

    /** Whether the most specific network that holds the address is there and not negated. */
    public boolean match(int family, long hi, long lo) {
        Netmask best = lookup(family, hi, lo);
        return best != null && !best.negated();
    }

    public boolean match(Peer peer) {
        return match(peer.family(), peer.hi(), peer.lo());
    }

    public boolean match(IpAddress ip) {
        return match(ip.family(), ip.hi(), ip.lo());
    }

    /** The most specific network that holds the address, negated or not. */
    public @Nullable Netmask lookup(int family, long hi, long lo) {
        Node node = family == 4 ? v4 : v6;
        Netmask best = null;
        for (int depth = 0; node != null; depth++) {
            Netmask here = node.mask;
            best = here == null ? best : here;
            if (depth == (family == 4 ? 32 : 128)) {
                break;
            }
            node = bit(family, hi, lo, depth) ? node.one : node.zero;
        }
        return best;
    }

    private static boolean bit(int family, long hi, long lo, int depth) {
        if (family == 4) {
            return (lo >>> 31 - depth & 1) != 0;
        }
        return ((depth < 64 ? hi >>> 63 - depth : lo >>> 127 - depth) & 1) != 0;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** Levels of both tries in use, of some 24 octets each. */
    synchronized int nodes() {
        return nodes(v4) + nodes(v6);
    }

    private static int nodes(@Nullable Node node) {
        return node == null ? 0 : 1 + nodes(node.zero) + nodes(node.one);
    }

    /** All networks: IPv4 first, each family in address order. */
    public synchronized List<Netmask> masks() {
        List<Netmask> all = new ArrayList<>(size);
        collect(v4, all);
        collect(v6, all);
        return all;
    }

    @Override
    public int revision() {
        return revision.current();
    }

    /** Hands out all networks; returns the revision they have, and reports the next change ({@link Watched}). */
    public synchronized int watch(Consumer<Netmask> target) {
        masks().forEach(target);
        return revision.watch();
    }

    private static void collect(Node node, List<Netmask> all) {
        if (node.mask != null) {
            all.add(node.mask);
        }
        if (node.zero != null) {
            collect(node.zero, all);
        }
        if (node.one != null) {
            collect(node.one, all);
        }
    }

    /** The networks, separated by comma and space. */
    @Override
    public String toString() {
        return String.join(", ", masks().stream().map(Netmask::toString).toList());
    }
}
