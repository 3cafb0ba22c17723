package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/**
 * What operators mean, with metamethods: for the interpreter's slow paths, and for libraries.
 *
 * <p>Errors have the position of the script that runs, and the operands' names where they are given.
 */
public final class LuaOperators {
    /** How long a chain of {@code __index} or {@code __newindex} may be. */
    private static final int MAX_CHAIN = 100;

    private LuaOperators() {}

    /** Whether a condition holds: everything but nil and false is true. */
    public static boolean isTrue(@Nullable Object value) {
        return value != null && value != Boolean.FALSE;
    }

    /** What {@code type} says. */
    public static String typeName(@Nullable Object value) {
        if (value == null) {
            return "nil";
        }
        if (value instanceof LuaString) {
            return "string";
        }
        if (value instanceof Double) {
            return "number";
        }
        if (value instanceof LuaTable) {
            return "table";
        }
        if (value instanceof Boolean) {
            return "boolean";
        }
        if (value instanceof LuaFunction) {
            return "function";
        }
        if (value instanceof LuaUserdata userdata) {
            return userdata.typeName();
        }
        if (value instanceof LuaCoroutine) {
            return "thread";
        }
        throw new IllegalStateException("not a value of Lua: " + value.getClass());
    }

    // ---- fields

    /** {@code object[key]}. */
    public static @Nullable Object index(LuaState state, @Nullable Object object, @Nullable Object key) {
        return index(state, object, key, OperandNames.NONE);
    }

    /** {@code object[key]}, with the object's name for a message. */
    public static @Nullable Object index(
            LuaState state, @Nullable Object object, @Nullable Object key, OperandNames names) {
        Object at = object;
        for (int i = 0; i < MAX_CHAIN; i++) {
            Object handler;
            if (at instanceof LuaTable table) {
                Object value = table.get(key);
                if (value != null) {
                    return value;
                }
                LuaTable metatable = table.metatable();
                handler = metatable == null ? null : metatable.metamethod(Metamethod.INDEX);
                if (handler == null) {
                    return null;
                }
            } else {
                if (at instanceof LuaUserdata userdata && key instanceof LuaString name) {
                    LuaType type = userdata.luaType();
                    Object member = type == null ? null : type.member(name);
                    if (member != null) {
                        return member instanceof LuaProperty property ? property.get(userdata) : member;
                    }
                }
                handler = metamethod(state, at, Metamethod.INDEX);
                if (handler == null) {
                    if (at instanceof LuaUserdata userdata && userdata.luaType() != null) {
                        return null;
                    }
                    throw state.errorHere("attempt to index " + describe(at, i == 0 ? names.left() : null));
                }
            }
            if (handler instanceof LuaFunction function) {
                return Values.first(function.call(at, key));
            }
            at = handler;
        }
        throw state.errorHere("'__index' chain too long; possibly a loop");
    }

    /** {@code object[key] = value}. */
    public static void setIndex(LuaState state, @Nullable Object object, @Nullable Object key, @Nullable Object value) {
        setIndex(state, object, key, value, OperandNames.NONE);
    }

    /** {@code object[key] = value}, with the object's name for a message. */
    public static void setIndex(
            LuaState state, @Nullable Object object, @Nullable Object key, @Nullable Object value, OperandNames names) {
        Object at = object;
        for (int i = 0; i < MAX_CHAIN; i++) {
            Object handler;
            if (at instanceof LuaTable table) {
                LuaTable metatable = table.metatable();
                handler = metatable == null ? null : metatable.metamethod(Metamethod.NEWINDEX);
                if (handler == null || table.get(key) != null) {
                    rawSet(state, table, key, value);
                    return;
                }
            } else {
                if (at instanceof LuaUserdata userdata && key instanceof LuaString name) {
                    LuaType type = userdata.luaType();
                    Object member = type == null ? null : type.member(name);
                    if (member instanceof LuaProperty property && property.set(userdata, value)) {
                        return;
                    }
                }
                handler = metamethod(state, at, Metamethod.NEWINDEX);
                if (handler == null) {
                    throw state.errorHere("attempt to index " + describe(at, i == 0 ? names.left() : null));
                }
            }
            if (handler instanceof LuaFunction function) {
                function.call(at, key, value);
                return;
            }
            at = handler;
        }
        throw state.errorHere("'__newindex' chain too long; possibly a loop");
    }

