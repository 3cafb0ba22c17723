package dev.weir.engine.stat;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The figures that the operator has declared, by name. Any thread. */
public final class CustomMetrics {
    private volatile Map<String, CustomMetric> all = Map.of();

    /**
     * Declares a figure; one that is there already, and alike, stays with its value.
     *
     * @param taken names for Prometheus that are ours: one that stands there twice makes the whole exposition void
     * @throws IllegalArgumentException if its name can't be, or means another figure
     */
    public synchronized void declare(CustomMetric.Spec spec, Set<String> taken) {
        if (check(spec, taken)) {
            Map<String, CustomMetric> more = new TreeMap<>(all);
            more.put(spec.name(), new CustomMetric(spec));
            all = more;
        }
    }

    /**
     * Looks whether a figure can be declared, and does nothing.
     *
     * @return whether there is none of this name yet
     * @throws IllegalArgumentException the same
     */
    public synchronized boolean check(CustomMetric.Spec spec, Set<String> taken) {
        String name = spec.name();
        String shown = spec.shown();
        if (!name.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException(
                    "the name of a metric is of lower-case letters, digits and dashes, not '" + name + "'");
        }
        if (!shown.matches("[a-zA-Z_:][a-zA-Z0-9_:]*")) {
            throw new IllegalArgumentException("'" + shown + "' is not a name for Prometheus");
        }
        CustomMetric former = all.get(name);
        if (former != null) {
            if (former.type() != spec.type() || former.labelled() != spec.labelled()) {
                throw new IllegalArgumentException("'" + name + "' is declared otherwise already");
            }
            return false;
        }
        if (taken.contains(shown)
                || all.values().stream()
                        .anyMatch(other -> other.prometheusName().equals(shown))) {
            throw new IllegalArgumentException("there is another metric '" + shown + "'");
        }
        return true;
    }

    /** All of them, by name. */
    public Collection<CustomMetric> all() {
        return all.values();
    }

    /** Null if there is none of this name. */
    public @Nullable CustomMetric find(String name) {
        return all.get(name);
    }
}
