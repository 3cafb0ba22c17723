package dev.weir.script.object;

import dev.weir.script.lang.LuaObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a configuration in YAML has given a name, by kind: {@code cache}, {@code kvs}, {@code selector} and so on. With the Lua lock. */
public final class NamedObjects {
    private final Map<String, Map<String, LuaObject>> kinds = new LinkedHashMap<>();

    /** @return false if the name is taken by another of its kind */
    public boolean add(String kind, String name, LuaObject object) {
        return kinds.computeIfAbsent(kind, any -> new HashMap<>()).putIfAbsent(name, object) == null;
    }

    public @Nullable LuaObject find(String kind, String name) {
        return kinds.getOrDefault(kind, Map.of()).get(name);
    }

    /** Of whatever kind: the first that has the name. */
    public @Nullable LuaObject find(String name) {
        for (Map<String, LuaObject> kind : kinds.values()) {
            LuaObject object = kind.get(name);
            if (object != null) {
                return object;
            }
        }
        return null;
    }

    /** The names of a kind. */
    public List<String> names(String kind) {
        return new ArrayList<>(kinds.getOrDefault(kind, Map.of()).keySet());
    }
}