    /** {@code rawset(table, key, value)} with Lua's errors for keys that cannot be. */
    public static void rawSet(LuaState state, LuaTable table, @Nullable Object key, @Nullable Object value) {
        try {
            table.put(key, value);
        } catch (IllegalArgumentException refused) {
            throw state.errorHere(String.valueOf(refused.getMessage()));
        }
    }

    /** A value's metamethod for an event. */
    public static @Nullable Object metamethod(LuaState state, @Nullable Object value, Metamethod event) {
        LuaTable metatable = state.metatable(value);
        return metatable == null ? null : metatable.metamethod(event);
    }

    // ---- arithmetic

    /** An arithmetic operator: one of {@link Metamethod#ADD} to {@link Metamethod#UNM}. */
    public static @Nullable Object arithmetic(
            LuaState state, Metamethod operator, @Nullable Object left, @Nullable Object right) {
        return arithmetic(state, operator, left, right, OperandNames.NONE);
    }

    /** An arithmetic operator, with the operands' names for a message. */
    public static @Nullable Object arithmetic(
            LuaState state, Metamethod operator, @Nullable Object left, @Nullable Object right, OperandNames names) {
        Double first = LuaNumber.coerce(left);
        Double second = first == null ? null : LuaNumber.coerce(right);
        if (first != null && second != null) {
            return LuaNumber.box(compute(operator, first, second));
        }
        Object handler = metamethod(state, left, operator);
        if (handler == null) {
            handler = metamethod(state, right, operator);
        }
        if (handler != null) {
            return Values.first(call(state, handler, left, right));
        }
        boolean leftIsGuilty = first == null;
        throw state.errorHere("attempt to perform arithmetic on "
                + (leftIsGuilty ? describe(left, names.left()) : describe(right, names.right())));
    }

