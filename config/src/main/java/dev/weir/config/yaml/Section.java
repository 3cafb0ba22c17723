package dev.weir.config.yaml;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map of a file, checked against the table.
 *
 * @param values by key; those that were not given are not there
 */
public record Section(SectionType type, YamlPlace place, Map<String, Value> values) {
    public @Nullable Value value(String key) {
        return values.get(key);
    }

    public boolean has(String key) {
        return values.containsKey(key);
    }

    /** The text of a key that is there, or the default of the table. */
    public String text(String key) {
        Value value = values.get(key);
        return value == null ? field(key).defaultText() : value.text();
    }

    public boolean flag(String key) {
        return Boolean.parseBoolean(text(key));
    }

    public long integer(String key) {
        return Long.parseLong(text(key));
    }

    public double number(String key) {
        return Double.parseDouble(text(key));
    }

    /** Empty if it is not there. */
    public List<Value> list(String key) {
        Value value = values.get(key);
        return value == null ? List.of() : value.elements();
    }

    /** The map below a key; {@code null} if it is not there. */
    public @Nullable Section section(String key) {
        Value value = values.get(key);
        return value == null ? null : value.section();
    }

    /** Where a key stands, or the map if the key is not there. */
    public YamlPlace place(String key) {
        Value value = values.get(key);
        return value == null ? place : value.place();
    }

    private Field field(String key) {
        Field field = type.field(key);
        if (field == null) {
            throw new IllegalStateException(type.name() + " has no key " + key);
        }
        return field;
    }
}
