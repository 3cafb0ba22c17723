package dev.weir.engine.stat;

/**
 * A moving average that any thread may feed without a lock: a lost update between two threads only loses one sample's weight.
 */
public final class Ewma {
    private final double weight;
    private volatile double value;

    /** @param weight share of each new sample, such as 1/128 */
    public Ewma(double weight) {
        this.weight = weight;
    }

    public void add(double sample) {
        double old = value;
        value = old == 0 ? sample : old + (sample - old) * weight;
    }

    public void clear() {
        value = 0;
    }

    public double value() {
        return value;
    }
}
