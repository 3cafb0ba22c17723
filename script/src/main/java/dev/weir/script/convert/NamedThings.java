package dev.weir.script.convert;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.SectionType;
import dev.weir.config.yaml.Slot;
import dev.weir.config.yaml.YamlTable;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.acl.TimedAddresses;
import dev.weir.engine.policy.Policy;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Journal.Call;
import dev.weir.script.lang.LuaObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Things that keys refer to by a name: they get one when they are first referred to, and are defined under the key for their kind. */
final class NamedThings {
    private final Workshop workshop;
    private final IdentityHashMap<Object, String> names = new IdentityHashMap<>();
    private final Map<String, Set<String>> taken = new LinkedHashMap<>();
    private final Map<String, List<Object>> definitions = new LinkedHashMap<>();
    private final IdentityHashMap<Object, String> globals = new IdentityHashMap<>();

    NamedThings(Workshop workshop) {
        this.workshop = workshop;
        for (FromLua.Entry entry : FromLua.entries(workshop.context.state.globals())) {
            Object thing = Origins.thing(entry.value());
            if (thing != null && entry.value() instanceof LuaObject) {
                globals.putIfAbsent(thing, entry.name());
            }
        }
    }

    /** The name by which a thing is referred to. */
    String reference(String kind, @Nullable Object value) {
        Object thing = Origins.thing(value);
        if (thing == null) {
            throw new Unsayable("a " + kind + " that is none");
        }
        return of(kind, thing, "");
    }

    /** @param wish how it should be called; empty: as whoever wrote it calls it, or by its kind and a number */
    String of(String kind, Object thing, String wish) {
        if (thing instanceof Policy policy) {
            return policy.name();
        }
        String known = names.get(thing);
        if (known != null) {
            return known;
        }
        String name = free(kind, wish.isEmpty() ? globals.getOrDefault(thing, "") : wish);
        names.put(thing, name);
        define(kind, thing, name);
        return name;
    }

    /** Whether somebody has referred to it. */
    boolean knows(Object thing) {
        return names.containsKey(thing);
    }

    /** A name that nothing of the kind has. */
    String free(String kind, String wish) {
        Set<String> used = taken.computeIfAbsent(kind, any -> new HashSet<>());
        if (!wish.isEmpty() && used.add(wish)) {
            return wish;
        }
        String stem = wish.isEmpty() ? kind : wish;
        for (int number = wish.isEmpty() ? 1 : 2; ; number++) {
            if (used.add(stem + "-" + number)) {
                return stem + "-" + number;
            }
        }
    }

    private void define(String kind, Object thing, String name) {
        Call call = workshop.origins.of(thing);
        if (call == null) {
            throw new Unsayable("a " + kind + " of unknown origin");
        }
        Field field = list(kind, call.function());
        Map<String, Object> definition = new LinkedHashMap<>();
        definition.put("name", name);
        switch (thing) {
            case NetmaskGroup group ->
                definition.put(
                        "netmasks",
                        group.masks().stream().map(Netmask::toString).toList());
            case TimedAddresses addresses -> {
                if (addresses.size() > 0) {
                    workshop.leave(call, "the addresses that are in the set already");
                }
            }
            default -> {
                SectionType type = Objects.requireNonNull(field.map());
                definition.putAll(workshop.unpacking.keys(type, call));
            }
        }
        definitions.computeIfAbsent(field.path(), any -> new ArrayList<>()).add(definition);
    }

    private static Field list(String kind, String function) {
        for (Field field : YamlTable.table().fields()) {
            Slot slot = field.slot();
            if (slot != null
                    && field.map() != null
                    && field.list()
                    && slot.key().isEmpty()
                    && slot.position() == 0
                    && slot.kind().equals(kind)
                    && slot.function().equals(function)) {
                return field;
            }
        }
        throw new Unsayable("a " + kind + " made by " + function);
    }

    /** What has been defined, by the path of its list. */
    Map<String, List<Object>> definitions() {
        return definitions;
    }
}
