package dev.weir.script.lang;

import dev.weir.config.Ledger;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaType;
import dev.weir.lua.Metamethod;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A class of objects that Lua code sees: its members, and what they do. One Java class per type with a switch over the names, for the same
 * reason as {@link Area}.
 *
 * @param <T> the Java object behind
 */
public abstract class ObjectType<T> {
    private final String name;
    private final Class<T> javaType;
    private final Set<String> members = new TreeSet<>();
    private final String[] methods;
    private final String[] attributes;
    private Complaints complaints = (subject, message) -> {};
    private @Nullable LuaState state;
    private @Nullable LuaType luaType;
    private Binding.@Nullable Phase phase;

    /**
     * @param name dnsdist's name of the class
     * @param methodNames names separated by blanks
     * @param attributeNames names separated by blanks
     */
    protected ObjectType(String name, Class<T> javaType, String methodNames, String attributeNames) {
        this.name = name;
        this.javaType = javaType;
        methods = words(methodNames);
        attributes = words(attributeNames);
        members.addAll(Set.of(methods));
        members.addAll(Set.of(attributes));
        LuaObject.register(javaType, name);
    }

    private static String[] words(String names) {
        return names.isEmpty() ? new String[0] : names.split(" ", -1);
    }

    public final String name() {
        return name;
    }

    /** Names of all members. */
    public final Set<String> members() {
        return members;
    }

    /** Whether there is such a method or attribute. */
    public final boolean has(String member) {
        return members.contains(member);
    }

    /** Where methods report what they read otherwise than it was written; nowhere until this is called. */
    public final void complainTo(Complaints target) {
        complaints = target;
    }

    /** The world that its objects are of, and what it is doing; to be called once. */
    public final void belongsTo(LuaState world, Binding.Phase now) {
        state = world;
        phase = now;
    }

    /** What Lua knows of it; made for the first object. */
    final LuaType luaType() {
        LuaType known = luaType;
        LuaState world = state;
        if (known == null) {
            if (world == null) {
                throw new IllegalStateException(name + " has no world");
            }
            known = luaType = describe(world);
        }
        return known;
    }

    private LuaType describe(LuaState world) {
        LuaType.Builder type = LuaType.named(name);
        for (String method : methods) {
            type.method(method, world.function(method, (state, values) -> call(state, method, values)));
        }
        for (String attribute : attributes) {
            type.property(
                    attribute,
                    LuaObject.class,
                    object -> read(world, object, attribute),
                    (object, value) -> assign(world, object, attribute, value));
        }
        type.operator(Metamethod.INDEX, world.function("__index", (state, values) -> {
            throw state.error(missing(values.get(2)));
        }));
        type.operator(Metamethod.NEWINDEX, world.function("__newindex", (state, values) -> {
            throw state.error(missing(values.get(2)));
        }));
        type.operator(
                Metamethod.TOSTRING,
                world.function("__tostring", (state, values) -> LuaString.of(FromLua.text(values.get(1)))));
        type.operator(
                Metamethod.EQ,
                world.function("__eq", (state, values) -> java.util.Objects.equals(values.get(1), values.get(2))));
        return type.build();
    }

    private @Nullable Object call(LuaState world, String method, LuaArgs values) {
        String label = name + ":" + method;
        if (!(values.get(1) instanceof LuaObject object) || object.objectType() != this) {
            throw world.error(label + ": call it with a colon, on a " + name);
        }
        @Nullable Object[] all = values.all();
        Args args = new Args(label, all, 1, complaints);
        Binding.Phase now = phase;
        Journal journal = now == null ? null : now.journal();
        try {
            if (now == null || journal == null) {
                return call(self(object), object, method, args);
            }
            List<@Nullable Object> arguments = Journal.arguments(all, 1);
            @Nullable Object result = call(self(object), object, method, args);
            journal.note(new Journal.Call(label, object, arguments, result, now.place()));
            return result;
        } catch (Mistake e) {
            throw world.error(e.text());
        } catch (IllegalArgumentException e) {
            throw world.error(label + ": " + e.getMessage());
        }
    }

    private @Nullable Object read(LuaState world, LuaObject object, String attribute) {
        try {
            return get(self(object), attribute);
        } catch (Mistake e) {
            throw world.error(e.text());
        }
    }

    private void assign(LuaState world, LuaObject object, String attribute, @Nullable Object value) {
        Binding.Phase now = phase;
        Journal journal = now == null ? null : now.journal();
        try {
            set(self(object), attribute, value);
            if (now != null && journal != null) {
                List<@Nullable Object> arguments = Journal.arguments(new @Nullable Object[] {value}, 0);
                journal.note(new Journal.Call(name + "." + attribute, object, arguments, null, now.place()));
            }
        } catch (Mistake e) {
            throw world.error(e.text());
        } catch (IllegalArgumentException e) {
            throw world.error(name + "." + attribute + ": " + e.getMessage());
        }
    }

    /** The value given to an attribute, as the one argument of a call. */
    protected final Args assigned(String attribute, @Nullable Object value) {
        return new Args(name + "." + attribute, new @Nullable Object[] {value}, 0, complaints);
    }

    /** The Lua object for a Java one. */
    public final LuaObject wrap(T instance) {
        return new LuaObject(instance, this);
    }

    /** Calls a method; {@code object} is there for methods that exchange the Java object behind. */
    protected abstract @Nullable Object call(T self, LuaObject object, String method, Args args);

    protected @Nullable Object get(T self, String attribute) {
        throw unknown(attribute);
    }

    /** Sets an attribute; those that can't be set are left as they are without a word, as in dnsdist. */
    protected void set(T self, String attribute, @Nullable Object value) {}

    /** What {@code tostring()} gives. */
    protected String text(T self) {
        return self.toString();
    }

    /** What a subclass ends in for a member that it registered and does not know. */
    protected final IllegalStateException unknown(String member) {
        return new IllegalStateException(name + ":" + member + " is registered and not dispatched");
    }

    final String textOf(LuaObject object) {
        Object instance = object.instance();
        return instance == null ? name : text(javaType.cast(instance));
    }

    private T self(LuaObject object) {
        Object instance = object.instance();
        if (instance == null) {
            throw new Mistake("this " + name + " is gone: it belonged to an earlier call");
        }
        return javaType.cast(instance);
    }

    private String missing(@Nullable Object key) {
        String member = name + ":" + FromLua.text(key);
        Ledger.Entry row = Ledger.find(Ledger.Table.METHODS, member);
        return row == null
                ? name + " has no method or attribute '" + FromLua.text(key) + "'"
                : member + ": not implemented yet in Weir";
    }
}
