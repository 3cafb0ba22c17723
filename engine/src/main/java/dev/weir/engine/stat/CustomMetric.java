package dev.weir.engine.stat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A figure that the operator's code counts or sets ({@code declareMetric}). One without labels has one value; one with labels has a value for
 * each set of labels that it was given, and no more than {@value #MOST_LABEL_SETS} of them, since labels may come from queries. Any thread.
 */
public final class CustomMetric implements Metric {
    /** Label sets of one figure. */
    public static final int MOST_LABEL_SETS = 10_000;

    private static final Map<String, String> UNLABELLED = Map.of();

    /**
     * What is declared.
     *
     * @param prometheusName empty: made of the name
     * @param labelled whether values are told apart by labels
     */
    public record Spec(String name, Type type, String sentence, String prometheusName, boolean labelled) {
        /** The name for Prometheus. */
        String shown() {
            return prometheusName.isEmpty() ? Metric.prometheusName("dnsdist_", name) : prometheusName;
        }
    }

    private final String name;
    private final Type type;
    private final String sentence;
    private final String prometheusName;
    private final boolean labelled;

    /** A whole number of a counter, the bits of a gauge's double. */
    private final Map<Map<String, String>, AtomicLong> values = new ConcurrentHashMap<>();

    CustomMetric(Spec spec) {
        this.name = spec.name;
        this.type = spec.type;
        this.sentence = spec.sentence;
        this.prometheusName = spec.shown();
        this.labelled = spec.labelled;
        if (!labelled) {
            values.put(UNLABELLED, new AtomicLong());
        }
    }

    @Override
    public String metric() {
        return name;
    }

    @Override
    public String prometheusName() {
        return prometheusName;
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public Unit unit() {
        return Unit.NUMBER;
    }

    @Override
    public String sentence() {
        return sentence;
    }

    /** Whether values are told apart by labels; such figures are for Prometheus alone. */
    public boolean labelled() {
        return labelled;
    }

    /**
     * Adds to a counter and returns what it is then.
     *
     * @param labels empty for one without labels
     * @throws IllegalArgumentException if it is no counter, or has other labels
     */
    public long add(long step, Map<String, String> labels) {
        require(Type.COUNTER);
        AtomicLong value = value(labels);
        return value == null ? 0 : value.addAndGet(step);
    }

    /**
     * Sets a gauge.
     *
     * @throws IllegalArgumentException if it is no gauge, or has other labels
     */
    public double set(double newValue, Map<String, String> labels) {
        require(Type.GAUGE);
        AtomicLong value = value(labels);
        if (value != null) {
            value.set(Double.doubleToRawLongBits(newValue));
        }
        return newValue;
    }

    /** Its value; 0 for labels it has not met. */
    public Number get(Map<String, String> labels) {
        AtomicLong value = values.get(labels);
        return value == null ? (Number) 0L : number(value.get());
    }

    /** Its one value, if it has no labels. */
    public Number get() {
        return get(UNLABELLED);
    }

    /** All values with their labels. */
    public void each(BiConsumer<Map<String, String>, Number> visitor) {
        values.forEach((labels, value) -> visitor.accept(labels, number(value.get())));
    }

    private Number number(long bits) {
        return type == Type.COUNTER ? (Number) bits : (Number) Double.longBitsToDouble(bits);
    }

    private void require(Type wanted) {
        if (type != wanted) {
            throw new IllegalArgumentException("'" + name + "' is a " + (type == Type.COUNTER ? "counter" : "gauge")
                    + ", which this does not change");
        }
    }

    /** Null when there are too many label sets. */
    private @Nullable AtomicLong value(Map<String, String> labels) {
        AtomicLong value = values.get(labels);
        if (value != null) {
            return value;
        }
        if (!labelled || labels.isEmpty()) {
            throw new IllegalArgumentException(
                    "'" + name + "' was declared with" + (labelled ? "" : "out") + " labels");
        }
        labels.keySet().forEach(CustomMetric::requireLabel);
        return values.size() >= MOST_LABEL_SETS
                ? null
                : values.computeIfAbsent(Map.copyOf(labels), first -> new AtomicLong());
    }

    private static void requireLabel(String label) {
        if (!label.matches("[a-zA-Z_][a-zA-Z0-9_]*")) {
            throw new IllegalArgumentException("'" + label + "' is not the name of a label");
        }
    }
}
