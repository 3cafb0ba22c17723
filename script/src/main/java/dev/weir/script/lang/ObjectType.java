package dev.weir.script.lang;

import dev.weir.config.Ledger;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaUserdata;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;

/**
 * A class of objects that Lua code sees: its members, and what they do. One Java class per type with a switch over the names, for the same
 * reason as {@link Area}.
 *
 * @param <T> the Java object behind
 */
public abstract class ObjectType<T> {
    /** A value in the table of members that stands for an attribute; Lua code never gets hold of it. */
    private static final class Attribute extends LuaUserdata {
        final String name;

        Attribute(String name) {
            super(name);
            this.name = name;
        }
    }

    private final String name;
    private final Class<T> javaType;
    private final Map<LuaValue, LuaValue> members = new HashMap<>();
    private Complaints complaints = (subject, message) -> {};

    /**
     * @param name dnsdist's name of the class
     * @param methodNames names separated by blanks
     * @param attributeNames names separated by blanks
     */
    protected ObjectType(String name, Class<T> javaType, String methodNames, String attributeNames) {
        this.name = name;
        this.javaType = javaType;
        for (String method : words(methodNames)) {
            members.put(LuaString.valueOf(method), new Method(method));
        }
        for (String attribute : words(attributeNames)) {
            members.put(LuaString.valueOf(attribute), new Attribute(attribute));
        }
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
        Set<String> names = new TreeSet<>();
        members.keySet().forEach(key -> names.add(key.tojstring()));
        return names;
    }

    /** Whether there is such a method or attribute. */
    public final boolean has(String member) {
        return members.containsKey(LuaString.valueOf(member));
    }

    /** Where methods report what they read otherwise than it was written; nowhere until this is called. */
    public final void complainTo(Complaints target) {
        complaints = target;
    }

    /** The value given to an attribute, as the one argument of a call. */
    protected final Args assigned(String attribute, LuaValue value) {
        return new Args(name + "." + attribute, value, 0, complaints);
    }

    /** The Lua object for a Java one. */
    public final LuaObject wrap(T instance) {
        return new LuaObject(instance, this);
    }

    /** Calls a method; {@code object} is there for methods that exchange the Java object behind. */
    protected abstract Varargs call(T self, LuaObject object, String method, Args args);

    protected LuaValue get(T self, String attribute) {
        throw unknown(attribute);
    }

    /** Sets an attribute; those that can't be set are left as they are without a word, as in dnsdist. */
    protected void set(T self, String attribute, LuaValue value) {}

    /** What {@code tostring()} gives. */
    protected String text(T self) {
        return self.toString();
    }

    /** What a subclass ends in for a member that it registered and does not know. */
    protected final IllegalStateException unknown(String member) {
        return new IllegalStateException(name + ":" + member + " is registered and not dispatched");
    }

    final LuaValue member(LuaObject object, LuaValue key) {
        LuaValue member = members.get(key);
        if (member instanceof Attribute attribute) {
            return get(self(object), attribute.name);
        }
        if (member == null) {
            throw missing(key);
        }
        return member;
    }

    final void assign(LuaObject object, LuaValue key, LuaValue value) {
        if (!(members.get(key) instanceof Attribute attribute)) {
            throw missing(key);
        }
        try {
            set(self(object), attribute.name, value);
        } catch (IllegalArgumentException e) {
            throw new LuaError(name + "." + attribute.name + ": " + e.getMessage());
        }
    }

    final String textOf(LuaObject object) {
        return object.isReleased() ? name : text(self(object));
    }

    private T self(LuaObject object) {
        if (object.isReleased()) {
            throw new LuaError("this " + name + " is gone: it belonged to an earlier call");
        }
        return javaType.cast(object.m_instance);
    }

    private LuaError missing(LuaValue key) {
        String member = name + ":" + key.tojstring();
        Ledger.Entry row = Ledger.find(Ledger.Table.METHODS, member);
        return new LuaError(
                row == null
                        ? name + " has no method or attribute '" + key.tojstring() + "'"
                        : member + ": not implemented yet in Weir");
    }

    private final class Method extends VarArgFunction {
        private final String method;
        private final String label;

        Method(String method) {
            this.method = method;
            this.label = ObjectType.this.name + ":" + method;
        }

        @Override
        public Varargs invoke(Varargs values) {
            if (!(values.arg1() instanceof LuaObject object) || object.objectType() != ObjectType.this) {
                throw new LuaError(label + ": call it with a colon, on a " + ObjectType.this.name);
            }
            T self = self(object);
            try {
                return ObjectType.this.call(self, object, method, new Args(label, values, 1, complaints));
            } catch (IllegalArgumentException e) {
                throw new LuaError(label + ": " + e.getMessage());
            }
        }
    }
}
