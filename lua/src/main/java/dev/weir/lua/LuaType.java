package dev.weir.lua;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What objects of one kind offer to scripts: properties and methods by name, and a metatable for operators.
 *
 * <p>It does not change once built, so that a call site remembers what a name meant for it. It belongs to the world
 * whose functions it holds.
 */
public final class LuaType {
    private final String name;
    private final Map<LuaString, Object> members;
    private final LuaTable metatable;

    private LuaType(Builder builder) {
        name = builder.name;
        members = Map.copyOf(builder.members);
        metatable = builder.metatable;
    }

    /** Starts the description of a kind of object. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** What the kind is called. */
    public String name() {
        return name;
    }

    /** What operators mean; names that are not members are looked up in its {@code __index}. */
    public LuaTable metatable() {
        return metatable;
    }

    /** What a name means: a {@link LuaProperty}, or a value that all objects share, a method above all; else null. */
    public @Nullable Object member(LuaString key) {
        return members.get(key);
    }

    /** A field of an object that is computed when it is asked for. */
    @FunctionalInterface
    public interface Getter<T extends LuaUserdata> {
        /** The field's value. */
        @Nullable Object get(T object);
    }

    /** What assigning to a field does. */
    @FunctionalInterface
    public interface Setter<T extends LuaUserdata> {
        /** Takes the value; raises a {@link LuaError} if it is not of the right kind. */
        void set(T object, @Nullable Object value);
    }

    /** Collects members. */
    public static final class Builder {
        private final String name;
        private final Map<LuaString, Object> members = new HashMap<>();
        private final LuaTable metatable = new LuaTable();

        private Builder(String name) {
            this.name = name;
        }

        /** A field that can be read. */
        public <T extends LuaUserdata> Builder property(String field, Class<T> kind, Getter<T> getter) {
            members.put(LuaString.of(field), new LuaProperty(object -> getter.get(kind.cast(object)), null));
            return this;
        }

        /** A field that can be read and assigned. */
        public <T extends LuaUserdata> Builder property(
                String field, Class<T> kind, Getter<T> getter, Setter<T> setter) {
            members.put(
                    LuaString.of(field),
                    new LuaProperty(
                            object -> getter.get(kind.cast(object)),
                            (object, value) -> setter.set(kind.cast(object), value)));
            return this;
        }

        /** A method, or another value that all objects share. */
        public Builder method(String method, Object value) {
            members.put(LuaString.of(method), value);
            return this;
        }

        /** What an operator does. */
        public Builder operator(Metamethod event, Object value) {
            metatable.put(event.key(), value);
            return this;
        }

        /** The description, complete. */
        public LuaType build() {
            return new LuaType(this);
        }
    }
}
