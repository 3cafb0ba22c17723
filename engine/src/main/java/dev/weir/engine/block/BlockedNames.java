package dev.weir.engine.block;

import dev.weir.engine.query.HashedName;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Blocks by name, each for everything below too, the longest match first. One hash table with linear probing, asked once a label. Threads
 * as with {@link BlockedClients}.
 */
final class BlockedNames {
    private volatile AtomicReferenceArray<@Nullable DynamicBlock> slots = new AtomicReferenceArray<>(16);
    private int count;
    private volatile boolean empty = true;

    /** The block in force of the longest suffix of a name. */
    @Nullable DynamicBlock find(HashedName key, long nowNanos) {
        AtomicReferenceArray<@Nullable DynamicBlock> table = slots;
        int mask = table.length() - 1;
        for (int label = 0; label <= key.labels(); label++) {
            int hash = key.suffixHash(label);
            DynamicBlock block;
            for (int i = hash & mask; (block = table.getAcquire(i)) != null; i = i + 1 & mask) {
                Name name = block.suffix();
                if (name != null && name.hashCode() == hash && key.suffixEquals(label, name)) {
                    if (block.isActive(nowNanos)) {
                        return block;
                    }
                    break;
                }
            }
        }
        return null;
    }

    /** The entry of exactly this name, in force or ended. */
    @Nullable DynamicBlock get(Name name) {
        AtomicReferenceArray<@Nullable DynamicBlock> table = slots;
        return table.getAcquire(find(table, name));
    }

    private static int find(AtomicReferenceArray<@Nullable DynamicBlock> table, Name name) {
        int mask = table.length() - 1;
        for (int i = name.hashCode() & mask; ; i = i + 1 & mask) {
            DynamicBlock there = table.getPlain(i);
            Name other = there == null ? null : there.suffix();
            if (other == null || other.equals(name)) {
                return i;
            }
        }
    }

    /** Puts a block in the place of its name, instead of another one that may be there. */
    void put(Name name, DynamicBlock block) {
        if (2 * (count + 1) > slots.length()) {
            AtomicReferenceArray<@Nullable DynamicBlock> larger = new AtomicReferenceArray<>(2 * slots.length());
            forEach(old -> {
                Name oldName = old.suffix();
                if (oldName != null) {
                    larger.setPlain(find(larger, oldName), old);
                }
            });
            slots = larger;
        }
        int place = find(slots, name);
        if (slots.getPlain(place) == null) {
            count++;
        }
        slots.setRelease(place, block);
        empty = false;
    }

    boolean isEmpty() {
        return empty;
    }

    /** Entries, those that have ended and were not taken out yet included. */
    int size() {
        return count;
    }

    void forEach(Consumer<DynamicBlock> consumer) {
        AtomicReferenceArray<@Nullable DynamicBlock> table = slots;
        for (int i = 0; i < table.length(); i++) {
            DynamicBlock block = table.getPlain(i);
            if (block != null) {
                consumer.accept(block);
            }
        }
    }

    /** Those in force: by labels from the right, a name after those below it. */
    List<DynamicBlock> active(long nowNanos) {
        List<DynamicBlock> active = new ArrayList<>();
        forEach(block -> {
            if (block.isActive(nowNanos)) {
                active.add(block);
            }
        });
        active.sort((a, b) -> compare(a.suffix(), b.suffix()));
        return active;
    }

    private static int compare(@Nullable Name a, @Nullable Name b) {
        if (a == null || b == null) {
            return 0;
        }
        if (a.isPartOf(b)) {
            return a.equals(b) ? 0 : -1;
        }
        return b.isPartOf(a) ? 1 : a.compareTo(b);
    }

    /** A table of those in force. */
    BlockedNames pruned(long nowNanos) {
        BlockedNames kept = new BlockedNames();
        forEach(block -> {
            Name name = block.suffix();
            if (name != null && block.isActive(nowNanos)) {
                kept.put(name, block);
            }
        });
        return kept;
    }
}
