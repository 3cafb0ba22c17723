package dev.weir.web.api;

import dev.weir.engine.protobuf.ProtobufMessage;
import dev.weir.engine.stat.SparseBuckets;
import dev.weir.engine.stat.SparseHistogram;
import java.util.List;

/**
 * Messages of type {@code io.prometheus.client.MetricFamily}, each behind its length: the only format in which Prometheus takes native histograms.
 *
 * <pre>
 * MetricFamily  name = 1, help = 2, type = 3, repeated Metric metric = 4
 * Metric        repeated LabelPair label = 1, Gauge gauge = 2, Counter counter = 3, Histogram histogram = 7
 * LabelPair     name = 1, value = 2
 * Gauge         value = 1                              (so is Counter)
 * Histogram     sample_count = 1, sample_sum = 2, repeated Bucket bucket = 3, sint32 schema = 5, zero_threshold = 6, zero_count = 7,
 *               repeated BucketSpan positive_span = 12, repeated sint64 positive_delta = 13
 * Bucket        cumulative_count = 1, upper_bound = 2
 * BucketSpan    sint32 offset = 1, uint32 length = 2
 * </pre>
 *
 * @see <a href="https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto">metrics.proto</a>
 * @see <a href="https://prometheus.io/docs/specs/native_histograms/">Native histograms</a>
 */
final class ProtobufFormat implements ExpositionFormat {
    private static final double MICROS_PER_MILLI = 1_000;

    /** The width that Prometheus recommends for the bucket of zeros: what is added up later has the same. */
    private static final double ZERO_THRESHOLD = 0x1p-128;

    private final ProtobufMessage all = new ProtobufMessage();
    private final ProtobufMessage family = new ProtobufMessage();
    private final ProtobufMessage metric = new ProtobufMessage();
    private final ProtobufMessage value = new ProtobufMessage();
    private final ProtobufMessage part = new ProtobufMessage();
    private final String instance;
    private Kind kind = Kind.COUNTER;
    private boolean empty = true;

    /** @param instance the value of a label that every sample gets; empty for none */
    ProtobufFormat(String instance) {
        this.instance = instance;
    }

    @Override
    public void family(String name, String help, Kind kind) {
        end();
        this.kind = kind;
        int type =
                switch (kind) {
                    case COUNTER -> 0;
                    case GAUGE -> 1;
                    case HISTOGRAM -> 4;
                };
        family.clear();
        family.text(1, name).text(2, help).number(3, type);
    }

    /** A family without samples is left out: Prometheus has no use for its name. */
    private void end() {
        if (!empty) {
            all.delimited(family);
        }
        empty = true;
    }

    @Override
    public void sample(List<String> labels, Number number) {
        value.clear();
        value.real(1, number.doubleValue());
        metric(labels, kind == Kind.GAUGE ? 2 : 3);
    }

    /** Its message is in {@link #value}. */
    private void metric(List<String> labels, int field) {
        empty = false;
        metric.clear();
        for (int i = 0; i < labels.size(); i += 2) {
            label(labels.get(i), labels.get(i + 1));
        }
        if (!instance.isEmpty()) {
            label("instance", instance);
        }
        metric.message(field, value);
        family.message(4, metric);
    }

    private void label(String name, String text) {
        part.clear();
        part.text(1, name).text(2, text);
        metric.message(1, part);
    }

    /** Prometheus refuses a histogram whose count is not what its native buckets hold, so that is what counts. */
    @Override
    public void histogram(List<String> labels, Histogram histogram) {
        long count = histogram.sparse().total();
        value.clear();
        value.number(1, count).real(2, histogram.sumMicros() / MICROS_PER_MILLI);
        for (Histogram.Bucket bucket : histogram.buckets()) {
            part.clear();
            boolean last = bucket == histogram.buckets().getLast();
            part.number(1, last ? count : Math.min(bucket.cumulative(), count)).real(2, bound(bucket));
            value.message(3, part);
        }
        value.signed(5, SparseBuckets.SCHEMA)
                .real(6, ZERO_THRESHOLD)
                .number(7, histogram.sparse().zero());
        spans(histogram.sparse().buckets());
        deltas(histogram.sparse().buckets());
        metric(labels, 7);
    }

    private static double bound(Histogram.Bucket bucket) {
        return bucket.bound().equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bucket.bound());
    }

    /** Runs of buckets without a gap: each has its distance from the one before, the first one from 0. */
    private void spans(List<SparseHistogram.Bucket> buckets) {
        int from = 0;
        int end = 0;
        while (from < buckets.size()) {
            int to = from + 1;
            while (to < buckets.size()
                    && buckets.get(to).index() == buckets.get(to - 1).index() + 1) {
                to++;
            }
            span(buckets.get(from).index() - end, to - from);
            end = buckets.get(to - 1).index() + 1;
            from = to;
        }
        if (buckets.isEmpty()) {
            // Tells a native histogram that has counted nothing from one without native buckets.
            span(0, 0);
        }
    }

    private void span(int offset, int length) {
        part.clear();
        part.signed(1, offset).number(2, length);
        value.message(12, part);
    }

    private void deltas(List<SparseHistogram.Bucket> buckets) {
        long before = 0;
        for (SparseHistogram.Bucket bucket : buckets) {
            value.signed(13, bucket.count() - before);
            before = bucket.count();
        }
    }

    @Override
    public String mediaType() {
        return "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    }

    @Override
    public byte[] octets() {
        end();
        return all.toByteArray();
    }
}
