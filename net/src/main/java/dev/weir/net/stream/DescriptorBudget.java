package dev.weir.net.stream;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.sys.OpenFileLimit;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * How many connections there may be, of clients and to backends together, so that descriptors are left for all else.
 *
 * <pre>
 *   limit of open files (RLIMIT_NOFILE)
 *   ├── open when streams began: listeners, jars, event loops
 *   ├── reserve: health checks, UDP sockets to backends, console, files
 *   ├── slack: connections that have come before the longest idle have gone
 *   └── most: connections; of these at most half to backends, the same for each that has no limit of its own
 * </pre>
 *
 * Any thread.
 */
final class DescriptorBudget {
    /** Descriptors for the console, for files, for event loops and for connections accepted and not counted yet. */
    static final int RESERVE = 64;

    private static final int LEAST = 8;
    private static final int LEAST_PER_BACKEND = 8;
    private static final int MOST_PER_BACKEND = 5_000;
    private static final int MOST_SLACK = 256;

    private final int most;
    private final int slack;
    private final IntSupplier backends;
    private final AtomicInteger held = new AtomicInteger();

    /**
     * @param most connections there may be
     * @param slack how many more there may be for a moment
     * @param backends how many backends share what is for them
     */
    DescriptorBudget(int most, int slack, IntSupplier backends) {
        this.most = most;
        this.slack = slack;
        this.backends = backends;
    }

    /** What this process may have open, less what is open now and what else the configuration will open. */
    static DescriptorBudget of(Model model) {
        IntSupplier backends = () -> model.backends().size();
        try {
            long limit = OpenFileLimit.current().soft();
            if (limit < 0 || limit > Integer.MAX_VALUE) {
                return unlimited(backends);
            }
            long free = limit - open() - RESERVE - toCome(model);
            int slack = Math.clamp(free / 8, 1, MOST_SLACK);
            return new DescriptorBudget((int) Math.max(LEAST, free - slack), slack, backends);
        } catch (IOException e) {
            Log.debug("Unable to read the limit of open files", "net", "error", e);
            return unlimited(backends);
        }
    }

    static DescriptorBudget unlimited(IntSupplier backends) {
        return new DescriptorBudget(Integer.MAX_VALUE - MOST_SLACK, MOST_SLACK, backends);
    }

    /** Descriptors open now. */
    static int open() throws IOException {
        String[] open = new File("/proc/self/fd").list();
        if (open == null) {
            throw new IOException("cannot read /proc/self/fd");
        }
        return open.length;
    }

    /** Sockets of datagram listeners to backends, and one check of each backend. */
    static long toCome(Model model) {
        long agents = 0;
        for (Frontend frontend : model.engine().frontends()) {
            agents += frontend.protocol() == Protocol.DO_UDP ? 1 : 0;
        }
        long sockets = 0;
        for (Backend backend : model.backends()) {
            sockets += 1 + agents * Math.max(1, backend.spec().udp().sockets());
        }
        return sockets;
    }

    /** Counts a connection in, if it may be opened; {@link #giveBack} must follow then. */
    boolean take() {
        int before = held.get();
        while (before < most + slack) {
            if (held.compareAndSet(before, before + 1)) {
                return true;
            }
            before = held.get();
        }
        return false;
    }

    void giveBack() {
        held.decrementAndGet();
    }

    /** Whether there are more connections than there should be: some that are idle must go. */
    boolean isExceeded() {
        return held.get() > most;
    }

    int held() {
        return held.get();
    }

    int most() {
        return most;
    }

    /** How many connections a backend may have whose configuration does not say: all of them together have half of the budget. */
    int perBackend() {
        return Math.clamp(most / 2 / Math.max(1, backends.getAsInt()), LEAST_PER_BACKEND, MOST_PER_BACKEND);
    }
}
