package dev.weir.engine.rate;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A rate limit with burst, shared by all threads: one CAS per query.
 *
 * <p>The generic cell rate algorithm (ITU-T I.371) in its virtual-scheduling form: a single word holds the theoretical arrival time, the
 * moment at which the bucket would be full again. A query conforms if taking its share now would not push that moment further ahead than
 * the burst lasts.
 */
public final class TokenBucket {
    private final double nanosPerToken;
    private final long burstNanos;
    private final long rate;
    private final AtomicLong fullAtNanos;

    /**
     * @param rate tokens per second; 0 lets nothing pass
     * @param burst tokens a full bucket holds
     */
    public TokenBucket(long rate, long burst, long nowNanos) {
        this.rate = rate;
        this.nanosPerToken = rate <= 0 ? 0 : 1e9 / rate;
        this.burstNanos = (long) (burst * nanosPerToken);
        this.fullAtNanos = new AtomicLong(nowNanos);
    }

    /** Takes a token: false if there is none left. */
    public boolean take(long nowNanos) {
        if (rate <= 0) {
            return false;
        }
        while (true) {
            long fullAt = fullAtNanos.get();
            long base = fullAt - nowNanos < 0 ? nowNanos : fullAt;
            long next = base + (long) nanosPerToken;
            if (next - nowNanos > burstNanos) {
                return false;
            }
            if (fullAtNanos.compareAndSet(fullAt, next)) {
                return true;
            }
        }
    }

    /** Whether {@link #take} would succeed; takes nothing. */
    public boolean hasToken(long nowNanos) {
        return rate > 0 && fullAtNanos.get() + (long) nanosPerToken - nowNanos <= burstNanos;
    }

    /** Whether nothing has been taken for long enough that the bucket is full. */
    public boolean isFull(long nowNanos) {
        return fullAtNanos.get() - nowNanos <= 0;
    }

    public long rate() {
        return rate;
    }
}
