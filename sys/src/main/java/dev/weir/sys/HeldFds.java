package dev.weir.sys;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The descriptors of one call, which nobody can close under it. One thread; for calls that are made rarely. */
public final class HeldFds implements AutoCloseable {
    private final List<Fd> held = new ArrayList<>();
    private boolean complete = true;

    /** Holds a descriptor until {@link #close}; returns its number, -1 if it is closed. */
    public int number(Fd fd) {
        int number = fd.hold();
        if (number >= 0) {
            held.add(fd);
        } else {
            complete = false;
        }
        return number;
    }

    /** The same, 0 for none, as optional descriptors of bpf(2) want it. */
    public int numberOrZero(@Nullable Fd fd) {
        return fd == null ? 0 : number(fd);
    }

    /** Returns whether none of them was closed. */
    public boolean isComplete() {
        return complete;
    }

    /** Lets go of all. */
    @Override
    public void close() {
        held.forEach(Fd::release);
        held.clear();
    }
}
