package dev.weir.net.stream;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.stat.Counter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Closes clients' connections when descriptors run short, over all loops those first that have been idle longest. Any thread may ask; each loop
 * closes its own.
 */
final class ClientRoom {
    /** Closed in one go before the other loops get their turn. */
    private static final int BATCH = 16;

    private static final LogLimit LINES = new LogLimit(10);
    private static final LogLimit REFUSALS = new LogLimit(10);

    private final StreamLoop[] loops;
    private final DescriptorBudget budget;
    private final AtomicInteger wanted = new AtomicInteger();
    private final AtomicBoolean working = new AtomicBoolean();

    /** @param loops filled in before anyone asks */
    ClientRoom(StreamLoop[] loops, DescriptorBudget budget) {
        this.loops = loops;
        this.budget = budget;
    }

    /** Counts a connection in; when there are more than there should be, an idle one goes. False if it must not be opened. */
    boolean take(StreamLoop asking) {
        boolean taken = budget.take();
        if (!taken) {
            asking.worker().stats().increment(Counter.DESCRIPTOR_REFUSALS);
            long times = REFUSALS.admit(asking.nowNanos());
            if (times > 0) {
                Log.warning(
                        "Descriptors run short: a TCP connection was refused",
                        "net",
                        "connections",
                        budget.held(),
                        "limit",
                        budget.most(),
                        "count",
                        times);
            }
        }
        if (budget.isExceeded()) {
            work();
        }
        return taken;
    }

    void giveBack() {
        budget.giveBack();
    }

    /** The kernel has refused a descriptor: so many idle connections go, whatever the budget says. */
    void make(int connections) {
        wanted.accumulateAndGet(connections, Math::max);
        work();
    }

    private void work() {
        if (isWanted() && working.compareAndSet(false, true)) {
            next(new boolean[loops.length]);
        }
    }

    private boolean isWanted() {
        return budget.isExceeded() || wanted.get() > 0;
    }

    private void next(boolean[] without) {
        int chosen = -1;
        long since = IdleClients.NOBODY;
        for (int i = 0; i < loops.length; i++) {
            long its = loops[i].clients().longestIdleSince();
            if (!without[i] && its < since) {
                chosen = i;
                since = its;
            }
        }
        if (chosen < 0) {
            wanted.set(0);
            working.set(false);
            return;
        }
        int loop = chosen;
        loops[loop].execute(() -> close(loop, without));
    }

    private void close(int number, boolean[] without) {
        StreamLoop loop = loops[number];
        int closed = 0;
        try {
            while (closed < BATCH
                    && isWanted()
                    && isFirst(number, without)
                    && loop.clients().closeLongest(loop.nowNanos())) {
                wanted.updateAndGet(left -> Math.max(0, left - 1));
                closed++;
            }
        } finally {
            without[number] = closed == 0;
            tell(loop, closed);
            if (isWanted()) {
                next(without);
            } else {
                working.set(false);
                // Who asked between these two lines was turned away.
                work();
            }
        }
    }

    private boolean isFirst(int number, boolean[] without) {
        long its = loops[number].clients().longestIdleSince();
        for (int i = 0; i < loops.length; i++) {
            if (!without[i] && loops[i].clients().longestIdleSince() < its) {
                return false;
            }
        }
        return true;
    }

    private void tell(StreamLoop loop, int closed) {
        loop.worker().stats().add(Counter.TCP_CLIENTS_EVICTED, closed);
        long times = closed == 0 ? 0 : LINES.admit(loop.nowNanos());
        if (times > 0) {
            Log.warning(
                    "Descriptors run short: TCP clients that have been idle longest are closed",
                    "net",
                    "connections",
                    budget.held(),
                    "limit",
                    budget.most());
        }
    }
}
