package dev.weir.lua.ffi;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Metamethod;
import dev.weir.lua.Values;
import org.jspecify.annotations.Nullable;

/** What each event means for objects of C: the functions of their metatable. */
final class CDataOperation implements LibraryFunction.Body {
    private static final Metamethod[] EVENTS = {
        Metamethod.ADD, Metamethod.SUB, Metamethod.MUL, Metamethod.DIV, Metamethod.MOD, Metamethod.POW, Metamethod.UNM,
        Metamethod.CONCAT, Metamethod.LEN, Metamethod.EQ, Metamethod.LT, Metamethod.LE, Metamethod.INDEX,
                Metamethod.NEWINDEX,
        Metamethod.CALL, Metamethod.TOSTRING
    };

    private final FfiWorld world;
    private final Metamethod event;
    private final CArithmetic arithmetic;
    private final CIndexing indexing;

    private CDataOperation(FfiWorld world, Metamethod event, CArithmetic arithmetic, CIndexing indexing) {
        this.world = world;
        this.event = event;
        this.arithmetic = arithmetic;
        this.indexing = indexing;
    }

    static LuaTable metatable(FfiWorld world) {
        LuaTable metatable = new LuaTable(0, EVENTS.length + 1);
        CArithmetic arithmetic = new CArithmetic(world);
        CIndexing indexing = new CIndexing(world);
        for (Metamethod event : EVENTS) {
            CDataOperation operation = new CDataOperation(world, event, arithmetic, indexing);
            metatable.put(event.key(), world.state().function(event.key().toString(), operation));
        }
        metatable.put(Metamethod.METATABLE.key(), LuaString.of("ffi"));
        return metatable;
    }

    @Override
    public @Nullable Object call(LuaState state, LuaArgs arguments) {
        Object left = arguments.get(1);
        Object right = arguments.get(2);
        try {
            return switch (event) {
                case INDEX -> indexing.get(dataOf(left), right);
                case NEWINDEX -> {
                    indexing.set(dataOf(left), right, arguments.get(3));
                    yield Values.NONE;
                }
                case CALL -> called(dataOf(left), arguments.from(2));
                case TOSTRING -> text(dataOf(left));
                case EQ -> equal(left, right);
                case LT, LE -> before(left, right);
                case LEN -> byMetatable(left, null, "attempt to get length of '" + CConversion.nameOf(left) + "'");
                case CONCAT ->
                    byMetatable(
                            left,
                            right,
                            "attempt to concatenate '" + CConversion.nameOf(left) + "' and '"
                                    + CConversion.nameOf(right) + "'");
                default -> computed(left, right);
            };
        } catch (CFault fault) {
            throw state.error(fault.getMessage());
        }
    }

    private static CData dataOf(@Nullable Object value) {
        if (value instanceof CData data) {
            return data;
        }
        throw new CFault("cdata expected, got " + LuaOperators.typeName(value));
    }

    private @Nullable Object computed(@Nullable Object left, @Nullable Object right) {
        Object second = event == Metamethod.UNM ? left : right;
        Object result = arithmetic.compute(event, left, second);
        if (result != null) {
            return result;
        }
        return byMetatable(
                left,
                second,
                "attempt to perform arithmetic on '" + CConversion.nameOf(left) + "' and '" + CConversion.nameOf(second)
                        + "'");
    }

    private Object equal(@Nullable Object left, @Nullable Object right) {
        Boolean equal = arithmetic.equal(left, right);
        Object handler = equal == null ? handler(left, right) : null;
        if (handler == null) {
            return equal != null && equal;
        }
        return LuaOperators.isTrue(Values.first(LuaOperators.call(world.state(), handler, left, right)));
    }

    private Object before(@Nullable Object left, @Nullable Object right) {
        Integer order = arithmetic.compare(left, right);
        if (order != null) {
            return event == Metamethod.LT ? order < 0 : order <= 0;
        }
        Object result = byMetatable(
                left,
                right,
                "attempt to compare '" + CConversion.nameOf(left) + "' with '" + CConversion.nameOf(right) + "'");
        return LuaOperators.isTrue(result);
    }

    private @Nullable Object byMetatable(@Nullable Object left, @Nullable Object right, String otherwise) {
        Object handler = handler(left, right);
        if (handler == null) {
            throw new CFault(otherwise);
        }
        return Values.first(LuaOperators.call(world.state(), handler, left, right));
    }

    private @Nullable Object handler(@Nullable Object left, @Nullable Object right) {
        Object handler = CIndexing.handler(left, event);
        return handler == null ? CIndexing.handler(right, event) : handler;
    }

    private @Nullable Object called(CData data, @Nullable Object[] arguments) {
        if (data.isType()) {
            return world.instance(data.type(), arguments);
        }
        ForeignCall call = ForeignCall.of(world, data);
        if (call != null) {
            return call.call(arguments);
        }
        Object handler = CIndexing.handler(data, event);
        if (handler == null) {
            throw new CFault("'" + data.type() + "' is not callable");
        }
        @Nullable Object[] all = new @Nullable Object[arguments.length + 1];
        all[0] = data;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return LuaOperators.call(world.state(), handler, all);
    }

    private @Nullable Object text(CData data) {
        if (!data.isType()) {
            Object handler = CIndexing.handler(data, event);
            if (handler != null) {
                return Values.first(LuaOperators.call(world.state(), handler, data));
            }
            if (data.isWideInteger()) {
                return LuaString.of(
                        data.isUnsigned() ? Long.toUnsignedString(data.bits()) + "ULL" : data.bits() + "LL");
            }
        }
        String kind = data.isType() ? "ctype<" : "cdata<";
        String name = kind + data.shownType() + ">";
        return LuaString.of(data.isType() ? name : name + ": " + shownValue(data));
    }

    private String shownValue(CData data) {
        CType type = data.type();
        if (type.kind == CType.Kind.ENUM) {
            return String.valueOf(data.bits());
        }
        if (type.isPointer()) {
            return data.place().isNull() ? "NULL" : hexadecimal(data.place().address(world.addresses()));
        }
        return LuaOperators.address(data);
    }

    /** At least eight digits. */
    private static String hexadecimal(long address) {
        String digits = Long.toHexString(address);
        return "0x" + "00000000".substring(Math.min(8, digits.length())) + digits;
    }
}
