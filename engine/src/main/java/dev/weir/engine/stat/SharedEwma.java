package dev.weir.engine.stat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A moving average that each data thread feeds in memory of its own, as {@link Tally} counts. What anybody reads is the mean of the
 * threads' averages, each weighted with its number of samples.
 */
public final class SharedEwma {
    private static final int AVERAGE = 0;
    private static final int SAMPLES = 1;
    private static final int EPOCH = 2;
    private static final int WORDS = 3;
    private static final @Nullable Cell[] NONE = {};

    private final double weight;

    /** By the shard's number; an array is not changed once it is here. */
    private volatile @Nullable Cell[] cells = NONE;

    /** Counts {@link #clear}s: samples of an earlier epoch are forgotten. */
    private volatile int epoch;

    /** @param weight share of each new sample, such as 1/128 */
    public SharedEwma(double weight) {
        this.weight = weight;
    }

    /** @param mine the calling thread's; of one engine's for all calls */
    public void add(StatShard mine, double sample) {
        @Nullable Cell[] seen = cells;
        int number = mine.number();
        Cell cell = number < seen.length ? seen[number] : null;
        if (cell == null) {
            cell = newCell(mine);
        }
        int now = epoch;
        if (cell.value(EPOCH) != now) {
            cell.set(SAMPLES, 0);
            cell.set(EPOCH, now);
        }
        long samples = cell.value(SAMPLES);
        double old = Double.longBitsToDouble(cell.value(AVERAGE));
        cell.set(AVERAGE, Double.doubleToRawLongBits(samples == 0 ? sample : old + (sample - old) * weight));
        cell.set(SAMPLES, samples + 1);
    }

    private synchronized Cell newCell(StatShard mine) {
        Cell cell = mine.newCell(WORDS);
        @Nullable Cell[] longer = Arrays.copyOf(cells, Math.max(cells.length, mine.number() + 1));
        longer[mine.number()] = cell;
        cells = longer;
        return cell;
    }

    /** Forgets all samples. */
    public synchronized void clear() {
        epoch++;
    }

    /** 0 before the first sample. */
    public double value() {
        int now = epoch;
        double sum = 0;
        long weights = 0;
        for (Cell cell : cells) {
            if (cell != null && cell.value(EPOCH) == now) {
                long samples = cell.value(SAMPLES);
                sum += Double.longBitsToDouble(cell.value(AVERAGE)) * samples;
                weights += samples;
            }
        }
        return weights == 0 ? 0 : sum / weights;
    }
}
