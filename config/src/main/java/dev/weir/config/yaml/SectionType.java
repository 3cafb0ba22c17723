package dev.weir.config.yaml;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A kind of map: its keys, and the function that makes something of it. */
public final class SectionType {
    private final String name;
    private final @Nullable Slot maker;
    private final Map<String, Field> fields = new LinkedHashMap<>();

    SectionType(String name, @Nullable Slot maker) {
        this.name = name;
        this.maker = maker;
    }

    void add(Field field) {
        fields.put(field.name(), field);
    }

    /** The table's name of it. */
    public String name() {
        return name;
    }

    /** What makes something of it; {@code null} if its keys go elsewhere. */
    public @Nullable Slot maker() {
        return maker;
    }

    public Collection<Field> fields() {
        return fields.values();
    }

    /** {@code null} if there is no such key. */
    public @Nullable Field field(String key) {
        return fields.get(key);
    }
}
