package dev.weir.ebpf.map;

import dev.weir.sys.Bpf;
import dev.weir.sys.BpfCommand;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * Goes through all entries while others change the map. An entry that is there all the time is seen exactly once; one that comes, goes or
 * changes meanwhile may be seen or not, but never twice.
 *
 * <p>Hash maps are walked by batches, which the kernel makes of whole buckets under each bucket's lock, and arrays by batches of indices:
 * one pass sees everything. All other walks go from key to key, those of a trie inside the kernel where it has batches for them, and a
 * change under them shows in two ways. The kernel answers "what follows" of a key that has vanished with the first key: keys seen before
 * are remembered and skipped, and a map that keeps on sending the walk back ends it with an error instead of never. And a node of a trie
 * that is replaced while the kernel climbs back from it hides what lies to its right, up to the whole rest: such walks are repeated until a
 * pass brings nothing new.
 */
final class MapWalk {
    private static final int BATCH = 64;
    /** A pass that was shown so many times as many keys as there are was sent back too often. */
    private static final int ROUNDS = 64;
    /** Where new entries come all the time, those that stay have been seen after so many passes. */
    private static final int PASSES = 8;

    private final BpfMap map;

    /** Sees one entry, in memory that is valid for the call only. */
    @FunctionalInterface
    interface Visitor {
        void visit(MemorySegment key, MemorySegment value) throws SyscallException;
    }

    MapWalk(BpfMap map) {
        this.map = map;
    }

    void run(Visitor visitor) throws SyscallException {
        if (isByBuckets() && byBatches(visitor)) {
            return;
        }
        boolean batched = map.type() == MapType.LPM_TRIE;
        Once once = new Once(visitor);
        do {
            once.startPass();
            batched = batched && byBatches(once);
            if (!batched) {
                byKeys(once);
            }
        } while (once.mayHaveMissed());
    }

    /** Whether the kernel's batches go through it by buckets or indices, which no change can lead astray. */
    private boolean isByBuckets() {
        return switch (map.type()) {
            case HASH, LRU_HASH, PERCPU_HASH, LRU_PERCPU_HASH, ARRAY, PERCPU_ARRAY -> true;
            case null, default -> false;
        };
    }

    /** Returns false if the kernel knows no batches, before anything was visited. */
    private boolean byBatches(Visitor visitor) throws SyscallException {
        // The position in a hash map is a bucket's number, 4 bytes; in other maps a key.
        int positionBytes = Math.max(Integer.BYTES, map.keyBytes());
        int capacity = BATCH;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(positionBytes, Long.BYTES);
            MemorySegment out = arena.allocate(positionBytes, Long.BYTES);
            boolean first = true;
            while (true) {
                try (MapBatch batch = map.batch(capacity)) {
                    int result = batch.walk(BpfCommand.BPF_MAP_LOOKUP_BATCH, first ? MemorySegment.NULL : in, out);
                    if (first && MapBatch.isUnsupported(result)) {
                        return false;
                    }
                    if (result == -Errno.ENOSPC) {
                        // One bucket holds more than there is room for: try the same bucket with more room.
                        capacity *= 2;
                        continue;
                    }
                    if (result < 0 && result != -Errno.ENOENT) {
                        throw Bpf.failure(BpfCommand.BPF_MAP_LOOKUP_BATCH, result);
                    }
                    visit(batch, visitor);
                    if (result == -Errno.ENOENT) {
                        return true;
                    }
                    in.copyFrom(out);
                    first = false;
                }
            }
        }
    }

    private void visit(MapBatch batch, Visitor visitor) throws SyscallException {
        for (int i = 0; i < batch.done(); i++) {
            visitor.visit(
                    batch.keys().asSlice((long) i * map.keyBytes(), map.keyBytes()),
                    batch.values().asSlice((long) i * map.valueBytes(), map.valueBytes()));
        }
    }

    /** Shows a visitor each key once: knows the keys seen, in all passes, and how many steps this pass has taken. */
    private final class Once implements Visitor {
        private final Visitor visitor;
        private final Set<ByteBuffer> seen = new HashSet<>();
        private int passes;
        private int seenBefore;
        private long steps;

        Once(Visitor visitor) {
            this.visitor = visitor;
        }

        void startPass() {
            passes++;
            seenBefore = seen.size();
            steps = 0;
        }

        /** Whether this pass has found something, so that it can have missed something too. */
        boolean mayHaveMissed() {
            return seen.size() > seenBefore && passes < PASSES;
        }

        @Override
        public void visit(MemorySegment key, MemorySegment value) throws SyscallException {
            if (isFresh(key)) {
                visitor.visit(key, value);
            }
        }

        boolean isFresh(MemorySegment key) throws SyscallException {
            if (++steps > (long) ROUNDS * Math.max(seen.size(), BATCH)) {
                throw SyscallException.explained(
                        "walk of the map " + map.name(),
                        Errno.EAGAIN,
                        "its entries change faster than they can be read");
            }
            return seen.add(ByteBuffer.wrap(key.toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    private void byKeys(Once once) throws SyscallException {
        try (MapSlot slot = map.slot();
                Arena arena = Arena.ofConfined()) {
            MemorySegment current = arena.allocate(map.keyBytes(), Long.BYTES);
            int next = slot.nextKey(true);
            while (next == 0) {
                boolean fresh = once.isFresh(slot.key());
                current.copyFrom(slot.key());
                if (fresh) {
                    int found = slot.lookup();
                    if (found == 0) {
                        once.visitor.visit(slot.key(), slot.value());
                    } else if (!MapSlot.isMissing(found)) {
                        throw Bpf.failure(BpfCommand.BPF_MAP_LOOKUP_ELEM, found);
                    }
                }
                slot.key().copyFrom(current);
                next = slot.nextKey(false);
            }
            if (!MapSlot.isMissing(next)) {
                throw Bpf.failure(BpfCommand.BPF_MAP_GET_NEXT_KEY, next);
            }
        }
    }
}
