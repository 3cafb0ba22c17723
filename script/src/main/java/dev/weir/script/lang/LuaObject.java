package dev.weir.script.lang;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.luaj.vm2.LuaUserdata;
import org.luaj.vm2.LuaValue;

/** An object of ours in Lua's hands. Two are equal when the Java objects behind them are. */
public final class LuaObject extends LuaUserdata {
    private static final Map<Class<?>, String> NAMES = new ConcurrentHashMap<>();

    private static final Object RELEASED = new Object();

    private final ObjectType<?> type;

    LuaObject(Object instance, ObjectType<?> type) {
        super(instance);
        this.type = type;
    }

    static void register(Class<?> javaType, String name) {
        NAMES.put(javaType, name);
    }

    /** "a Server" for the class behind it. */
    static String nameOf(Class<?> javaType) {
        return "a " + NAMES.getOrDefault(javaType, javaType.getSimpleName());
    }

    /** Takes the Java object away, which will belong to somebody else. */
    public void release() {
        m_instance = RELEASED;
    }

    boolean isReleased() {
        return m_instance == RELEASED;
    }

    public ObjectType<?> objectType() {
        return type;
    }

    @Override
    public LuaValue get(LuaValue key) {
        return type.member(this, key);
    }

    @Override
    public void set(LuaValue key, LuaValue value) {
        type.assign(this, key, value);
    }

    @Override
    public String tojstring() {
        return type.textOf(this);
    }

    @Override
    public String typename() {
        return "userdata";
    }
}
