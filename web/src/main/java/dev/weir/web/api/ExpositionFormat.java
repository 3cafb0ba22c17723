package dev.weir.web.api;

import dev.weir.engine.stat.SparseHistogram;
import java.util.List;

/**
 * A way of writing metrics down for Prometheus, family by family. Labels are names and values in turn.
 *
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Exposition formats</a>
 */
interface ExpositionFormat {
    /** What samples of a family are. */
    enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /**
     * Latencies in milliseconds, twice: in few buckets of dnsdist's, and in many of a native histogram. The two may be a moment apart.
     *
     * @param buckets in ascending order, the last one without a bound
     * @param sumMicros all latencies together, in microseconds
     */
    record Histogram(List<Bucket> buckets, long sumMicros, SparseHistogram sparse) {
        /**
         * Latencies up to a bound.
         *
         * @param bound as Prometheus writes it
         */
        record Bucket(String bound, long cumulative) {}

        /** All in the buckets. */
        long count() {
            return buckets.getLast().cumulative();
        }
    }

    /** What follows belongs to this family. */
    void family(String name, String help, Kind kind);

    /** A sample of a family of counters or gauges. */
    void sample(List<String> labels, Number value);

    /** A sample of a family of histograms. */
    void histogram(List<String> labels, Histogram histogram);

    /** For {@code Content-Type}. */
    String mediaType();

    /** All of it; nothing is written afterwards. */
    byte[] octets();
}
