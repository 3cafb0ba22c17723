package dev.weir.engine.ring;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of entries in pages. A data thread takes a page, fills it alone, gives it back and takes the next one around the ring, so
 * that the pages filled longest ago are overwritten first, whichever threads filled them: busy threads have as much of the ring as they
 * need, idle ones hold one page at most. Threads meet only when they take pages.
 *
 * <p>Pages are made when they are first taken: a ring that nobody writes to takes no memory.
 */
final class Ring {
    /** The fewest pages that a ring of enough entries is cut into: what is lost for readers when a page is emptied is one in so many. */
    private static final int LEAST_PAGES = 64;

    private final int entries;
    private final int pageEntries;
    private final boolean responses;
    private final AtomicReferenceArray<@Nullable Page> pages;
    private final AtomicLong turn = new AtomicLong();

    Ring(int entries, boolean responses) {
        this.entries = entries;
        this.responses = responses;
        pageEntries = Math.max(1, Math.min(Page.MAX_ENTRIES, entries / LEAST_PAGES));
        pages = new AtomicReferenceArray<>((entries + pageEntries - 1) / pageEntries);
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
        for (int tries = pages.length(); tries > 0; tries--) {
            Page page = made((int) (turn.getAndIncrement() % pages.length()));
            if (page.take()) {
                return page;
            }
        }
        return null;
    }

    private Page made(int index) {
        Page page = pages.getAcquire(index);
        if (page != null) {
            return page;
        }
        Page fresh = new Page(Math.min(pageEntries, entries - index * pageEntries), responses);
        Page other = pages.compareAndExchange(index, null, fresh);
        return other == null ? fresh : other;
    }
}
