package dev.weir.net.stream;

import org.jspecify.annotations.Nullable;

/** When a connection wants to be looked at again; a node of its loop's {@link DeadlineWheel}. */
final class Deadline {
    final Connection owner;

    /** {@link System#nanoTime} before which nothing happens. */
    long atNanos;

    /** Where the wheel keeps it, or -1. */
    int slot = -1;

    @Nullable Deadline previous;

    @Nullable Deadline next;

    Deadline(Connection owner) {
        this.owner = owner;
    }
}
