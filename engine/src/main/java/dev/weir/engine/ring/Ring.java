package dev.weir.engine.ring;

import dev.weir.engine.log.Log;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of entries in pages. A data thread takes a page, fills it alone, gives it back and takes the next one around the ring, so
 * that the pages filled longest ago are overwritten first, whichever threads filled them: busy threads have as much of the ring as they
 * need, idle ones hold one page at most. Threads meet only when they take pages.
 *
 * <p>Pages are made when they are first taken: a ring that nobody writes to takes no memory. All of them together take no more than a given
 * number of octets of the heap; when it is used up, the ring goes around with the pages that it has, and so keeps fewer entries.
 */
final class Ring {
    /** The fewest pages that a ring of enough entries is cut into: what is lost for readers when a page is emptied is one in so many. */
    private static final int LEAST_PAGES = 64;

    private final int entries;
    private final int pageEntries;
    private final boolean responses;
    private final AtomicReferenceArray<@Nullable Page> pages;
    private final AtomicLong turn = new AtomicLong();
    private final AtomicLong leftOctets;

    /** So many pages there are or will be. */
    private volatile int inUse;

    /** @param heapOctets what the ring may take at most; one page it takes in any case */
    Ring(int entries, boolean responses, long heapOctets) {
        this.entries = entries;
        this.responses = responses;
        this.leftOctets = new AtomicLong(heapOctets);
        pageEntries = Math.max(1, Math.min(Page.MAX_ENTRIES, entries / LEAST_PAGES));
        inUse = (entries + pageEntries - 1) / pageEntries;
        pages = new AtomicReferenceArray<>(inUse);
    }

    int pages() {
        return pages.length();
    }

    /** {@code null} if it was never taken. */
    @Nullable Page page(int index) {
        return pages.getAcquire(index);
    }

    /** The next page around the ring, emptied, for the calling thread alone; {@code null} if other threads have all of them. */
    @Nullable Page take() {
        for (int tries = inUse; tries > 0; tries--) {
            Page page = made(Math.floorMod(turn.getAndIncrement(), inUse));
            if (page != null && page.take()) {
                return page;
            }
        }
        return null;
    }

    /** The page at an index; {@code null} if there is no room to make it. */
    private @Nullable Page made(int index) {
        Page page = pages.getAcquire(index);
        if (page != null) {
            return page;
        }
        int capacity = Math.min(pageEntries, entries - index * pageEntries);
        int octets = Page.heapOctets(capacity, responses);
        if (!room(octets) && index > 0) {
            cut(index);
            return null;
        }
        Page fresh = new Page(capacity, responses, this::room);
        Page other = pages.compareAndExchange(index, null, fresh);
        if (other != null) {
            leftOctets.getAndAdd(octets);
        }
        return other == null ? fresh : other;
    }

    private boolean room(int octets) {
        if (leftOctets.addAndGet(-octets) >= 0) {
            return true;
        }
        leftOctets.getAndAdd(octets);
        return false;
    }

    private synchronized void cut(int toPages) {
        if (toPages < inUse) {
            if (inUse == pages.length()) {
                Log.warning(
                        "A ring takes no more than an eighth of the heap and keeps fewer entries",
                        "rings",
                        "wanted",
                        entries,
                        "kept",
                        toPages * pageEntries);
            }
            inUse = toPages;
        }
    }
}
