package dev.weir.engine.kernel;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The packet filters of this process: which one stands before every socket and takes dynamic blocks, and which must be looked after. Any
 * thread.
 */
public final class KernelFilters implements AutoCloseable {
    private static final LogLimit FAILURES = new LogLimit(1);

    private final List<KernelFilter> open = new CopyOnWriteArrayList<>();
    private final List<DynamicFilter> registered = new CopyOnWriteArrayList<>();
    private volatile @Nullable KernelFilter standard;

    /** A filter was made; it is purged each second from now on and closed at the end. */
    public void add(KernelFilter filter) {
        open.add(filter);
    }

    /** The filter that stands before all sockets and takes dynamic blocks ({@code setDefaultBPFFilter}); null if there is none. */
    public @Nullable KernelFilter standard() {
        return standard;
    }

    public synchronized void setStandard(KernelFilter filter) {
        standard = filter;
    }

    /**
     * Puts the standard filter before a socket of ours, if there is one and it is not external. An optional one that can't be attached is given
     * up, with one line in the log: nobody must believe that it drops.
     *
     * @return the filter that stands there now, null for none
     * @throws KernelException if it can't be attached and is not optional
     */
    public synchronized @Nullable KernelFilter attachStandard(int socket) throws KernelException {
        KernelFilter filter = standard;
        if (filter == null || filter.spec().external()) {
            return null;
        }
        try {
            filter.attach(socket);
            return filter;
        } catch (KernelException e) {
            if (!filter.spec().optional()) {
                throw e;
            }
            Log.warning("Going on without packet filtering in the kernel", "ebpf", "error", e);
            standard = new AbsentFilter(filter.spec());
            return null;
        }
    }

    /** All filters there are. */
    public List<KernelFilter> all() {
        return List.copyOf(open);
    }

    /** Has a dynamic filter purged each second, and shown ({@code registerDynBPFFilter}). */
    public void register(DynamicFilter filter) {
        if (!registered.contains(filter)) {
            registered.add(filter);
        }
    }

    public void unregister(DynamicFilter filter) {
        registered.remove(filter);
    }

    /** The dynamic filters that are registered, oldest first. */
    public List<DynamicFilter> registered() {
        return List.copyOf(registered);
    }

    /** How many entries found their table full, in all filters. */
    public long refused() {
        long sum = 0;
        for (KernelFilter filter : open) {
            sum += filter.refused();
        }
        return sum;
    }

    /** To be called each second: takes out what has ended. */
    public void purge(long nowNanos) {
        for (DynamicFilter filter : registered) {
            attempt(nowNanos, () -> filter.purge(nowNanos));
        }
        for (KernelFilter filter : open) {
            attempt(nowNanos, () -> filter.purge(nowNanos));
        }
    }

    private interface Work {
        void run() throws KernelException;
    }

    private static void attempt(long nowNanos, Work work) {
        try {
            work.run();
        } catch (KernelException e) {
            if (FAILURES.admit(nowNanos) > 0) {
                Log.error("A packet filter could not be purged", "ebpf", "error", e);
            }
        }
    }

    /** Lets go of all filters; what is pinned stays in force. */
    @Override
    public synchronized void close() {
        open.forEach(KernelFilter::close);
        open.clear();
        registered.clear();
        standard = null;
    }
}
