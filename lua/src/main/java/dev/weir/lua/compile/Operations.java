package dev.weir.lua.compile;

import dev.weir.lua.CallInfo;
import dev.weir.lua.CallStack;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.LuaUserdata;
import dev.weir.lua.Metamethod;
import dev.weir.lua.Values;
import dev.weir.lua.interpret.Frame;
import dev.weir.lua.interpret.LuaClosure;
import dev.weir.lua.interpret.MemberCache;
import dev.weir.lua.interpret.Prototype;
import dev.weir.lua.interpret.UpvalueCell;
import dev.weir.lua.syntax.UpvalueSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What generated code calls. The first lines of each method are the usual case, short enough to be inlined; what is
 * behind them notes the place first, so that errors and tracebacks tell the line.
 */
public final class Operations {
    /** In the object half of a value in two halves: the other half is it. */
    public static final Object NUMBER = new Object();

    private Operations() {}

    // ---- entering and leaving

    /** Notes that a function is called, and counts the call. */
    public static CallInfo enter(LuaClosure closure, LuaState state, CallStack calls) {
        CallInfo info = calls.enter(closure);
        info.frame = null;
        if (--state.fuel < 0) {
            state.refuel();
        }
        return info;
    }

    /** Counts a round. */
    public static void round(LuaState state) {
        if (--state.fuel < 0) {
            state.refuel();
        }
    }

    // ---- variables

    /** A global. */
    public static @Nullable Object global(LuaClosure closure, LuaString name, CallInfo info, int site) {
        LuaTable environment = closure.environment();
        Object value = environment.get(name);
        return value != null ? value : absentGlobal(closure, environment, name, info, site);
    }

    private static @Nullable Object absentGlobal(
            LuaClosure closure, LuaTable environment, LuaString name, CallInfo info, int site) {
        if (environment.metatable() == null) {
            return null;
        }
        info.site = site;
        return LuaOperators.index(closure.state(), environment, name);
    }

    /** Assigns to a global. */
    public static void setGlobal(LuaClosure closure, LuaString name, @Nullable Object value, CallInfo info, int site) {
        LuaTable environment = closure.environment();
        if (environment.metatable() == null) {
            environment.put(name, value);
        } else {
            info.site = site;
            LuaOperators.setIndex(closure.state(), environment, name, value);
        }
    }

    /** A new function; the cells are those of this function's locals, in the order in which they are needed. */
    public static LuaClosure closure(LuaClosure outer, Prototype prototype, UpvalueCell[] cells) {
        List<UpvalueSource> sources = prototype.syntax().upvalues();
        UpvalueCell[] upvalues = new UpvalueCell[sources.size()];
        int next = 0;
        for (int i = 0; i < upvalues.length; i++) {
            UpvalueSource source = sources.get(i);
            upvalues[i] = source.local() != null ? cells[next++] : outer.upvalues()[source.index()];
        }
        return outer.inside(prototype, upvalues);
    }

    // ---- fields, read

    /** {@code object.name}. */
    public static @Nullable Object field(
            @Nullable Object object, LuaString name, LuaClosure closure, CallInfo info, int site, MemberCache cache) {
        if (object instanceof LuaTable table) {
            Object value = table.get(name);
            if (value != null) {
                return value;
            }
        }
        return otherField(object, name, closure, info, site, cache);
    }

    private static @Nullable Object otherField(
            @Nullable Object object, LuaString name, LuaClosure closure, CallInfo info, int site, MemberCache cache) {
        if (object instanceof LuaTable table) {
            LuaTable metatable = table.metatable();
            if (metatable == null) {
                return null;
            }
            // a method of a class: the most usual case by far
            Object inherited =
                    metatable.metamethod(Metamethod.INDEX) instanceof LuaTable parent ? parent.get(name) : null;
            if (inherited != null) {
                return inherited;
            }
        }
        info.site = site;
        if (object instanceof LuaUserdata userdata) {
            Object value = cache.get(userdata, name);
            if (value != null || cache.isProperty()) {
                return value;
            }
        }
        return LuaOperators.index(
                closure.state(), object, name, closure.prototype().site(site).operands());
    }

    /** {@code object[key]} where the key is a whole number. */
    public static @Nullable Object element(
            @Nullable Object object, long key, LuaClosure closure, CallInfo info, int site) {
        if (object instanceof LuaTable table && key == (int) key) {
            Object value = table.get((int) key);
            if (value != null) {
                return value;
            }
        }
        return otherElement(object, LuaNumber.box((double) key), closure, info, site);
    }

    /** {@code object[key]} where the key is a number. */
    public static @Nullable Object element(
            @Nullable Object object, double key, LuaClosure closure, CallInfo info, int site) {
        if (object instanceof LuaTable table) {
            Object value = table.get(key);
            if (value != null) {
                return value;
            }
        }
        return otherElement(object, LuaNumber.box(key), closure, info, site);
    }

