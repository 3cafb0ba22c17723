package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/** A field of objects of a {@link LuaType}: how it is read and, perhaps, assigned. */
public final class LuaProperty {
    private final LuaType.Getter<LuaUserdata> getter;
    private final LuaType.@Nullable Setter<LuaUserdata> setter;

    LuaProperty(LuaType.Getter<LuaUserdata> getter, LuaType.@Nullable Setter<LuaUserdata> setter) {
        this.getter = getter;
        this.setter = setter;
    }

    /** The field's value. */
    public @Nullable Object get(LuaUserdata object) {
        return getter.get(object);
    }

    /** Assigns; whether the field can be assigned at all. */
    public boolean set(LuaUserdata object, @Nullable Object value) {
        if (setter == null) {
            return false;
        }
        setter.set(object, value);
        return true;
    }
}
