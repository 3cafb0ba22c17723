package dev.weir.net.udp;

import dev.weir.engine.query.Query;
import org.jspecify.annotations.Nullable;

/**
 * The queries that wait for one backend, by the id they were sent with, and in the order they were sent. Belongs to one agent's thread.
 *
 * <p>Slots live in pages that are made when an id in them is first used. A doubly linked list through the slots keeps the order of sending,
 * so that the oldest are found, and an answered one taken out, without a search.
 *
 * <p>A slot remembers the socket its query left by: the same id on another socket, or on a socket opened later, is not an answer.
 */
final class InFlightTable {
    private static final int PAGE_BITS = 8;
    private static final int PAGE_SLOTS = 1 << PAGE_BITS;
    private static final int NONE = -1;

    private final @Nullable Page[] pages;
    private int size;
    private int oldest = NONE;
    private int newest = NONE;

    /** @param ids how many ids are in use, counted from 0; at most 65536 */
    InFlightTable(int ids) {
        pages = new Page[(ids + PAGE_SLOTS - 1) >>> PAGE_BITS];
    }

    int size() {
        return size;
    }

    boolean isFree(int id) {
        Page page = pages[id >>> PAGE_BITS];
        return page == null || page.queries[id & PAGE_SLOTS - 1] == null;
    }

    /** The query that left by this socket with this id, or null. */
    @Nullable Query find(int id, BackendSocket socket) {
        int number = id >>> PAGE_BITS;
        Page page = number < pages.length ? pages[number] : null;
        int slot = id & PAGE_SLOTS - 1;
        return page != null && page.sockets[slot] == socket ? page.queries[slot] : null;
    }

    /** Adds the newest query; the slot must be free. */
    void put(int id, Query query, BackendSocket socket) {
        Page page = pages[id >>> PAGE_BITS];
        if (page == null) {
            page = new Page();
            pages[id >>> PAGE_BITS] = page;
        }
        int slot = id & PAGE_SLOTS - 1;
        page.queries[slot] = query;
        page.sockets[slot] = socket;
        page.older[slot] = newest;
        page.newer[slot] = NONE;
        if (newest == NONE) {
            oldest = id;
        } else {
            page(newest).newer[newest & PAGE_SLOTS - 1] = id;
        }
        newest = id;
        size++;
    }

    /** Takes a query out; null if there is none. */
    @Nullable Query remove(int id) {
        Page page = pages[id >>> PAGE_BITS];
        int slot = id & PAGE_SLOTS - 1;
        Query query = page == null ? null : page.queries[slot];
        if (page == null || query == null) {
            return null;
        }
        page.queries[slot] = null;
        page.sockets[slot] = null;
        unlink(page.older[slot], page.newer[slot]);
        size--;
        return query;
    }

    /** Takes the oldest query out if it was sent at {@code limitNanos} or before; null if there is none. */
    @Nullable Query removeSentUntil(long limitNanos) {
        if (oldest == NONE) {
            return null;
        }
        Query query = page(oldest).queries[oldest & PAGE_SLOTS - 1];
        return query != null && query.found().sentNanos() - limitNanos <= 0 ? remove(oldest) : null;
    }

    /** Takes the oldest query out; null if there is none. */
    @Nullable Query removeOldest() {
        return oldest == NONE ? null : remove(oldest);
    }

    private void unlink(int older, int newer) {
        if (older == NONE) {
            oldest = newer;
        } else {
            page(older).newer[older & PAGE_SLOTS - 1] = newer;
        }
        if (newer == NONE) {
            newest = older;
        } else {
            page(newer).older[newer & PAGE_SLOTS - 1] = older;
        }
    }

    /** The page of an id that is in use. */
    private Page page(int id) {
        Page page = pages[id >>> PAGE_BITS];
        if (page == null) {
            throw new IllegalStateException("id " + id + " is not in flight");
        }
        return page;
    }

    private static final class Page {
        final @Nullable Query[] queries = new Query[PAGE_SLOTS];
        final @Nullable BackendSocket[] sockets = new BackendSocket[PAGE_SLOTS];
        final int[] older = new int[PAGE_SLOTS];
        final int[] newer = new int[PAGE_SLOTS];
    }
}
