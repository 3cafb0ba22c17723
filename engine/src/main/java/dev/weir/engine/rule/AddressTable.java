package dev.weir.engine.rule;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.Peer;
import dev.weir.wire.Names;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Which rules an address can concern: those that name a network it lies in.
 *
 * <p>An open-addressing table of networks, asked once for each prefix length that occurs in the address's family. Configurations use few
 * lengths (/32, /24, /16, ...), so this is a handful of probes where a binary trie takes a dependent load for each bit, and it takes a tenth
 * of the trie's memory.
 */
final class AddressTable {
    /** A network without the bits that do not count. */
    private record Network(int family, int prefix, long hi, long lo) {}

    static final class Builder {
        private final Map<Network, Postings> lists = new LinkedHashMap<>();

        void add(Netmask mask, int position) {
            IpAddress network = mask.network();
            Network key = new Network(network.family(), mask.prefix(), network.hi(), network.lo());
            lists.computeIfAbsent(key, k -> new Postings()).add(position);
        }

        AddressTable build() {
            return new AddressTable(this);
        }
    }

    private final int[] v4Prefixes;
    private final int[] v6Prefixes;
    private final int mask;
    private final int[] slots;
    private final int[] kinds;
    private final long[] his;
    private final long[] los;
    private final int[][] positions;

    private AddressTable(Builder builder) {
        int count = builder.lists.size();
        v4Prefixes = prefixes(builder, 4);
        v6Prefixes = prefixes(builder, 6);
        slots = new int[Math.max(4, Integer.highestOneBit(Math.max(1, count)) * 4)];
        mask = slots.length - 1;
        kinds = new int[count];
        his = new long[count];
        los = new long[count];
        positions = new int[count][];
        int entry = 0;
        for (Map.Entry<Network, Postings> one : builder.lists.entrySet()) {
            Network network = one.getKey();
            kinds[entry] = kind(network.family, network.prefix);
            his[entry] = network.hi;
            los[entry] = network.lo;
            positions[entry] = one.getValue().toArray();
            int slot = hash(kinds[entry], network.hi, network.lo) & mask;
            while (slots[slot] != 0) {
                slot = slot + 1 & mask;
            }
            slots[slot] = ++entry;
        }
    }

    private static int[] prefixes(Builder builder, int family) {
        TreeSet<Integer> lengths = new TreeSet<>();
        for (Network network : builder.lists.keySet()) {
            if (network.family == family) {
                lengths.add(network.prefix);
            }
        }
        return lengths.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int kind(int family, int prefix) {
        return family << 8 | prefix;
    }

    private static int hash(int kind, long hi, long lo) {
        return Names.mix(Long.hashCode(hi * 0x9e3779b97f4a7c15L + lo) + kind * 0x01000193);
    }

    boolean isEmpty() {
        return positions.length == 0;
    }

    /** Adds the rules that this address can concern. */
    void gather(Peer peer, RuleWalk walk) {
        if (peer.family() == 4) {
            for (int prefix : v4Prefixes) {
                find(kind(4, prefix), 0, peer.lo() & IpAddress.maskLo4(prefix), walk);
            }
            return;
        }
        for (int prefix : v6Prefixes) {
            long hi = peer.hi() & IpAddress.maskHi6(prefix);
            find(kind(6, prefix), hi, peer.lo() & IpAddress.maskLo6(prefix), walk);
        }
    }

    private void find(int kind, long hi, long lo, RuleWalk walk) {
        for (int slot = hash(kind, hi, lo) & mask; slots[slot] != 0; slot = slot + 1 & mask) {
            int entry = slots[slot] - 1;
            if (los[entry] == lo && his[entry] == hi && kinds[entry] == kind) {
                walk.consider(positions[entry]);
                return;
            }
        }
    }
}
