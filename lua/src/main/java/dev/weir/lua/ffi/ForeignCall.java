package dev.weir.lua.ffi;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import org.jspecify.annotations.Nullable;

/** A function of C, ready to be called by a script. */
final class ForeignCall {
    private final FfiWorld world;
    private final CType type;
    private final ForeignFunction function;

    private ForeignCall(FfiWorld world, CType type, ForeignFunction function) {
        this.world = world;
        this.type = type;
        this.function = function;
    }

    /** What a function, or a pointer to one, calls; null for other values. */
    static @Nullable ForeignCall of(FfiWorld world, CData data) {
        CType type = data.type().isPointer() ? data.type().element() : data.type();
        if (type.kind != CType.Kind.FUNCTION) {
            return null;
        }
        if (data.function() != null) {
            return new ForeignCall(world, type, data.function());
        }
        return switch (data.place().object()) {
            case CData target when target.function() != null -> new ForeignCall(world, type, target.function());
            case LuaFunction script -> new ForeignCall(world, type, ofScript(script));
            case null, default -> throw new CFault("attempt to call a pointer that is no function");
        };
    }

    private static ForeignFunction ofScript(LuaFunction script) {
        return (state, arguments) -> {
            @Nullable Object[] values = new @Nullable Object[arguments.count()];
            for (int i = 0; i < values.length; i++) {
                values[i] = arguments.value(i);
            }
            return Values.first(script.invoke(values));
        };
    }

    @Nullable Object call(@Nullable Object[] values) {
        CType.Signature signature = type.signature();
        int wanted = signature.parameters().size();
        if (values.length < wanted || values.length > wanted && !signature.variadic()) {
            throw new CFault("wrong number of arguments for function call");
        }
        ForeignArguments arguments = new ForeignArguments(world, signature, values);
        return toLua(function.call(world.state(), arguments));
    }

    private @Nullable Object toLua(@Nullable Object result) {
        CType wanted = type.element();
        return switch (wanted.kind) {
            case VOID -> Values.NONE;
            case POINTER -> CData.pointer(world, wanted, pointer(wanted, result));
            default -> world.conversion().toLua(wanted, bits(wanted, result));
        };
    }

    private CPointer pointer(CType wanted, @Nullable Object result) {
        return switch (result) {
            case null -> CPointer.NULL;
            case CPointer given -> given;
            case LuaString string -> CPointer.toCopy(string.octets());
            case CData data -> world.conversion().toPointer(wanted, data, true);
            default -> throw new CFault("the function returned no pointer");
        };
    }

    private long bits(CType wanted, @Nullable Object result) {
        if (result instanceof Number number && !(result instanceof Double) && wanted.isInteger()) {
            return wanted.kind == CType.Kind.BOOL
                    ? (number.longValue() != 0 ? 1 : 0)
                    : CConversion.narrow(wanted, number.longValue());
        }
        Object value = result instanceof Number number ? (Object) number.doubleValue() : result;
        return world.conversion().toBits(wanted, value == null ? (Object) 0.0 : value, false);
    }
}
