package dev.weir.lua.ffi;

import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.LuaUserdata;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that the ffi of one world knows: declarations, functions, addresses, and how values are converted. */
final class FfiWorld extends LuaUserdata {
    private static final int MAX_KNOWN_TYPES = 500;

    private final LuaState state;
    private final CDeclarations declarations = new CDeclarations();
    private final CAddresses addresses;
    private final CConversion conversion = new CConversion(this);
    private final CInitializer initializer = new CInitializer(this);
    private final Finalizers finalizers = new Finalizers(this);
    private final Map<String, ForeignFunction> functions = new HashMap<>();
    private final Map<String, CType> known = new HashMap<>();
    private final @Nullable NativeFunctions natives;
    private final LuaTable metatable;
    private int errorNumber;

    FfiWorld(LuaState state, boolean nativeAccess) {
        this.state = state;
        this.addresses = new CAddresses(nativeAccess);
        this.natives = nativeAccess ? new NativeFunctions(this) : null;
        this.metatable = CDataOperation.metatable(this);
    }

    LuaState state() {
        return state;
    }

    CDeclarations declarations() {
        return declarations;
    }

    CAddresses addresses() {
        return addresses;
    }

    CConversion conversion() {
        return conversion;
    }

    CInitializer initializer() {
        return initializer;
    }

    Finalizers finalizers() {
        return finalizers;
    }

    @Nullable NativeFunctions natives() {
        return natives;
    }

    /** The metatable of all objects of C. */
    @Override
    public LuaTable metatable() {
        return metatable;
    }

    int errorNumber() {
        return errorNumber;
    }

    void errorNumber(int changed) {
        errorNumber = changed;
    }

    /** A function that scripts find in {@code ffi.C} once they have declared it. */
    void function(String name, ForeignFunction function) {
        functions.put(name, function);
    }

    /** What a declared function calls: the embedder's, or a native one where that is allowed; null for neither. */
    @Nullable ForeignFunction function(String name, CType type) {
        ForeignFunction own = functions.get(name);
        if (own != null || natives == null) {
            return own;
        }
        return natives.find(declarations.symbolName(name), type);
    }

    /** The type that a text names. */
    CType type(String text) {
        CType type = known.get(text);
        if (type == null) {
            type = new CParser(text, declarations, List.of()).typeName();
            if (known.size() < MAX_KNOWN_TYPES && text.indexOf('{') < 0) {
                known.put(text, type);
            }
        }
        return type;
    }

    /** What {@code ffi.new(type, ...)} makes, or the metatable's {@code __new} where a type is called. */
    @Nullable Object instance(CType type, @Nullable Object[] arguments) {
        LuaTable own = type.record == null ? null : type.record.metatable();
        Object maker = own == null ? null : own.get(state.name("__new"));
        if (maker == null) {
            return make(type, arguments, 1);
        }
        @Nullable Object[] all = new @Nullable Object[arguments.length + 1];
        all[0] = CData.type(this, type);
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return LuaOperators.call(state, maker, all);
    }

    /**
     * A new value of a type.
     *
     * @param arguments the initial values, and before them the number of elements where that varies
     * @param first the place of the first of them among the arguments of the call
     */
    CData make(CType type, @Nullable Object[] arguments, int first) {
        if (!type.isVariable()) {
            return initializer.make(type, 0, arguments);
        }
        if (arguments.length == 0) {
            throw state.argumentError(first, "value expected");
        }
        long elements = conversion.toBits(CType.INT64, arguments[0], false);
        if (elements < 0 || elements > Integer.MAX_VALUE) {
            throw state.argumentError(1, "size of C type is unknown or too large");
        }
        return initializer.make(type, elements, Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    /** An argument as an {@code int}, which an object of C may be too. */
    int integer(LuaArgs arguments, int index) {
        Object value = arguments.any(index);
        try {
            return (int) conversion.toBits(CType.INT32, value, false);
        } catch (CFault fault) {
            throw arguments.argumentError(index, fault.getMessage());
        }
    }

    /** The octets up to the first zero. */
    LuaString stringAt(CPointer pointer) {
        CPointer start = addresses.accessible(pointer);
        CMemory memory = CConversion.memoryOf(start);
        long end = memory.zeroFrom(start.offset());
        return LuaString.owning(memory.toOctets(start.offset(), Math.max(0, end - start.offset())));
    }
}
