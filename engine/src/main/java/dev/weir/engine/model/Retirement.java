package dev.weir.engine.model;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.task.FaultGuard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a configuration leaves behind when another one has taken its place: backends that get no more queries and may still owe answers, and what
 * has to be closed. Belongs to the thread that calls {@link #turn}.
 */
final class Retirement {
    /** Every thread has begun another batch since then, with the new snapshot. */
    private static final long LAST_BATCH_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(120);

    private static final FaultGuard CLOSING =
            new FaultGuard("Error while closing what a configuration had open", "reload");

    private final List<Backend> gone;
    private final List<Runnable> closing;
    private final int udpTimeoutSeconds;
    private final long sinceNanos = System.nanoTime();

    Retirement(List<Backend> gone, int udpTimeoutSeconds, List<Runnable> closing) {
        this.gone = new ArrayList<>(gone);
        this.udpTimeoutSeconds = udpTimeoutSeconds;
        this.closing = new ArrayList<>(closing);
    }

    /**
     * To be called each second.
     *
     * @return whether something is left
     */
    boolean turn(long nowNanos) {
        long ageNanos = nowNanos - sinceNanos;
        if (ageNanos < LAST_BATCH_NANOS) {
            return true;
        }
        closing.forEach(CLOSING::run);
        closing.clear();
        gone.removeIf(backend -> {
            boolean done = backend.outstanding() == 0 || ageNanos >= patienceNanos(backend);
            if (done) {
                backend.remove();
            }
            return done;
        });
        return !gone.isEmpty();
    }

    private long patienceNanos(Backend backend) {
        var spec = backend.spec();
        int udp = spec.udp().timeoutSeconds() > 0 ? spec.udp().timeoutSeconds() : udpTimeoutSeconds;
        long stream = (long) spec.tcp().connectTimeoutSeconds()
                + spec.tcp().sendTimeoutSeconds()
                + spec.tcp().recvTimeoutSeconds();
        return Math.min(MOST_NANOS, LAST_BATCH_NANOS + TimeUnit.SECONDS.toNanos(Math.max(udp, stream)));
    }
}
