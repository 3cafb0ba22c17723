package dev.weir.script.yaml;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.Slot;
import dev.weir.config.yaml.YamlException;
import dev.weir.config.yaml.YamlPlace;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.ToLua;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The arguments of one call while they are gathered from the keys of a map, and where each stands. */
final class Draft {
    final String function;
    final YamlPlace place;
    private final TreeMap<Integer, Object> arguments = new TreeMap<>();
    private final Map<Integer, LuaTable> options = new HashMap<>();
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final Map<String, YamlPlace> places = new HashMap<>();
    private boolean usual = true;
    private boolean wanted = true;

    Draft(String function, YamlPlace place) {
        this.function = function;
        this.place = place;
    }

    /** @param base position of the options table for a slot that names only a key */
    void put(Field field, Slot slot, int base, Object value, YamlPlace at) {
        int position = slot.position() > 0 || slot.key().isEmpty() ? slot.position() : base;
        String where = Integer.toString(position).concat(".").concat(slot.key());
        Field before = fields.putIfAbsent(where, field);
        if (before != null) {
            throw new YamlException(at, "'" + before.name() + "' says it already: only one of the two can be given");
        }
        places.put(where, at);
        if (slot.key().isEmpty()) {
            arguments.put(position, value);
        } else {
            options(position).put(LuaString.of(slot.key()), value);
        }
    }

    /** The table of options at a position. */
    LuaTable options(int position) {
        return options.computeIfAbsent(position, any -> new LuaTable());
    }

    void argument(int position, Object value) {
        arguments.put(position, value);
    }

    boolean has(int position) {
        return arguments.containsKey(position);
    }

    /** Something was given that is not the default. */
    void unusual() {
        usual = false;
    }

    /** Whether all that was given is what holds without it. */
    boolean isUsual() {
        return usual;
    }

    void wanted(boolean now) {
        wanted = now;
    }

    /** Whether the call is to be made at all. */
    boolean isWanted() {
        return wanted;
    }

    /** An argument that was not given and has a default. */
    void fill(Field field) {
        Slot slot = field.slot();
        if (slot == null || slot.position() == 0 || !slot.key().isEmpty() || has(slot.position())) {
            return;
        }
        if (field.list() && (slot.how().isEmpty() || slot.how().equals(":pairs"))) {
            arguments.put(slot.position(), new LuaTable());
        }
        if (field.list() || !slot.how().isEmpty() || field.defaultText().isEmpty()) {
            return;
        }
        switch (field.type()) {
            case BOOL -> arguments.put(slot.position(), ToLua.of(Boolean.parseBoolean(field.defaultText())));
            case U8, U16, U32, U64, F64 ->
                arguments.put(slot.position(), ToLua.of(Double.parseDouble(field.defaultText())));
            default -> {}
        }
    }

    /** The arguments in their order. */
    @Nullable Object[] arguments() {
        options.forEach(arguments::putIfAbsent);
        arguments.remove(0);
        @Nullable Object[] all = new @Nullable Object[arguments.isEmpty() ? 0 : arguments.lastKey()];
        arguments.forEach((position, value) -> all[position - 1] = value);
        return all;
    }

    /**
     * Where the mistake of a call most probably stands.
     *
     * @param message may name an option between quotation marks
     * @param lastRead the argument that was looked at last
     */
    YamlPlace placeOf(String message, int lastRead) {
        for (Map.Entry<String, YamlPlace> each : places.entrySet()) {
            String key = each.getKey().substring(each.getKey().indexOf('.') + 1);
            if (!key.isEmpty() && message.contains("'" + key + "'")) {
                return each.getValue();
            }
        }
        YamlPlace read = places.get(lastRead + ".");
        return read != null
                ? read
                : places.size() == 1 ? places.values().iterator().next() : place;
    }
}
