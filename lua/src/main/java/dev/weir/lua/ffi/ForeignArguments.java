package dev.weir.lua.ffi;

import dev.weir.lua.LuaString;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a call of a {@link ForeignFunction}, counted from 0, and converted to the types of its declaration when they are asked
 * for. Belongs to the call.
 */
public final class ForeignArguments {
    private final FfiWorld world;
    private final CType.Signature signature;
    private final @Nullable Object[] values;

    ForeignArguments(FfiWorld world, CType.Signature signature, @Nullable Object[] values) {
        this.world = world;
        this.signature = signature;
        this.values = values;
    }

    /** How many there are. */
    public int count() {
        return values.length;
    }

    /** An integer. */
    public long integer(int index) {
        return convert(index, () -> world.conversion().toBits(integerType(index), values[index], false));
    }

    /** A number. */
    public double number(int index) {
        return convert(index, () -> {
            CType type = type(index);
            CType wanted = type.kind == CType.Kind.FLOAT ? type : CType.DOUBLE;
            return Double.longBitsToDouble(world.conversion().toBits(wanted, values[index], false));
        });
    }

    /** A pointer. */
    public CPointer pointer(int index) {
        return convert(index, () -> world.conversion().toPointer(pointerType(index), values[index], false));
    }

    /** The octets of a string up to the first zero: of a Lua string itself, or what a pointer points to; null for NULL. */
    public @Nullable LuaString string(int index) {
        if (values[index] instanceof LuaString string && string.octets().length == zeroIn(string)) {
            return string;
        }
        CPointer pointer = pointer(index);
        return pointer.isNull() ? null : convert(index, () -> world.stringAt(pointer));
    }

    private static int zeroIn(LuaString string) {
        int at = 0;
        while (at < string.length() && string.octet(at) != 0) {
            at++;
        }
        return at;
    }

    /** So many octets from where a pointer points to. */
    public byte[] octets(int index, long length) {
        CPointer pointer = world.addresses().accessible(pointer(index));
        return convert(index, () -> CConversion.memoryOf(pointer).toOctets(pointer.offset(), length));
    }

    /** Stores an integer of 1, 2, 4 or 8 octets where a pointer argument points to: what C returns through it. */
    public void storeInteger(int index, int width, long value) {
        CPointer pointer = world.addresses().accessible(pointer(index));
        convert(index, () -> {
            CConversion.memoryOf(pointer).store(pointer.offset(), width, value);
            return true;
        });
    }

    /** Stores a pointer where a pointer argument points to; its target lives as long as that memory. */
    public void storePointer(int index, CPointer value) {
        CPointer pointer = world.addresses().accessible(pointer(index));
        convert(index, () -> {
            CConversion.memoryOf(pointer).storePointer(world.addresses(), pointer.offset(), value);
            return true;
        });
    }

    /** Stores octets from where a pointer argument points to. */
    public void storeOctets(int index, byte[] octets) {
        CPointer pointer = world.addresses().accessible(pointer(index));
        convert(index, () -> {
            CConversion.memoryOf(pointer).put(pointer.offset(), octets, octets.length);
            return true;
        });
    }

    /** The structures that a pointer argument points to. */
    public CArray array(int index) {
        return convert(index, () -> CArray.at(world, pointer(index)));
    }

    /** The value itself. */
    public @Nullable Object value(int index) {
        return values[index];
    }

    /** The declared type, or the one that a value beyond the declared ones is passed as. */
    CType type(int index) {
        if (index < signature.parameters().size()) {
            return signature.parameters().get(index);
        }
        return switch (values[index]) {
            case CData data -> promoted(data.type());
            case Boolean truth -> CType.BOOL;
            case LuaString string -> CType.CONST_CHAR_POINTER;
            case Double number -> CType.DOUBLE;
            case null, default -> CType.VOID_POINTER;
        };
    }

    private static CType promoted(CType type) {
        return switch (type.kind) {
            case FLOAT -> CType.DOUBLE;
            case BOOL, ENUM, INTEGER -> type.size() < 4 ? CType.INT32 : type;
            case ARRAY -> CType.pointerTo(type.element());
            case RECORD, FUNCTION -> CType.pointerTo(type);
            default -> type;
        };
    }

    private CType integerType(int index) {
        CType type = type(index);
        return type.isInteger() ? type : CType.INT64;
    }

    private CType pointerType(int index) {
        CType type = type(index);
        return type.isPointer() ? type : CType.VOID_POINTER;
    }

    private interface Conversion<T> {
        T make();
    }

    private <T> T convert(int index, Conversion<T> conversion) {
        try {
            return conversion.make();
        } catch (CFault fault) {
            throw world.state().argumentError(index + 1, fault.getMessage());
        }
    }
}
