package dev.weir.store;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.store.KeyValueStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One database of an LMDB file, read without LMDB and without a lock, while others may write.
 *
 * <p><b>The file</b> is made of pages. The first two say by turns where the trees are ("meta pages"); the one with the higher transaction number holds. Each named
 * database is a tree, described by a record under its name in the main tree. Pages of a tree hold offsets of nodes in the order of their keys.
 *
 * <pre>
 *   page  u64 number; u16 pad; u16 flags; u16 lower; u16 upper; u16 offsets[(lower - 16) / 2]   branch 1, leaf 2, overflow 4
 *   meta  (page) u32 magic; u32 version; u64 address; u64 mapSize; tree free; tree main; u64 lastPage; u64 transaction
 *   tree  u32 pageSize (of free); u16 flags; u16 depth; u64 pages[3]; u64 entries; u64 root
 *   node  u16 low; u16 high; u16 flags; u16 keyLength; key; data
 *         leaf: data of low | high << 16 octets; with flag 1 the number of the overflow page that holds them; with flag 2 a tree
 *         branch: the number of the child is low | high << 16 | flags << 32; the first node's key is below all
 * </pre>
 *
 * <p><b>No lock.</b> LMDB copies pages before it changes them. The pages that transaction T sees are freed by T+1 at the earliest, and what T+1 freed is used again by T+3 at the earliest, as a
 * writer spares all that the transaction before its own could see. So what was read is right if afterwards the file is at T+1 at the most;
 * otherwise it is read again. LMDB's own readers register in a lock file instead, in order to read for longer.
 *
 * @see <a href="http://www.lmdb.tech/doc/">Lightning Memory-Mapped Database Manager</a>
 */
final class LmdbStore implements KeyValueStore {
    private static final long MAGIC = 0xBEEFC0DEL;
    private static final int HEADER = 16;
    private static final int BRANCH = 1;
    private static final int LEAF = 2;
    private static final int OF_ONE_LENGTH = 32;
    private static final int BIG = 1;
    private static final int SUBTREE = 2;
    private static final int DUPLICATES = 4;
    private static final int FREE_TREE = HEADER + 24;
    private static final int MAIN_TREE = FREE_TREE + 48;
    private static final int TRANSACTION = MAIN_TREE + 56;
    private static final int ROOT = 40;
    private static final int MOST_DEPTH = 64;
    private static final int ATTEMPTS = 100;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final LogLimit COMPLAINTS = new LogLimit(60);

    private final Path path;
    private final byte[] database;
    private final LongSupplier nanos;
    private final AtomicLong nextLook;
    private volatile @Nullable MappedFile file;

    LmdbStore(Path path, String database, LongSupplier nanos) {
        this.path = Files.isDirectory(path) ? path.resolve("data.mdb") : path;
        this.database = database.getBytes(StandardCharsets.UTF_8);
        this.nanos = nanos;
        this.nextLook = new AtomicLong(nanos.getAsLong() + LOOK_NANOS);
        if (reload() && !database.isEmpty() && root(file) == null) {
            complain("there is no database '" + database + "'");
        }
    }

    @Override
    public byte @Nullable [] lookup(byte[] key) {
        return read(key, false);
    }

    @Override
    public byte @Nullable [] lookupRange(byte[] key) {
        byte[] value = read(key, true);
        return value != null && value.length >= key.length && isNotAbove(value, key) ? value : null;
    }

    /** Whether the range's first key, with which its value begins, is not above a key of the same length. */
    private static boolean isNotAbove(byte[] value, byte[] key) {
        for (int i = 0; i < key.length; i++) {
            int difference = (value[i] & 0xff) - (key[i] & 0xff);
            if (difference != 0) {
                return difference < 0;
            }
        }
        return true;
    }

