package dev.weir.script.convert;

import dev.weir.config.Ledger;
import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.SectionType;
import dev.weir.config.yaml.Slot;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Journal.Call;
import dev.weir.script.lang.Options;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arguments of a call as the keys of the map that stand for them: the table of YAML, read backwards. */
final class Unpacking {
    private final Workshop workshop;
    private final Scalar scalars;

    Unpacking(Workshop workshop) {
        this.workshop = workshop;
        this.scalars = new Scalar(workshop.context);
    }

    /** The keys of a map of this type that make the same call. */
    Map<String, Object> keys(SectionType type, Call call) {
        return keys(type, call, 0, Set.of());
    }

    /**
     * @param options position of the table of options for keys that name none
     * @param others arguments that the caller looks after, such as {@code 2.} or {@code 1.tls}
     * @throws Unsayable if there is an argument that no key stands for
     */
    Map<String, Object> keys(SectionType type, Call call, int options, Set<String> others) {
        return keys(type, call, options, others, Set.of());
    }

    /** @param foreign keys that are not to be used */
    Map<String, Object> keys(SectionType type, Call call, int options, Set<String> others, Set<String> foreign) {
        Map<String, Object> keys = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>(others);
        for (Field field : type.fields()) {
            if (!foreign.contains(field.name())) {
                gather(field, call, options, keys, taken);
            }
        }
        complete(call, taken);
        return keys;
    }

    private void gather(Field field, Call call, int base, Map<String, Object> keys, Set<String> taken) {
        Slot slot = field.slot();
        SectionType map = field.map();
        if (slot != null
                && (slot.isSpecial() || slot.how().equals("=name") || slot.how().equals("-"))) {
            return;
        }
        if (map != null && !field.list()) {
            Map<String, Object> below = new LinkedHashMap<>();
            for (Field each : map.fields()) {
                gather(each, call, slot == null ? base : slot.position(), below, taken);
            }
            if (!below.isEmpty()) {
                keys.put(field.name(), below);
            }
        } else if (slot != null
                && (map == null || slot.position() > 0 || !slot.key().isEmpty())) {
            put(field, slot, call, base, keys, taken);
        }
    }

    private void put(Field field, Slot slot, Call call, int base, Map<String, Object> keys, Set<String> taken) {
        int position = slot.position() > 0 || slot.key().isEmpty() ? slot.position() : base;
        if (slot.how().equals(":svckeys")) {
            List<Object> extras = numbered(call, position, taken);
            if (!extras.isEmpty()) {
                keys.put(field.name(), extras);
            }
            return;
        }
        String where = position + "." + slot.key();
        Object value = taken.contains(where) ? null : argument(call, position, slot.key());
        Object written = value == null ? null : write(field, slot, value);
        if (written != null) {
            taken.add(where);
            keys.put(field.name(), written);
        }
    }

    /** Options named {@code key123}. */
    private static List<Object> numbered(Call call, int position, Set<String> taken) {
        List<Object> extras = new ArrayList<>();
        if (call.value(position) instanceof LuaTable table) {
            for (FromLua.Entry entry : FromLua.entries(table)) {
                if (entry.name().matches("key[0-9]+")) {
                    taken.add(position + "." + entry.name());
                    Map<String, Object> pair = new LinkedHashMap<>();
                    pair.put("key", Long.parseLong(entry.name().substring("key".length())));
                    pair.put("value", Scalar.text(entry.value()));
                    extras.add(pair);
                }
            }
        }
        return extras;
    }

    /** An argument, or an option of the table that is one. */
    static @Nullable Object argument(Call call, int position, String key) {
        Object value = call.value(position);
        if (key.isEmpty()) {
            return value;
        }
        return value instanceof LuaTable table
                ? new Options(new Args(call.function(), new Object[0], 0), table, (subject, message) -> {}).value(key)
                : null;
    }

    /** A value as the key has it; {@code null} if another key for the same argument is the right one. */
    @Nullable Object write(Field field, Slot slot, Object value) {
        String how = slot.how();
        if (slot.isReference()) {
            boolean many = field.list();
            return Origins.thing(value) == null && !many
                    ? null
                    : each(field, value, one -> workshop.names.reference(slot.kind(), one));
        }
        if (how.startsWith("<")) {
            SectionType type = Objects.requireNonNull(field.map());
            return each(field, value, one -> keys(type, maker(one)));
        }
        return switch (how) {
            case ":name" -> workshop.functions.name((LuaFunction) value);
            case ":code" -> workshop.functions.code((LuaFunction) value);
            case ":file" -> null;
            default ->
                switch (field.type()) {
                    case SELECTOR -> each(field, value, workshop.parts::selector);
                    case ACTION, RESPONSE_ACTION -> each(field, value, workshop.parts::action);
                    default -> scalars.write(field, how, value);
                };
        };
    }

    /** The call that made an object. */
    Call maker(@Nullable Object value) {
        Object thing = Origins.thing(value);
        Call call = thing == null ? null : workshop.origins.of(thing);
        if (call == null) {
            throw new Unsayable("an object of unknown origin");
        }
        return call;
    }

    private interface One {
        Object write(@Nullable Object value);
    }

    private static Object each(Field field, Object value, One one) {
        if (!field.list()) {
            return one.write(value);
        }
        List<Object> all = new ArrayList<>();
        Args.oneOrMore(value).forEach(element -> all.add(one.write(element)));
        return all;
    }

    /** Whether nothing is left over. */
    private static void complete(Call call, Set<String> taken) {
        for (int position = 1; position <= call.values().size(); position++) {
            Object value = call.value(position);
            if (value == null || taken.contains(position + ".")) {
                continue;
            }
            String prefix = position + ".";
            if (!(value instanceof LuaTable table)) {
                throw new Unsayable("there is no key for argument " + position);
            }
            for (FromLua.Entry entry : FromLua.entries(table)) {
                boolean known = Ledger.find(Ledger.Table.OPTIONS, call.function() + ":" + entry.name()) != null
                        || call.function().equals("MaxQPSIPRule");
                if (!taken.contains(prefix + entry.name()) && known) {
                    throw new Unsayable("there is no key for the option '" + entry.name() + "'");
                }
            }
        }
    }
}
