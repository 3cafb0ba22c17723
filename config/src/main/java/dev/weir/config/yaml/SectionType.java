package dev.weir.config.yaml;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A kind of map: its keys, and the function that makes something of it. */
public final class SectionType {
    private final String name;
    private final @Nullable Slot maker;
    private final Supplier<List<Field>> source;
    private @Nullable Map<String, Field> fields;

    /** @param source the keys, asked for when somebody looks at them */
    SectionType(String name, @Nullable Slot maker, Supplier<List<Field>> source) {
        this.name = name;
        this.maker = maker;
        this.source = source;
    }

    private synchronized Map<String, Field> known() {
        Map<String, Field> all = fields;
        if (all == null) {
            all = new LinkedHashMap<>();
            for (Field field : source.get()) {
                all.put(field.name(), field);
            }
            fields = all;
        }
        return all;
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
        return known().values();
    }

    /** {@code null} if there is no such key. */
    public @Nullable Field field(String key) {
        return known().get(key);
    }
}
