package dev.weir.lua;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a table whose metatable has a {@code __mode}: those whose weak key or weak value nobody else holds
 * disappear some time after a collection of garbage. Only tables, functions, userdata and threads are held weakly.
 */
final class WeakEntries {
    private final boolean keys;
    private final boolean values;
    private final Map<Object, Entry> entries = new HashMap<>();
    private final ReferenceQueue<Object> dead = new ReferenceQueue<>();
    private List<Object> order = List.of();

    WeakEntries(boolean keys, boolean values) {
        this.keys = keys;
        this.values = values;
    }

    boolean keys() {
        return keys;
    }

    boolean values() {
        return values;
    }

    @Nullable Object get(Object key) {
        Entry entry = entries.get(probe(key));
        return entry == null ? null : entry.value();
    }

    void put(Object key, @Nullable Object value) {
        expunge();
        if (value == null) {
            entries.remove(probe(key));
            return;
        }
        Object kept = keys && collectable(key) ? new WeakKey(key, dead) : probe(key);
        Object held = values && collectable(value) ? new WeakValue(value, kept, dead) : value;
        entries.put(kept, new Entry(key(kept), held));
    }

    /** The list's length by search: weak tables are rarely lists. */
    int length() {
        int length = 0;
        while (get(LuaNumber.box(length + 1)) != null) {
            length++;
        }
        return length;
    }

    @Nullable Object next(@Nullable Object key) {
        if (key == null) {
            expunge();
            order = new ArrayList<>(entries.keySet());
        }
        int at = key == null ? 0 : order.indexOf(probe(key)) + 1;
        if (key != null && at == 0) {
            throw new IllegalArgumentException("invalid key to 'next'");
        }
        for (; at < order.size(); at++) {
            Object kept = order.get(at);
            Entry entry = entries.get(kept);
            Object value = entry == null ? null : entry.value();
            Object live = key(kept) instanceof Reference<?> reference ? reference.get() : key(kept);
            if (value != null && live != null) {
                return Values.of(live, value);
            }
        }
        order = List.of();
        return null;
    }

    void moveTo(LuaTable table) {
        for (Object kept : new ArrayList<>(entries.keySet())) {
            Entry entry = entries.get(kept);
            Object live = key(kept) instanceof Reference<?> reference ? reference.get() : key(kept);
            if (entry != null && live != null) {
                table.put(live, entry.value());
            }
        }
    }

    private void expunge() {
        Reference<?> gone;
        while ((gone = dead.poll()) != null) {
            if (gone instanceof WeakValue value) {
                Entry entry = entries.get(value.key);
                if (entry != null && entry.held == value) {
                    entries.remove(value.key);
                }
            } else {
                entries.remove(gone);
            }
        }
    }

    private static boolean collectable(Object value) {
        return !(value instanceof LuaString || value instanceof Double || value instanceof Boolean);
    }

    /** What a key is looked up by: objects by identity, strings and numbers by what they say. */
    private static Object probe(Object key) {
        if (key instanceof Double number) {
            return number + 0.0;
        }
        return collectable(key) ? new Same(key) : key;
    }

    private static Object key(Object kept) {
        return kept instanceof Same same ? same.object : kept;
    }

    private record Entry(Object key, Object held) {
        @Nullable Object value() {
            return held instanceof WeakValue weak ? weak.get() : held;
        }
    }

    /** Equal to itself, to a {@link WeakKey} and to another wrapper of the same object. */
    private static final class Same {
        private final Object object;

        Same(Object object) {
            this.object = object;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(object);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Same same && same.object == object
                    || other instanceof WeakKey weak && weak.get() == object;
        }
    }

    private static final class WeakKey extends WeakReference<Object> {
        private final int hash;

        WeakKey(Object object, ReferenceQueue<Object> queue) {
            super(object, queue);
            hash = System.identityHashCode(object);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            Object mine = get();
            return mine != null
                    && (other instanceof Same same && same.object == mine
                            || other instanceof WeakKey weak && weak.get() == mine);
        }
    }

    private static final class WeakValue extends WeakReference<Object> {
        private final Object key;

        WeakValue(Object object, Object key, ReferenceQueue<Object> queue) {
            super(object, queue);
            this.key = key;
        }
    }
}