    /** One state of the file. */
    private record State(MappedFile file, long meta, int pageSize) {
        static @Nullable State of(MappedFile file) {
            long first = meta(file, 0);
            if (first < 0) {
                return null;
            }
            int pageSize = (int) file.u32(FREE_TREE);
            long second = pageSize < 512 || file.size() < 2L * pageSize ? -1 : meta(file, pageSize);
            if (second < 0) {
                return null;
            }
            return new State(file, first > second ? 0 : pageSize, pageSize);
        }

        private static long meta(MappedFile file, long page) {
            return file.size() >= page + TRANSACTION + 8 && file.u32(page + HEADER) == MAGIC
                    ? file.u64(page + TRANSACTION)
                    : -1;
        }

        long transaction() {
            return file.u64(meta + TRANSACTION);
        }

        long page(long number) {
            return Math.multiplyExact(number, (long) pageSize);
        }
    }

    private byte @Nullable [] read(byte[] key, boolean atOrAbove) {
        look();
        int broken = 0;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            MappedFile now = file;
            try {
                State before = now == null ? null : State.of(now);
                if (before == null) {
                    return null;
                }
                long transaction = before.transaction();
                byte[] value = null;
                boolean torn = false;
                try {
                    value = find(before, key, atOrAbove);
                } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException e) {
                    torn = true; // what a writer has overwritten, if not a broken file
                }
                State after = State.of(before.file);
                boolean valid = after != null && after.transaction() - transaction <= 1;
                if (valid && !torn) {
                    return value;
                }
                if (valid && ++broken > 2) {
                    break;
                }
                if (valid || before.file.size() < Files.size(path)) {
                    reload(); // it has grown beyond what is mapped, unless it is broken
                }
            } catch (InternalError | IOException e) {
                complain(e.toString());
                return null;
            }
        }
        complain("the file is broken, or changes faster than it can be read");
        return null;
    }

    private byte @Nullable [] find(State state, byte[] key, boolean atOrAbove) {
        Long root = database.length == 0 ? (Long) state.file.u64(state.meta + MAIN_TREE + ROOT) : treeRoot(state);
        long node = root == null || root == -1 ? -1 : search(state, root, key, atOrAbove);
        return node < 0 ? null : data(state, node);
    }

    private @Nullable Long root(@Nullable MappedFile now) {
        try {
            State state = now == null ? null : State.of(now);
            return state == null ? null : treeRoot(state);
        } catch (IndexOutOfBoundsException | ArithmeticException | InternalError broken) {
            return null;
        }
    }

    /** Where the tree of our database begins; null if there is no such database. */
    private @Nullable Long treeRoot(State state) {
        long main = state.file.u64(state.meta + MAIN_TREE + ROOT);
        long node = main == -1 ? -1 : search(state, main, database, false);
        return node < 0 || (flags(state, node) & SUBTREE) == 0
                ? null
                : (Long) state.file.u64(node + 8 + keyLength(state, node) + ROOT);
    }

    /** The node of a key, or of the least one above it; -1 if there is none. */
    private static long search(State state, long root, byte[] key, boolean atOrAbove) {
        MappedFile file = state.file;
        long[] pages = new long[MOST_DEPTH];
        int[] at = new int[MOST_DEPTH];
        long number = root;
        for (int depth = 0; depth < MOST_DEPTH; depth++) {
            long page = state.page(number);
            int kind = file.u16(page + 10);
            int count = (file.u16(page + 12) - HEADER) / 2;
            int position = position(state, page, count, key, kind == BRANCH ? 1 : 0);
            if ((kind & LEAF) != 0) {
                return atLeaf(state, page, count, position, key, atOrAbove, pages, at, depth);
            }
            if ((kind & BRANCH) == 0) {
                throw new IllegalArgumentException("page " + number + " is of no tree");
            }
            int child = position < count && isKey(state, node(state, page, position), key) ? position : position - 1;
            pages[depth] = page;
            at[depth] = child;
            number = child(state, node(state, page, child));
        }
        throw new IllegalArgumentException("the tree is too deep");
    }

    private static long atLeaf(
            State state,
            long page,
            int count,
            int position,
            byte[] key,
            boolean atOrAbove,
            long[] pages,
            int[] at,
            int depth) {
        if (position < count) {
            long node = node(state, page, position);
            return atOrAbove || isKey(state, node, key) ? node : -1;
        }
        if (!atOrAbove) {
            return -1;
        }
        // The least key above stands first in the next subtree of some page on the way.
        for (int up = depth - 1; up >= 0; up--) {
            if (at[up] + 1 < (state.file.u16(pages[up] + 12) - HEADER) / 2) {
                return node(state, least(state, child(state, node(state, pages[up], at[up] + 1))), 0);
            }
        }
        return -1;
    }

    /** The leaf with the least keys below a page. */
    private static long least(State state, long number) {
        long next = number;
        for (int depth = 0; depth < MOST_DEPTH; depth++) {
            long page = state.page(next);
            if ((state.file.u16(page + 10) & LEAF) != 0) {
                return page;
            }
            next = child(state, node(state, page, 0));
        }
        throw new IllegalArgumentException("the tree is too deep");
    }

    /** Of the nodes from {@code first} on, the position of the first one whose key is not below a key. */
    private static int position(State state, long page, int count, byte[] key, int first) {
        int low = first;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            long node = node(state, page, middle);
            if (state.file.compare(node + 8, keyLength(state, node), key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static boolean isKey(State state, long node, byte[] key) {
        return state.file.compare(node + 8, keyLength(state, node), key) == 0;
    }

    private static long node(State state, long page, int position) {
        return page + state.file.u16(page + HEADER + 2L * position);
    }

    private static int keyLength(State state, long node) {
        return state.file.u16(node + 6);
    }

    private static int flags(State state, long node) {
        return state.file.u16(node + 4);
    }

    private static long child(State state, long node) {
        return state.file.u16(node) | (long) state.file.u16(node + 2) << 16 | (long) state.file.u16(node + 4) << 32;
    }

    private static byte[] data(State state, long node) {
        long length = state.file.u32(node);
        long start = node + 8 + keyLength(state, node);
        int flags = flags(state, node);
        if ((flags & BIG) != 0) {
            start = state.page(state.file.u64(start)) + HEADER;
        } else if ((flags & SUBTREE) != 0) {
            return firstKey(state, least(state, state.file.u64(start + ROOT)));
        } else if ((flags & DUPLICATES) != 0) {
            return firstKey(state, start);
        }
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("a value of " + length + " octets");
        }
        return state.file.copy(start, length);
    }

    /** Several values of one key are the keys of a tree or page of their own. */
    private static byte[] firstKey(State state, long page) {
        if ((state.file.u16(page + 10) & OF_ONE_LENGTH) != 0) {
            return state.file.copy(page + HEADER, state.file.u16(page + 8));
        }
        long node = node(state, page, 0);
        return state.file.copy(node + 8, keyLength(state, node));
    }

    // ---- the file

    /** Whether another file stands there now. */
    private void look() {
        long due = nextLook.get();
        long now = nanos.getAsLong();
        if (now - due < 0 || !nextLook.compareAndSet(due, now + LOOK_NANOS)) {
            return;
        }
        try {
            MappedFile known = file;
            if (known == null || !MappedFile.Stamp.of(path).isSameFile(known.stamp())) {
                reload();
            }
        } catch (IOException e) {
            complain(e.toString());
        }
    }

    @Override
    public boolean reload() {
        try {
            MappedFile fresh = MappedFile.open(path);
            if (State.of(fresh) == null) {
                complain("it is no LMDB file");
                return false;
            }
            file = fresh;
            return true;
        } catch (IOException | InternalError e) {
            complain(e.toString());
            return false;
        }
    }

    private void complain(String why) {
        if (COMPLAINTS.admit(System.nanoTime()) > 0) {
            Log.error("Unable to read a key-value store", "rules", "path", path, "error", why);
        }
    }
}
