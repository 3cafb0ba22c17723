package dev.weir.script.lang;

import dev.weir.lua.LuaType;
import dev.weir.lua.LuaUserdata;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An object of ours in Lua's hands. Two are equal when the Java objects behind them are. */
public final class LuaObject extends LuaUserdata {
    private static final Map<Class<?>, String> NAMES = new ConcurrentHashMap<>();

    private final ObjectType<?> type;

    /** Null when it was taken away. */
    private @Nullable Object instance;

    LuaObject(Object instance, ObjectType<?> type) {
        this.instance = instance;
        this.type = type;
    }

    static void register(Class<?> javaType, String name) {
        NAMES.put(javaType, name);
    }

    /** "a Server" for the class behind it. */
    static String nameOf(Class<?> javaType) {
        return "a " + NAMES.getOrDefault(javaType, javaType.getSimpleName());
    }

    /** The Java object; null when it was taken away. */
    public @Nullable Object instance() {
        return instance;
    }

    /** Puts another Java object behind it. */
    public void become(Object other) {
        instance = other;
    }

    /** Takes the Java object away, which will belong to somebody else. */
    public void release() {
        instance = null;
    }

    public ObjectType<?> objectType() {
        return type;
    }

    /** What {@code tostring()} gives. */
    public String text() {
        return type.textOf(this);
    }

    @Override
    public LuaType luaType() {
        return type.luaType();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof LuaObject object && instance != null && instance.equals(object.instance);
    }

    @Override
    public int hashCode() {
        return instance == null ? 0 : instance.hashCode();
    }
}
