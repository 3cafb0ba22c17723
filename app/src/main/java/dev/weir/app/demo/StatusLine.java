package dev.weir.app.demo;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.model.Engine;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.Statistics;
import java.util.Locale;

/** What has happened since one has last looked, in a line of less than 80 columns. One thread. */
public final class StatusLine {
    private final Engine engine;
    private long lastNanos;
    private Sample last;

    /** @param nowNanos the clock's present reading, where the first interval starts */
    public StatusLine(Engine engine, long nowNanos) {
        this.engine = engine;
        lastNanos = nowNanos;
        last = Sample.of(engine.statistics());
    }

    private record Sample(long queries, long hits, long misses, long latencyCount, long latencySumMicros) {
        static Sample of(Statistics statistics) {
            return new Sample(
                    statistics.value(Counter.QUERIES),
                    statistics.value(Counter.CACHE_HITS),
                    statistics.value(Counter.CACHE_MISSES),
                    statistics.value(Counter.LATENCY_COUNT),
                    statistics.value(Counter.LATENCY_SUM));
        }

        Sample since(Sample earlier) {
            return new Sample(
                    queries - earlier.queries,
                    hits - earlier.hits,
                    misses - earlier.misses,
                    latencyCount - earlier.latencyCount,
                    latencySumMicros - earlier.latencySumMicros);
        }
    }

    /** The line for the time since the last call: rate, share of cache hits among look-ups, mean latency; and backends as they are now. */
    public String next(long nowNanos) {
        Sample now = Sample.of(engine.statistics());
        Sample delta = now.since(last);
        double seconds = (nowNanos - lastNanos) / 1e9;
        last = now;
        lastNanos = nowNanos;
        long lookups = delta.hits + delta.misses;
        return String.format(
                Locale.ROOT,
                "%,.0f queries/s | cache hits %s | backends up %s | latency %s",
                seconds > 0 ? delta.queries / seconds : 0,
                lookups == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * delta.hits / lookups),
                backendsUp(),
                delta.latencyCount == 0
                        ? "-"
                        : String.format(Locale.ROOT, "%.3f ms", delta.latencySumMicros / 1e3 / delta.latencyCount));
    }

    private String backendsUp() {
        int up = 0;
        int all = 0;
        for (Backend backend : engine.snapshot().backends()) {
            up += backend.isUp() ? 1 : 0;
            all++;
        }
        return up + "/" + all;
    }

    /** What has happened since the start, for the end. */
    public String summary() {
        Statistics statistics = engine.statistics();
        return String.format(
                Locale.ROOT,
                "%,d queries, %,d answered from the cache.",
                statistics.value(Counter.QUERIES),
                statistics.value(Counter.CACHE_HITS));
    }
}
