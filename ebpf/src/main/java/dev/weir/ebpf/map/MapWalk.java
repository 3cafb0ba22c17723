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
 * <p>Hash maps are walked by batches, which the kernel makes of whole buckets under each bucket's lock; arrays and tries by batches that go
 * from key to key inside the kernel. Where there are no batches the walk goes from key to key itself. Then a key that vanished under the walk sends it back to the start, because the kernel answers "what follows" of an
 * unknown key with the first one; keys already seen are remembered and skipped, and a map that keeps on sending the walk back ends it with
 * an error instead of never.
 */
final class MapWalk {
    private static final int BATCH = 64;
    private static final int RESTARTS = 64;

    private final BpfMap map;

    /** Sees one entry, in memory that is valid for the call only. */
    @FunctionalInterface
    interface Visitor {
        void visit(MemorySegment key, MemorySegment value);
    }

    MapWalk(BpfMap map) {
        this.map = map;
    }

    void run(Visitor visitor) throws SyscallException {
        if (!isBatched() || !byBatches(visitor)) {
            byKeys(visitor);
        }
    }

    private boolean isBatched() {
        return switch (map.type()) {
            case HASH, LRU_HASH, PERCPU_HASH, LRU_PERCPU_HASH, ARRAY, PERCPU_ARRAY, LPM_TRIE -> true;
            case null, default -> false;
        };
    }

    /** Returns false if the kernel knows no batches, before anything was visited. */
    private boolean byBatches(Visitor visitor) throws SyscallException {
        // The position in a hash map is a bucket's number, 4 bytes; in other maps a key.
        int positionBytes = Math.max(Integer.BYTES, map.keyBytes());
        int capacity = BATCH;
        Once once = new Once();
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
                    visit(batch, visitor, once);
                    if (result == -Errno.ENOENT) {
                        return true;
                    }
                    in.copyFrom(out);
                    first = false;
                }
            }
        }
    }

    private void visit(MapBatch batch, Visitor visitor, Once once) throws SyscallException {
        // Batches of a trie go from key to key as well: only buckets and indices can't send the walk back.
        boolean mayStartOver = map.type() == MapType.LPM_TRIE;
        for (int i = 0; i < batch.done(); i++) {
            MemorySegment key = batch.keys().asSlice((long) i * map.keyBytes(), map.keyBytes());
            if (!mayStartOver || once.isFresh(key)) {
                visitor.visit(key, batch.values().asSlice((long) i * map.valueBytes(), map.valueBytes()));
            }
        }
    }

    /** The keys seen, and how often the walk was sent back to them. */
    private final class Once {
        private final Set<ByteBuffer> seen = new HashSet<>();
        private int restarts;
        private boolean again;

        boolean isFresh(MemorySegment key) throws SyscallException {
            boolean fresh = seen.add(ByteBuffer.wrap(key.toArray(ValueLayout.JAVA_BYTE)));
            if (!fresh && !again && ++restarts > RESTARTS) {
                throw SyscallException.explained(
                        "walk of the map " + map.name(),
                        Errno.EAGAIN,
                        "its entries change faster than they can be read");
            }
            // A run of keys seen before is one restart.
            again = !fresh;
            return fresh;
        }
    }

    private void byKeys(Visitor visitor) throws SyscallException {
        Once once = new Once();
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
                        visitor.visit(slot.key(), slot.value());
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
