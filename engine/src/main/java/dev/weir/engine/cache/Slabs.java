package dev.weir.engine.cache;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Blocks of memory outside the heap, in size classes; the memory of one shard, guarded by its lock. Without the lock, {@link #pageOrNull}
 * and {@link #offset} take any handle and may give a page and a place that do not belong together.
 *
 * <p>Memory comes in pages, each cut into blocks of one class. A class keeps a list of its pages with a free block; a page whose last block
 * is freed goes back to a pool from which any class of its kind can take it, so that a change of answer sizes does not strand memory (J.
 * Bonwick, The Slab Allocator, USENIX 1994). Pages are allocated when needed and go back to the system with the cache.
 *
 * <pre>
 *   handle   page &lt;&lt; 10 | slot
 *   free block   { i32 next free slot of the page, or -1 }
 * </pre>
 *
 * <p>Classes: steps of 16 octets up to 256, then eight per doubling. Blocks up to 2 KiB live in pages of 16 KiB, larger ones in pages of 68
 * KiB, which hold one entry of the largest size.
 */
final class Slabs {
    /** No block: the shard has no memory for it. */
    static final int NONE = -1;

    private static final int SMALL_PAGE = 16 << 10;
    private static final int LARGE_PAGE = 68 << 10;
    private static final int LARGEST_SMALL = 2 << 10;
    private static final int SLOT_BITS = 10;
    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
    private static final int[] SIZES = sizes();

    private final PageSource source;
    private MemorySegment[] pages = new MemorySegment[4];
    private byte[] classes = new byte[4];
    private short[] used = new short[4];
    private short[] fresh = new short[4];
    private short[] free = new short[4];
    private int[] next = new int[4];
    private int[] previous = new int[4];
    private int pageCount;
    private long reservedBytes;

    private final int[] partial = new int[SIZES.length];
    private int emptySmall = NONE;
    private int emptyLarge = NONE;

    Slabs(PageSource source) {
        this.source = source;
        Arrays.fill(partial, NONE);
    }

    private static int[] sizes() {
        int[] sizes = new int[128];
        int count = 0;
        for (int size = 32; size <= LARGE_PAGE; size += size < 256 ? 16 : Integer.highestOneBit(size) >> 3) {
            sizes[count++] = size;
        }
        sizes[count++] = LARGE_PAGE;
        return Arrays.copyOf(sizes, count);
    }

    /** Octets of the block that a request of {@code size} octets gets. */
    static int blockSize(int size) {
        return SIZES[classOf(size)];
    }

    private static int classOf(int size) {
        if (size <= 256) {
            return size <= 32 ? 0 : (size - 17) >> 4;
        }
        int index = Arrays.binarySearch(SIZES, size);
        return index >= 0 ? index : -1 - index;
    }

    /** A block of at least {@code size} octets, at most 68 KiB; {@link #NONE} when memory is out. */
    int allocate(int size) {
        int sizeClass = classOf(size);
        int page = partial[sizeClass];
        if (page == NONE) {
            page = takePage(sizeClass);
            if (page == NONE) {
                return NONE;
            }
        }
        int slot = free[page];
        if (slot >= 0) {
            free[page] = (short) pages[page].get(ValueLayout.JAVA_INT, (long) slot * SIZES[sizeClass]);
        } else {
            slot = fresh[page]++;
        }
        used[page]++;
        if (free[page] < 0 && fresh[page] == blocksPerPage(sizeClass)) {
            unlink(page, sizeClass);
        }
        return page << SLOT_BITS | slot;
    }

    void free(int handle) {
        int page = handle >>> SLOT_BITS;
        int slot = handle & SLOT_MASK;
        int sizeClass = classes[page];
        if (free[page] < 0 && fresh[page] == blocksPerPage(sizeClass)) {
            link(page, sizeClass);
        }
        pages[page].set(ValueLayout.JAVA_INT, (long) slot * SIZES[sizeClass], free[page]);
        free[page] = (short) slot;
        if (--used[page] == 0) {
            unlink(page, sizeClass);
            giveBack(page, sizeClass);
        }
    }

    /** The page a block lies in. */
    MemorySegment page(int handle) {
        return pages[handle >>> SLOT_BITS];
    }

    /** The page a block lies in, or null if this reader does not see it yet. */
    @Nullable MemorySegment pageOrNull(int handle) {
        MemorySegment[] seen = pages;
        int page = handle >>> SLOT_BITS;
        return page < seen.length ? seen[page] : null;
    }

    /** Where a block starts in its page. */
    int offset(int handle) {
        byte[] seen = classes;
        int page = handle >>> SLOT_BITS;
        return page < seen.length ? (handle & SLOT_MASK) * SIZES[seen[page]] : 0;
    }

    /** Octets of a block. */
    int capacity(int handle) {
        return SIZES[classes[handle >>> SLOT_BITS]];
    }

    /** Octets taken from the system. */
    long reservedBytes() {
        return reservedBytes;
    }

    private static int blocksPerPage(int sizeClass) {
        int size = SIZES[sizeClass];
        return (size <= LARGEST_SMALL ? SMALL_PAGE : LARGE_PAGE) / size;
    }

    private int takePage(int sizeClass) {
        boolean small = SIZES[sizeClass] <= LARGEST_SMALL;
        int page = small ? emptySmall : emptyLarge;
        if (page == NONE) {
            page = newPage(small ? SMALL_PAGE : LARGE_PAGE);
        } else if (small) {
            emptySmall = next[page];
        } else {
            emptyLarge = next[page];
        }
        if (page != NONE) {
            classes[page] = (byte) sizeClass;
            fresh[page] = 0;
            free[page] = -1;
            link(page, sizeClass);
        }
        return page;
    }

    private int newPage(int size) {
        if (pageCount == Integer.MAX_VALUE >>> SLOT_BITS) {
            return NONE;
        }
        if (pageCount == pages.length) {
            int capacity = pageCount + (pageCount >> 1);
            pages = Arrays.copyOf(pages, capacity);
            classes = Arrays.copyOf(classes, capacity);
            used = Arrays.copyOf(used, capacity);
            fresh = Arrays.copyOf(fresh, capacity);
            free = Arrays.copyOf(free, capacity);
            next = Arrays.copyOf(next, capacity);
            previous = Arrays.copyOf(previous, capacity);
        }
        MemorySegment page = source.allocate(size);
        if (page == null) {
            return NONE;
        }
        pages[pageCount] = page;
        reservedBytes += size;
        return pageCount++;
    }

    private void giveBack(int page, int sizeClass) {
        if (SIZES[sizeClass] <= LARGEST_SMALL) {
            next[page] = emptySmall;
            emptySmall = page;
        } else {
            next[page] = emptyLarge;
            emptyLarge = page;
        }
    }

    private void link(int page, int sizeClass) {
        int head = partial[sizeClass];
        next[page] = head;
        previous[page] = NONE;
        if (head != NONE) {
            previous[head] = page;
        }
        partial[sizeClass] = page;
    }

    private void unlink(int page, int sizeClass) {
        if (previous[page] != NONE) {
            next[previous[page]] = next[page];
        } else {
            partial[sizeClass] = next[page];
        }
        if (next[page] != NONE) {
            previous[next[page]] = previous[page];
        }
    }
}
