package dev.weir.net.stream;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one event loop's connections: a hashed timing wheel (Varghese and Lauck, 1987, scheme 6) without allocation.
 *
 * <p>A busy connection puts its deadline off with every message. That only writes the new time; the node is moved when its old slot comes by.
 * A deadline therefore costs two list operations per turn of the wheel that it outlives, however often it moved. The wheel turns only while it
 * holds something. Fires at most one tick late. Belongs to the event loop's thread.
 */
final class DeadlineWheel {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int SLOTS = 1024;

    private final EventLoop eventLoop;
    private final Runnable beforeFiring;
    private final Runnable afterFiring;
    private final @Nullable Deadline[] slots = new @Nullable Deadline[SLOTS];
    private final long startNanos = System.nanoTime();
    private final ArrayList<Deadline> due = new ArrayList<>();
    private long tick;
    private int size;
    private boolean turning;

    /** @param beforeFiring run before each tick that finds something, and {@code afterFiring} after it */
    DeadlineWheel(EventLoop eventLoop, Runnable beforeFiring, Runnable afterFiring) {
        this.eventLoop = eventLoop;
        this.beforeFiring = beforeFiring;
        this.afterFiring = afterFiring;
    }

    /** Sets, puts off or brings forward. */
    void set(Deadline deadline, long atNanos) {
        boolean later = deadline.slot >= 0 && atNanos - deadline.atNanos >= 0;
        deadline.atNanos = atNanos;
        if (later) {
            return;
        }
        remove(deadline);
        if (size == 0) {
            tick = (System.nanoTime() - startNanos) / TICK_NANOS;
        }
        insert(deadline);
        if (!turning) {
            turning = true;
            turnLater();
        }
    }

    void remove(Deadline deadline) {
        if (deadline.slot < 0) {
            return;
        }
        if (deadline.previous == null) {
            slots[deadline.slot] = deadline.next;
        } else {
            deadline.previous.next = deadline.next;
        }
        if (deadline.next != null) {
            deadline.next.previous = deadline.previous;
        }
        deadline.previous = null;
        deadline.next = null;
        deadline.slot = -1;
        size--;
    }

    private void insert(Deadline deadline) {
        long due = (deadline.atNanos - startNanos) / TICK_NANOS + 1;
        long inTicks = Math.clamp(due - tick, 1L, (long) SLOTS - 1);
        int slot = (int) ((tick + inTicks) % SLOTS);
        Deadline first = slots[slot];
        deadline.next = first;
        if (first != null) {
            first.previous = deadline;
        }
        slots[slot] = deadline;
        deadline.slot = slot;
        size++;
    }

    private void turnLater() {
        var _ = eventLoop.schedule(this::turn, TICK_NANOS, TimeUnit.NANOSECONDS);
    }

    private void turn() {
        long nowNanos = System.nanoTime();
        long nowTick = (nowNanos - startNanos) / TICK_NANOS;
        // A stopped process may find more ticks gone by than the wheel has slots: one turn sees them all.
        tick = Math.max(tick, nowTick - SLOTS);
        try {
            beforeFiring.run();
            while (tick < nowTick) {
                tick++;
                fire((int) (tick % SLOTS), nowNanos);
            }
            afterFiring.run();
        } catch (Throwable e) {
            StreamLoop.GUARD.caught(e);
        }
        turning = size > 0;
        if (turning) {
            turnLater();
        }
    }

    private void fire(int slot, long nowNanos) {
        due.clear();
        due.ensureCapacity(size); // what throws for want of memory must do so while all deadlines are in their slots
        Deadline deadline = slots[slot];
        slots[slot] = null;
        // Taken out of the slot as a whole first: whoever fires may set or remove any deadline, this one's neighbours
        // included.
        while (deadline != null) {
            Deadline next = deadline.next;
            deadline.slot = -1;
            deadline.previous = null;
            deadline.next = null;
            size--;
            if (deadline.atNanos - nowNanos > 0) {
                insert(deadline);
            } else {
                due.add(deadline);
            }
            deadline = next;
        }
        for (Deadline each : due) {
            try {
                each.owner.deadlineReached(nowNanos);
            } catch (Throwable e) {
                StreamLoop.GUARD.caught(e);
                StreamLoop.GUARD.run(each.owner::giveUp);
            }
        }
        due.clear();
    }
}
