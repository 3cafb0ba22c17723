package dev.weir.engine.view;

import dev.weir.engine.stat.Metric;
import java.util.List;
import java.util.function.ToLongFunction;

/** What is known of each pool beside its cache ({@link CacheMetric}), under the names that dnsdist has. */
public enum PoolMetric implements Metric {
    SERVERS("servers", "dnsdist_pool_servers", "Servers in the pool", pool -> pool.servers()
            .size()),
    ACTIVE_SERVERS("servers-up", "dnsdist_pool_active_servers", "Those that are up", PoolView::countUp);

    private static final List<String> LABELS = List.of("pool");

    private final String metric;
    private final String prometheusName;
    private final String sentence;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final ToLongFunction<PoolView> reading;

    PoolMetric(String metric, String prometheusName, String sentence, ToLongFunction<PoolView> reading) {
        this.metric = metric;
        this.prometheusName = prometheusName;
        this.sentence = sentence;
        this.reading = reading;
    }

    public long read(PoolView pool) {
        return reading.applyAsLong(pool);
    }

    /** Carbon's name too. */
    @Override
    public String metric() {
        return metric;
    }

    @Override
    public String prometheusName() {
        return prometheusName;
    }

    @Override
    public Type type() {
        return Type.GAUGE;
    }

    @Override
    public String sentence() {
        return sentence;
    }

    @Override
    public List<String> labels() {
        return LABELS;
    }
}
