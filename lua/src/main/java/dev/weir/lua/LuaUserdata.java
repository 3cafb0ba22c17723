package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/**
 * An embedder's object in a script's hands.
 *
 * <p>What can be done with it says its metatable. An object whose class is described by a {@link LuaType} gets its
 * fields and methods from there instead, which call sites remember.
 */
public abstract class LuaUserdata {
    /** The members shared by all objects of this kind; null where the metatable alone decides. */
    public @Nullable LuaType luaType() {
        return null;
    }

    /** What operators, fields and methods mean for this object. */
    public @Nullable LuaTable metatable() {
        LuaType type = luaType();
        return type == null ? null : type.metatable();
    }

    /** What {@code debug.setmetatable} does; most objects refuse silently. */
    public void metatable(@Nullable LuaTable changed) {}

    /** What {@code type(x)} and messages call it. */
    public String typeName() {
        return "userdata";
    }

    /** The number that {@code tonumber} makes of it; null where it makes none. */
    public @Nullable Double toNumber() {
        return null;
    }
}