    /** An arithmetic operator of two numbers. */
    public static double compute(Metamethod operator, double left, double right) {
        return switch (operator) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> left / right;
            case MOD -> modulo(left, right);
            case POW -> power(left, right);
            case UNM -> -left;
            default -> throw new IllegalArgumentException(operator + " is not arithmetic");
        };
    }

    /** {@code left % right}: the sign is that of the right one. */
    public static double modulo(double left, double right) {
        return left - Math.floor(left / right) * right;
    }

    /** {@code left ^ right}, as C's pow. */
    public static double power(double left, double right) {
        if (right == 2) {
            return left * left;
        }
        if (left == 1 || left == -1 && Double.isInfinite(right)) {
            return 1;
        }
        return right == 0.5 && left >= 0 ? Math.sqrt(left) : Math.pow(left, right);
    }

    // ---- other operators

    /** {@code left .. right}. */
    public static @Nullable Object concat(LuaState state, @Nullable Object left, @Nullable Object right) {
        return concat(state, left, right, OperandNames.NONE);
    }

    /** {@code left .. right}, with the operands' names for a message. */
    public static @Nullable Object concat(
            LuaState state, @Nullable Object left, @Nullable Object right, OperandNames names) {
        LuaString first = textOf(left);
        LuaString second = textOf(right);
        if (first != null && second != null) {
            if ((long) first.length() + second.length() > state.limits().maxStringOctets()) {
                throw new LuaError("not enough memory");
            }
            return first.length() == 0 ? second : second.length() == 0 ? first : first.concat(second);
        }
        Object handler = metamethod(state, left, Metamethod.CONCAT);
        if (handler == null) {
            handler = metamethod(state, right, Metamethod.CONCAT);
        }
        if (handler != null) {
            return Values.first(call(state, handler, left, right));
        }
        throw state.errorHere("attempt to concatenate "
                + (first == null ? describe(left, names.left()) : describe(right, names.right())));
    }

    /** Strings and numbers one after the other; null if there is anything else among them. */
    public static @Nullable LuaString joinTexts(LuaState state, @Nullable Object[] values) {
        long length = 0;
        LuaString[] texts = new LuaString[values.length];
        for (int i = 0; i < values.length; i++) {
            LuaString text = textOf(values[i]);
            if (text == null) {
                return null;
            }
            texts[i] = text;
            length += text.length();
        }
        if (length > state.limits().maxStringOctets()) {
            throw new LuaError("not enough memory");
        }
        byte[] joined = new byte[(int) length];
        int at = 0;
        for (LuaString text : texts) {
            text.copyTo(joined, at);
            at += text.length();
        }
        return LuaString.owning(joined);
    }

    /** A string as itself, a number as its text, anything else as null. */
    public static @Nullable LuaString textOf(@Nullable Object value) {
        if (value instanceof LuaString string) {
            return string;
        }
        return value instanceof Double number ? LuaNumber.toLuaString(number) : null;
    }

    /** {@code #value}. */
    public static @Nullable Object length(LuaState state, @Nullable Object value) {
        return length(state, value, OperandNames.NONE);
    }

    /** {@code #value}, with its name for a message. */
    public static @Nullable Object length(LuaState state, @Nullable Object value, OperandNames names) {
        if (value instanceof LuaTable table) {
            return LuaNumber.box(table.length());
        }
        if (value instanceof LuaString string) {
            return LuaNumber.box(string.length());
        }
        Object handler = metamethod(state, value, Metamethod.LEN);
        if (handler != null) {
            return Values.first(call(state, handler, value));
        }
        throw state.errorHere("attempt to get length of " + describe(value, names.left()));
    }

    /** {@code rawequal(left, right)}. */
    public static boolean rawEquals(@Nullable Object left, @Nullable Object right) {
        if (left == right) {
            return !(left instanceof Double number) || !number.isNaN();
        }
        if (left instanceof Double first) {
            return right instanceof Double second && first.doubleValue() == second.doubleValue();
        }
        return left != null && (left instanceof LuaString || left instanceof Boolean) && left.equals(right);
    }

    /** {@code left == right}. */
    public static boolean equals(LuaState state, @Nullable Object left, @Nullable Object right) {
        if (left instanceof LuaTable first && right instanceof LuaTable second) {
            return left == right || equalByHandler(state, first, first.metatable(), second, second.metatable());
        }
        if (left instanceof LuaUserdata first && right instanceof LuaUserdata second) {
            return left == right || equalByHandler(state, first, first.metatable(), second, second.metatable());
        }
        if (left instanceof LuaUserdata || right instanceof LuaUserdata) {
            return equalToForeign(state, left, right);
        }
        return rawEquals(left, right);
    }

    private static boolean equalByHandler(
            LuaState state,
            Object left,
            @Nullable LuaTable leftMetatable,
            Object right,
            @Nullable LuaTable rightMetatable) {
        if (leftMetatable == null || rightMetatable == null) {
            return false;
        }
        Object handler = leftMetatable.metamethod(Metamethod.EQ);
        if (handler == null || leftMetatable != rightMetatable && handler != rightMetatable.metamethod(Metamethod.EQ)) {
            return false;
        }
        return isTrue(Values.first(call(state, handler, left, right)));
    }

    /** Objects of the ffi compare with values of any type, as LuaJIT's do. */
    private static boolean equalToForeign(LuaState state, @Nullable Object left, @Nullable Object right) {
        LuaUserdata object = left instanceof LuaUserdata userdata ? userdata : (LuaUserdata) right;
        if (object == null || !object.typeName().equals("cdata")) {
            return false;
        }
        Object handler = metamethod(state, object, Metamethod.EQ);
        return handler != null && isTrue(Values.first(call(state, handler, left, right)));
    }

    /** {@code left < right}. */
    public static boolean lessThan(LuaState state, @Nullable Object left, @Nullable Object right) {
        if (left instanceof Double first && right instanceof Double second) {
            return first < second;
        }
        if (left instanceof LuaString first && right instanceof LuaString second) {
            return first.compareTo(second) < 0;
        }
        return ordered(state, Metamethod.LT, left, right);
    }

    /** {@code left <= right}. */
    public static boolean lessOrEqual(LuaState state, @Nullable Object left, @Nullable Object right) {
        if (left instanceof Double first && right instanceof Double second) {
            return first <= second;
        }
        if (left instanceof LuaString first && right instanceof LuaString second) {
            return first.compareTo(second) <= 0;
        }
        if (sharedHandler(state, Metamethod.LE, left, right) == null
                && sharedHandler(state, Metamethod.LT, right, left) != null) {
            return !ordered(state, Metamethod.LT, right, left);
        }
        return ordered(state, Metamethod.LE, left, right);
    }

    private static @Nullable Object sharedHandler(
            LuaState state, Metamethod event, @Nullable Object left, @Nullable Object right) {
        boolean foreign = isForeign(left) || isForeign(right);
        Object handler = metamethod(state, left, event);
        if (foreign) {
            return handler == null ? metamethod(state, right, event) : handler;
        }
        if (handler == null || !typeName(left).equals(typeName(right))) {
            return null;
        }
        return rawEquals(handler, metamethod(state, right, event)) ? handler : null;
    }

    private static boolean isForeign(@Nullable Object value) {
        return value instanceof LuaUserdata userdata && userdata.typeName().equals("cdata");
    }

    private static boolean ordered(LuaState state, Metamethod event, @Nullable Object left, @Nullable Object right) {
        Object handler = sharedHandler(state, event, left, right);
        if (handler != null) {
            return isTrue(Values.first(call(state, handler, left, right)));
        }
        String first = typeName(left);
        String second = typeName(right);
        throw state.errorHere(
                first.equals(second)
                        ? "attempt to compare two " + first + " values"
                        : "attempt to compare " + first + " with " + second);
    }

    // ---- calls

    /** What a call of this value calls: itself, or null if it needs its {@code __call}. */
    public static LuaFunction callable(LuaState state, @Nullable Object value) {
        if (value instanceof LuaFunction function) {
            return function;
        }
        return handlerOfCall(state, value, null);
    }

    /** The function behind a value's {@code __call}, with the value bound as its first argument. */
    public static LuaFunction handlerOfCall(LuaState state, @Nullable Object value, @Nullable SiteName name) {
        if (metamethod(state, value, Metamethod.CALL) instanceof LuaFunction handler) {
            return new CallHandler(handler, value);
        }
        throw state.errorHere("attempt to call " + describe(value, name));
    }

    /** Calls a value with any number of arguments. */
    public static @Nullable Object call(LuaState state, @Nullable Object called, @Nullable Object... arguments) {
        return callable(state, called).invoke(arguments);
    }

    /** Calls a value with one argument. */
    public static @Nullable Object call(LuaState state, @Nullable Object called, @Nullable Object first) {
        return callable(state, called).call(first);
    }

    /** Calls a value with two arguments. */
    public static @Nullable Object call(
            LuaState state, @Nullable Object called, @Nullable Object first, @Nullable Object second) {
        return callable(state, called).call(first, second);
    }

    // ---- text

    /** What {@code tostring} returns: a text, or whatever {@code __tostring} returns. */
    public static @Nullable Object toText(LuaState state, @Nullable Object value) {
        if (value instanceof LuaString || value instanceof Double) {
            return basicText(value);
        }
        LuaTable metatable = state.metatable(value);
        Object handler = metatable == null ? null : metatable.metamethod(Metamethod.TOSTRING);
        return handler == null ? basicText(value) : Values.first(call(state, handler, value));
    }

    /** What {@code print} shows of a value, {@code __tostring} included. */
    public static LuaString toLuaString(LuaState state, @Nullable Object value) {
        LuaString said = textOf(toText(state, value));
        if (said == null) {
            throw state.error("'tostring' must return a string to 'print'");
        }
        return said;
    }

    /** What {@code tostring} says without metamethods. */
    public static LuaString basicText(@Nullable Object value) {
        LuaString text = textOf(value);
        if (text != null) {
            return text;
        }
        if (value == null || value instanceof Boolean) {
            return LuaString.of(String.valueOf(value == null ? "nil" : value));
        }
        return LuaString.of(
                value instanceof LibraryFunction function
                        ? "function: builtin#" + function.number()
                        : typeName(value) + ": " + address(value));
    }

    /** Something that tells objects apart and looks like an address. */
    public static String address(Object object) {
        String digits = Integer.toHexString(System.identityHashCode(object));
        return "0x" + "00000000".substring(digits.length()) + digits;
    }

    private static String describe(@Nullable Object value, @Nullable SiteName name) {
        String type = typeName(value);
        return name == null ? "a " + type + " value" : name + " (a " + type + " value)";
    }
}
