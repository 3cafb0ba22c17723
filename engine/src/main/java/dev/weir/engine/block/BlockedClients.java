package dev.weir.engine.block;

import dev.weir.engine.acl.AddressHash;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Peer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Blocks by client, the longest match first. All blocks of one size (address bits and port bits) share a hash table with linear probing,
 * and a look-up asks the tables of its family from the longest size down: an operator's blocks have one size a family or two, so that this
 * is one probe or two, where a trie would walk 32 or 128 levels.
 *
 * <p>One thread at a time changes it, any number reads at the same time without a lock: a slot goes from empty to a block and from a block
 * to its successor, never back. What has ended is left out when a new table is made.
 */
final class BlockedClients {
    private static final Size[] NO_SIZES = {};

    private final AddressHash hash;
    private volatile Size[] v4 = NO_SIZES;
    private volatile Size[] v6 = NO_SIZES;
    private int count;

    BlockedClients(AddressHash hash) {
        this.hash = hash;
    }

    /** All blocks of one size. */
    private static final class Size {
        final int prefix;
        final int portBits;
        final long maskHi;
        final long maskLo;
        final int portMask;
        volatile AtomicReferenceArray<@Nullable DynamicBlock> slots = new AtomicReferenceArray<>(16);
        int used;

        Size(int family, int prefix, int portBits) {
            this.prefix = prefix;
            this.portBits = portBits;
            maskHi = family == 4 ? 0 : IpAddress.maskHi6(prefix);
            maskLo = family == 4 ? IpAddress.maskLo4(prefix) : IpAddress.maskLo6(prefix);
            portMask = ClientRange.portMask(portBits);
        }

        /** Longest first. */
        static int compare(Size a, Size b) {
            int order = Integer.compare(b.prefix, a.prefix);
            return order != 0 ? order : Integer.compare(b.portBits, a.portBits);
        }
    }

    /** The most specific block in force for a client. */
    @Nullable DynamicBlock find(Peer client, long nowNanos) {
        for (Size size : client.family() == 4 ? v4 : v6) {
            DynamicBlock block =
                    find(size, client.hi() & size.maskHi, client.lo() & size.maskLo, client.port() & size.portMask);
            if (block != null && block.isActive(nowNanos)) {
                return block;
            }
        }
        return null;
    }

    private @Nullable DynamicBlock find(Size size, long hi, long lo, int port) {
        AtomicReferenceArray<@Nullable DynamicBlock> slots = size.slots;
        int mask = slots.length() - 1;
        for (int i = (int) hash.of(hi, lo, port) & mask; ; i = i + 1 & mask) {
            DynamicBlock block = slots.getAcquire(i);
            if (block == null || isOf(block, hi, lo, port)) {
                return block;
            }
        }
    }

    private static boolean isOf(DynamicBlock block, long hi, long lo, int port) {
        ClientRange range = block.client();
        return range != null && range.lo() == lo && range.hi() == hi && range.port() == port;
    }

    /** The entry of exactly this range, in force or ended. */
    @Nullable DynamicBlock get(ClientRange range) {
        return get(range.family(), range.hi(), range.lo(), range.prefix(), range.port(), range.portBits());
    }

    /** The same without an object for the range. */
    @Nullable DynamicBlock get(int family, long hi, long lo, int prefix, int port, int portBits) {
        for (Size size : family == 4 ? v4 : v6) {
            if (size.prefix == prefix && size.portBits == portBits) {
                return find(size, hi, lo, port);
            }
        }
        return null;
    }

    /** Puts a block in the place of its range, instead of another one that may be there. */
    void put(ClientRange range, DynamicBlock block) {
        Size size = size(range);
        if (2 * (size.used + 1) > size.slots.length()) {
            grow(size);
        }
        if (place(size.slots, range, block)) {
            size.used++;
            count++;
        }
    }

    private Size size(ClientRange range) {
        Size[] sizes = range.family() == 4 ? v4 : v6;
        for (Size size : sizes) {
            if (size.prefix == range.prefix() && size.portBits == range.portBits()) {
                return size;
            }
        }
        Size added = new Size(range.family(), range.prefix(), range.portBits());
        Size[] more = Arrays.copyOf(sizes, sizes.length + 1);
        more[sizes.length] = added;
        Arrays.sort(more, Size::compare);
        if (range.family() == 4) {
            v4 = more;
        } else {
            v6 = more;
        }
        return added;
    }

    private void grow(Size size) {
        AtomicReferenceArray<@Nullable DynamicBlock> old = size.slots;
        AtomicReferenceArray<@Nullable DynamicBlock> larger = new AtomicReferenceArray<>(2 * old.length());
        for (int i = 0; i < old.length(); i++) {
            DynamicBlock block = old.getPlain(i);
            ClientRange range = block == null ? null : block.client();
            if (block != null && range != null) {
                place(larger, range, block);
            }
        }
        size.slots = larger;
    }

    private boolean place(AtomicReferenceArray<@Nullable DynamicBlock> slots, ClientRange range, DynamicBlock block) {
        int mask = slots.length() - 1;
        for (int i = (int) hash.of(range.hi(), range.lo(), range.port()) & mask; ; i = i + 1 & mask) {
            DynamicBlock there = slots.getPlain(i);
            if (there == null || isOf(there, range.hi(), range.lo(), range.port())) {
                slots.setRelease(i, block);
                return there == null;
            }
        }
    }

    /** Entries, those that have ended and were not taken out yet included. */
    int size() {
        return count;
    }

    void forEach(Consumer<DynamicBlock> consumer) {
        for (Size[] sizes : List.of(v4, v6)) {
            for (Size size : sizes) {
                AtomicReferenceArray<@Nullable DynamicBlock> slots = size.slots;
                for (int i = 0; i < slots.length(); i++) {
                    DynamicBlock block = slots.getPlain(i);
                    if (block != null) {
                        consumer.accept(block);
                    }
                }
            }
        }
    }

    /** Those in force, sorted. */
    List<DynamicBlock> active(long nowNanos) {
        List<DynamicBlock> active = new ArrayList<>();
        forEach(block -> {
            if (block.isActive(nowNanos)) {
                active.add(block);
            }
        });
        active.sort((a, b) -> compare(a.client(), b.client()));
        return active;
    }

    private static int compare(@Nullable ClientRange a, @Nullable ClientRange b) {
        return a == null || b == null ? 0 : a.compareTo(b);
    }

    /** A table of those in force. */
    BlockedClients pruned(long nowNanos) {
        BlockedClients kept = new BlockedClients(hash);
        forEach(block -> {
            ClientRange range = block.client();
            if (range != null && block.isActive(nowNanos)) {
                kept.put(range, block);
            }
        });
        return kept;
    }
}