    /** {@code object[key]}. */
    public static @Nullable Object element(
            @Nullable Object object, @Nullable Object key, LuaClosure closure, CallInfo info, int site) {
        if (object instanceof LuaTable table) {
            Object value = key instanceof Double number ? table.get(number.doubleValue()) : table.get(key);
            if (value != null) {
                return value;
            }
        }
        return otherElement(object, key, closure, info, site);
    }

    private static @Nullable Object otherElement(
            @Nullable Object object, @Nullable Object key, LuaClosure closure, CallInfo info, int site) {
        if (object instanceof LuaTable table && table.metatable() == null) {
            return table.get(key);
        }
        info.site = site;
        return LuaOperators.index(
                closure.state(), object, key, closure.prototype().site(site).operands());
    }

    // ---- fields, written

    /** {@code object.name = value}. */
    public static void setField(
            @Nullable Object object,
            LuaString name,
            @Nullable Object value,
            LuaClosure closure,
            CallInfo info,
            int site) {
        if (object instanceof LuaTable table && table.assignsPlainly()) {
            table.put(name, value);
        } else {
            setOther(object, name, value, closure, info, site);
        }
    }

    /** {@code object[key] = value} where the key is a whole number. */
    public static void setElement(
            @Nullable Object object, long key, @Nullable Object value, LuaClosure closure, CallInfo info, int site) {
        if (object instanceof LuaTable table && table.assignsPlainly() && key == (int) key) {
            table.put((int) key, value);
        } else {
            setOther(object, LuaNumber.box((double) key), value, closure, info, site);
        }
    }

    /** {@code object[key] = value} where the key is a number. */
    public static void setElement(
            @Nullable Object object, double key, @Nullable Object value, LuaClosure closure, CallInfo info, int site) {
        if (object instanceof LuaTable table && table.assignsPlainly() && !Double.isNaN(key)) {
            table.put(key, value);
        } else {
            setOther(object, key, value, closure, info, site);
        }
    }

    /** {@code object[key] = value}. */
    public static void setElement(
            @Nullable Object object,
            @Nullable Object key,
            @Nullable Object value,
            LuaClosure closure,
            CallInfo info,
            int site) {
        if (key instanceof LuaString name) {
            setField(object, name, value, closure, info, site);
        } else if (key instanceof Double number) {
            setElement(object, number.doubleValue(), value, closure, info, site);
        } else {
            setOther(object, key, value, closure, info, site);
        }
    }

    private static void setOther(
            @Nullable Object object,
            @Nullable Object key,
            @Nullable Object value,
            LuaClosure closure,
            CallInfo info,
            int site) {
        info.site = site;
        LuaOperators.setIndex(
                closure.state(),
                object,
                key,
                value,
                closure.prototype().site(site).operands());
    }

    /** Sets a field of a table that is being constructed. */
    public static void construct(
            LuaTable table, @Nullable Object key, @Nullable Object value, LuaClosure closure, CallInfo info, int site) {
        if (key instanceof LuaString name) {
            table.put(name, value);
        } else {
            info.site = site;
            LuaOperators.rawSet(closure.state(), table, key, value);
        }
    }

    /** Puts the last items of a table that is being constructed behind the others. */
    public static void constructRest(LuaTable table, int from, @Nullable Object result) {
        int at = from;
        for (Object value : Values.all(result)) {
            table.put(at++, value);
        }
    }

    // ---- operators

    /** An operator of two values of which one is not a number. */
    public static @Nullable Object arithmetic(
            @Nullable Object left,
            @Nullable Object right,
            Metamethod operator,
            LuaClosure closure,
            CallInfo info,
            int site) {
        info.site = site;
        return LuaOperators.arithmetic(
                closure.state(),
                operator,
                left,
                right,
                closure.prototype().site(site).operands());
    }

    /** {@code left == right}. */
    public static boolean equal(
            @Nullable Object left, @Nullable Object right, LuaClosure closure, CallInfo info, int site) {
        if (left == right) {
            return !(left instanceof Double number) || !number.isNaN();
        }
        if (left == null || right == null) {
            // A pointer of C that is NULL equals nil.
            Object other = left == null ? right : left;
            return other instanceof LuaUserdata && LuaOperators.equals(closure.state(), left, right);
        }
        if (left instanceof LuaString first && right instanceof LuaString second) {
            return first.equals(second);
        }
        info.site = site;
        return LuaOperators.equals(closure.state(), left, right);
    }

