package dev.weir.script.listing;

import dev.weir.engine.stat.LatencyHistogram;
import java.util.Collections;
import java.util.Locale;

/**
 * What {@code showResponseLatency()} prints: the mean, and a bar for each bin of the histogram, over the responses that the ring still holds.
 */
public final class LatencyListing {
    private static final int LONGEST_BAR = 70;

    private LatencyListing() {}

    public static String show(LatencyHistogram histogram) {
        long total = histogram.total();
        if (total == 0) {
            return "No traffic yet.\n";
        }
        StringBuilder text = new StringBuilder();
        double meanMillis = histogram.sumMicros() / 1000.0 / total;
        text.append(String.format(Locale.ROOT, "Average response latency: %.2f msec\n", meanMillis));
        text.append("   msec\t\n");
        long highest = Collections.max(histogram.counts());
        for (int bin = 0; bin < LatencyHistogram.BINS; bin++) {
            text.append(String.format(Locale.ROOT, "%7.2f\t", LatencyHistogram.boundMicros(bin) / 1000.0))
                    .append(bar(histogram.counts().get(bin), highest))
                    .append('\n');
        }
        return text.toString();
    }

    /** Stars in proportion to the highest bin; {@code :} for at least half a star, {@code .} for less. */
    private static String bar(long count, long highest) {
        double stars = (double) count * LONGEST_BAR / highest;
        if (stars >= 1) {
            return "*".repeat((int) stars);
        }
        return count == 0 ? "" : stars >= 0.5 ? ":" : ".";
    }
}
