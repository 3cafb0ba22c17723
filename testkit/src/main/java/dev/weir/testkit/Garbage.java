package dev.weir.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Octets that a thread allocates on a path where it should not.
 *
 * <p>Code allocates until it is compiled, and when that is depends on what else the machine does. So the path is walked again and again until a
 * walk leaves little enough; a path that really allocates never has such a walk. Not for code that allocates now and then: a walk must be
 * long enough to contain that.
 */
public final class Garbage {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Garbage() {}

    /** A walk along the path. */
    @FunctionalInterface
    public interface Walk {
        void run() throws Exception;
    }

    /** The same for the calling thread. */
    public static long leastBytes(long enoughBytes, Walk walk) throws Exception {
        return leastBytes(Thread.currentThread(), enoughBytes, walk);
    }

    /**
     * Walks until one walk makes {@code thread} allocate at most {@code enoughBytes}, or some minutes have passed.
     *
     * @return octets allocated in the walk that allocated least
     */
    public static long leastBytes(Thread thread, long enoughBytes, Walk walk) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = thread.threadId();
        long least = Long.MAX_VALUE;
        long startNs = System.nanoTime();
        while (least > enoughBytes && System.nanoTime() - startNs < PATIENCE.toNanos()) {
            long before = threads.getThreadAllocatedBytes(id);
            walk.run();
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        return least;
    }
}