    /** {@code left < right} of two values of which one is not a number. */
    public static boolean less(
            @Nullable Object left, @Nullable Object right, LuaClosure closure, CallInfo info, int site) {
        info.site = site;
        return LuaOperators.lessThan(closure.state(), left, right);
    }

    /** {@code left <= right} of two values of which one is not a number. */
    public static boolean lessOrEqual(
            @Nullable Object left, @Nullable Object right, LuaClosure closure, CallInfo info, int site) {
        info.site = site;
        return LuaOperators.lessOrEqual(closure.state(), left, right);
    }

    /** {@code #value} of anything. */
    public static @Nullable Object length(@Nullable Object value, LuaClosure closure, CallInfo info, int site) {
        if (value instanceof LuaTable table) {
            return LuaNumber.box(table.length());
        }
        info.site = site;
        return LuaOperators.length(
                closure.state(), value, closure.prototype().site(site).operands());
    }

    /** {@code a .. b .. c}. */
    public static @Nullable Object concat(@Nullable Object[] values, LuaClosure closure, CallInfo info, int site) {
        return closure.concat(info, values, site);
    }

    /** Whether a condition holds. */
    public static boolean isTrue(@Nullable Object value) {
        return value != null && value != Boolean.FALSE;
    }

    // ---- calls

    /** What is called: the value itself, or what its {@code __call} says. */
    public static LuaFunction callee(@Nullable Object value, LuaClosure closure, CallInfo info, int site) {
        if (value instanceof LuaFunction function) {
            return function;
        }
        info.site = site;
        return LuaOperators.handlerOfCall(
                closure.state(), value, closure.prototype().site(site).called());
    }

    /** The first of a call's results. */
    public static @Nullable Object first(@Nullable Object result) {
        return result instanceof Values values ? values.first() : result;
    }

    /** One of a call's results, counted from 0. */
    public static @Nullable Object result(@Nullable Object result, int index) {
        if (result instanceof Values values) {
            return values.get(index);
        }
        return index == 0 ? result : null;
    }

    /** Values followed by all results of a call. */
    public static @Nullable Object[] append(@Nullable Object[] values, @Nullable Object result) {
        if (values.length == 0) {
            return Values.all(result);
        }
        @Nullable Object[] rest = Values.all(result);
        @Nullable Object[] all = new @Nullable Object[values.length + rest.length];
        System.arraycopy(values, 0, all, 0, values.length);
        System.arraycopy(rest, 0, all, values.length, rest.length);
        return all;
    }

    /** One of the values of {@code ...}, counted from 0. */
    public static @Nullable Object vararg(@Nullable Object[] values, int index) {
        return index < values.length ? values[index] : null;
    }

    /** One of the values of a list, for assignments. */
    public static @Nullable Object item(@Nullable Object[] values, int index) {
        return index < values.length ? values[index] : null;
    }

    /** The arguments behind the parameters. */
    public static @Nullable Object[] rest(@Nullable Object[] arguments, int parameters) {
        if (parameters == 0) {
            return arguments;
        }
        if (arguments.length <= parameters) {
            return new @Nullable Object[0];
        }
        @Nullable Object[] rest = new @Nullable Object[arguments.length - parameters];
        System.arraycopy(arguments, parameters, rest, 0, rest.length);
        return rest;
    }

    // ---- loops

    /** A bound of a numeric loop. */
    public static double bound(@Nullable Object value, LuaClosure closure, CallInfo info, int site, String what) {
        if (value instanceof Double number) {
            return number;
        }
        info.site = site;
        return dev.weir.lua.interpret.LoopControl.number(closure.state(), value, what);
    }

    /** The limit of a loop that counts in whole numbers upwards. */
    public static long upTo(double limit) {
        return Double.isNaN(limit) ? Long.MIN_VALUE : (long) Math.floor(Math.min(limit, 0x1p53));
    }

    /** The limit of a loop that counts in whole numbers downwards. */
    public static long downTo(double limit) {
        return Double.isNaN(limit) ? Long.MAX_VALUE : (long) Math.ceil(Math.max(limit, -0x1p53));
    }

    /** The table that a generic loop walks through by positions; null where it has to call a function. */
    public static @Nullable LuaTable traversed(
            @Nullable Object function, @Nullable Object state, @Nullable Object control, LuaClosure closure) {
        boolean plain = function == closure.state().nextFunction()
                && state instanceof LuaTable table
                && table.hasPositions()
                && table.positionOf(control) >= 0;
        return plain ? (LuaTable) state : null;
    }

    // ---- loops entered from the tree

    /** A variable's value in a frame. */
    public static @Nullable Object slot(Frame frame, int slot) {
        return frame.slots()[slot];
    }

    /** Puts a variable's value back. */
    public static void setSlot(Frame frame, int slot, @Nullable Object value) {
        frame.slots()[slot] = value;
    }
}
