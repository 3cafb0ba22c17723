package dev.weir.lua.interpret;

import dev.weir.lua.LuaProperty;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaType;
import dev.weir.lua.LuaUserdata;
import org.jspecify.annotations.Nullable;

/** What a name meant for the last type of object seen at one place of a script. */
public final class MemberCache {
    private @Nullable LuaType type;
    private @Nullable Object member;

    /** A place that has seen nothing. */
    public MemberCache() {}

    /** The value of an object's member; null where its type has none of this name. */
    public @Nullable Object get(LuaUserdata object, LuaString name) {
        LuaType its = object.luaType();
        if (its != type) {
            type = its;
            member = its == null ? null : its.member(name);
        }
        return member instanceof LuaProperty property ? property.get(object) : member;
    }

    /** Whether the member asked for last is a property: then a null value is its value. */
    public boolean isProperty() {
        return member instanceof LuaProperty;
    }
}
