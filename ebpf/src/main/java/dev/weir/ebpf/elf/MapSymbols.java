package dev.weir.ebpf.elf;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which map a place in the object stands for: an offset in a section of definitions, or a section of data. */
final class MapSymbols {
    private final Map<Place, String> definitions = new HashMap<>();
    private final Map<Integer, String> data = new HashMap<>();

    private record Place(int section, long offset) {}

    void addDefinition(int section, long offset, String map) {
        definitions.put(new Place(section, offset), map);
    }

    void addData(int section, String map) {
        data.put(section, map);
    }

    /** Returns the map defined at an offset of a section, null if that is no map. */
    @Nullable String defined(int section, long offset) {
        return definitions.get(new Place(section, offset));
    }

    /** Returns the map that holds a section's data, null if it is no data. */
    @Nullable String data(int section) {
        return data.get(section);
    }
}
