package dev.weir.script.lang;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions of all areas by their names, for those who call them without Lua. What a script makes of its globals changes nothing here. */
public final class Vocabulary {
    private final Map<String, Area> areas = new HashMap<>();

    /** Adds the functions of an area. */
    public void add(Area area) {
        area.functions().forEach(name -> areas.put(name, area));
        area.configurationOnly().forEach(name -> areas.put(name, area));
        area.unnamed().forEach(name -> areas.put(name, area));
    }

    public boolean has(String function) {
        return areas.containsKey(function);
    }

    /** All names. */
    public Set<String> names() {
        return areas.keySet();
    }

    /**
     * Calls a function as Lua does.
     *
     * @throws Mistake if it does not take the arguments
     * @throws IllegalArgumentException likewise
     */
    public @Nullable Object call(String function, Args args) {
        Area area = areas.get(function);
        if (area == null) {
            throw Area.unknown(function);
        }
        return area.call(function, args);
    }
}
