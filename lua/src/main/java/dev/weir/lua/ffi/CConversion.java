package dev.weir.lua.ffi;

import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaString;
import org.jspecify.annotations.Nullable;

/** Conversions between Lua's values and C's, as LuaJIT's documentation of the ffi semantics describes them. */
final class CConversion {
    private final FfiWorld world;

    CConversion(FfiWorld world) {
        this.world = world;
    }

    // ---- from C to Lua

    /** The value at a place: a number of Lua where one holds it, otherwise an object of C. */
    @Nullable Object load(CType type, CMemory memory, long offset) {
        return switch (type.kind) {
            case BOOL -> memory.load(offset, 1) != 0;
            case INTEGER, ENUM, FLOAT -> toLua(type, loadBits(type, memory, offset));
            case POINTER -> CData.pointer(world, type, memory.loadPointer(world.addresses(), offset));
            case REFERENCE -> {
                CPointer target = world.addresses().accessible(memory.loadPointer(world.addresses(), offset));
                yield load(type.element(), memoryOf(target), target.offset());
            }
            case RECORD, ARRAY -> CData.aggregate(world, CType.referenceTo(type), memory, offset);
            default -> throw new CFault("size of C type is unknown or too large");
        };
    }

    /** A number as Lua shows it: integers of 64 bits and enums stay objects. */
    Object toLua(CType type, long bits) {
        return switch (type.kind) {
            case BOOL -> bits != 0;
            case ENUM -> CData.number(world, type, bits);
            case INTEGER -> type.size() == 8 ? CData.number(world, type, bits) : LuaNumber.box((double) bits);
            default -> LuaNumber.box(Double.longBitsToDouble(bits));
        };
    }

    private static long loadBits(CType type, CMemory memory, long offset) {
        if (type.kind == CType.Kind.FLOAT) {
            return type.size() == 4
                    ? Double.doubleToRawLongBits(Float.intBitsToFloat((int) memory.load(offset, 4)))
                    : memory.load(offset, 8);
        }
        return narrow(type, memory.load(offset, (int) type.size()));
    }

    static CMemory memoryOf(CPointer pointer) {
        CMemory memory = pointer.memory();
        if (memory == null) {
            throw new CFault("attempt to dereference a null pointer");
        }
        return memory;
    }

    static double toDouble(CType type, long bits) {
        if (type.kind == CType.Kind.FLOAT) {
            return Double.longBitsToDouble(bits);
        }
        if (!type.unsigned || bits >= 0) {
            return bits;
        }
        // Halved with the lost bit kept, so that it is rounded once.
        return (bits >>> 1 | bits & 1) * 2.0;
    }

    // ---- from Lua to C

    /** The bits of a number of some type that a value is converted to. */
    long toBits(CType type, @Nullable Object value, boolean cast) {
        switch (value) {
            case Double number -> {
                return fromDouble(type, number);
            }
            case Boolean truth -> {
                return fromDouble(type, truth ? 1 : 0);
            }
            case CData data
            when !data.isType() -> {
                CType from = data.type();
                if (from.kind == CType.Kind.FLOAT) {
                    return fromDouble(type, Double.longBitsToDouble(data.bits()));
                }
                if (from.isInteger()) {
                    return fromInteger(type, from, data.bits());
                }
                if (cast && type.isInteger() && (from.isPointer() || from.kind == CType.Kind.ARRAY)) {
                    return narrow(type, data.place().address(world.addresses()));
                }
                if (from.isPointer() && type.kind == CType.Kind.BOOL) {
                    return data.place().isNull() ? 0 : 1;
                }
            }
            case LuaString name
            when type.enumeration != null -> {
                Integer constant = type.enumeration.constants().get(name.toString());
                if (constant != null) {
                    return narrow(type, constant);
                }
            }
            case null, default -> {}
        }
        throw cannotConvert(value, type);
    }

    private static long fromInteger(CType type, CType from, long bits) {
        if (type.kind == CType.Kind.FLOAT) {
            return fromDouble(type, toDouble(from, bits));
        }
        return type.kind == CType.Kind.BOOL ? (bits != 0 ? 1 : 0) : narrow(type, bits);
    }

    private static long fromDouble(CType type, double number) {
        return switch (type.kind) {
            case BOOL -> number != 0 ? 1 : 0;
            case FLOAT -> Double.doubleToRawLongBits(type.size() == 4 ? (float) number : number);
            default -> {
                if (type.size() == 8) {
                    yield type.unsigned ? toUnsigned(number) : toSigned(number);
                }
                yield narrow(type, type.unsigned && type.size() == 4 ? toSigned(number) : LuaNumber.toInteger(number));
            }
        };
    }

    /** Cuts the fraction off; what does not fit becomes the least number, as x86-64 converts. */
    static long toSigned(double number) {
        return number >= -0x1p63 && number < 0x1p63 ? (long) number : Long.MIN_VALUE;
    }

    private static long toUnsigned(double number) {
        long bits = toSigned(number);
        return bits < 0 ? toSigned(number - 0x1p64) : bits;
    }

    /** The low bits, extended again to 64 with the type's sign. */
    static long narrow(CType type, long bits) {
        int unused = Long.SIZE - 8 * (int) type.size();
        return type.unsigned ? bits << unused >>> unused : bits << unused >> unused;
    }

    /** Stores a value, which has been or is now converted, at a place. */
    void store(CType type, CMemory memory, long offset, @Nullable Object value) {
        switch (type.kind) {
            case BOOL, INTEGER, ENUM, FLOAT -> storeBits(type, memory, offset, toBits(type, value, false));
            case POINTER -> memory.storePointer(world.addresses(), offset, toPointer(type, value, false));
            case RECORD, ARRAY -> world.initializer().assign(type, memory, offset, value);
            default -> throw cannotConvert(value, type);
        }
    }

    static void storeBits(CType type, CMemory memory, long offset, long bits) {
        if (type.kind == CType.Kind.FLOAT) {
            if (type.size() == 4) {
                memory.store(offset, 4, Float.floatToRawIntBits((float) Double.longBitsToDouble(bits)));
            } else {
                memory.store(offset, 8, bits);
            }
        } else {
            memory.store(offset, (int) type.size(), bits);
        }
    }

    /** The pointer that a value is converted to; a cast looks at no types. */
    CPointer toPointer(CType type, @Nullable Object value, boolean cast) {
        switch (value) {
            case null -> {
                return CPointer.NULL;
            }
            case LuaString string
            when cast || takesStrings(type) -> {
                return CPointer.toCopy(string.octets());
            }
            case Double number
            when cast -> {
                return world.addresses().pointer(toSigned(number));
            }
            case LuaFunction function
            when type.element().kind == CType.Kind.FUNCTION -> {
                return CPointer.toObject(function);
            }
            case CData data
            when !data.isType() -> {
                CPointer pointer = fromData(type, data, cast);
                if (pointer != null) {
                    return pointer;
                }
            }
            default -> {}
        }
        throw cannotConvert(value, type);
    }

    private @Nullable CPointer fromData(CType type, CData data, boolean cast) {
        CType from = data.type();
        return switch (from.kind) {
            case POINTER -> cast || pointsAlike(type, from.element()) ? data.place() : null;
            case ARRAY ->
                cast || pointsAlike(type, from.element()) || isPointerToArray(type, from) ? data.place() : null;
            case RECORD -> cast || pointsAlike(type, from) ? data.place() : null;
            case FUNCTION -> cast || pointsAlike(type, from) ? CPointer.toObject(data) : null;
            case INTEGER, BOOL, ENUM -> cast ? world.addresses().pointer(data.bits()) : null;
            default -> null;
        };
    }

    private static boolean isPointerToArray(CType type, CType array) {
        return type.element().kind == CType.Kind.ARRAY && pointsAlike(type, array);
    }

    /** Whether a pointer may point to something: the same, or void; qualifiers may be added, not lost. */
    static boolean pointsAlike(CType pointer, CType target) {
        CType wanted = pointer.element();
        if (target.isConst && !wanted.isConst || target.isVolatile && !wanted.isVolatile) {
            return false;
        }
        if (wanted.kind == CType.Kind.VOID || target.kind == CType.Kind.VOID) {
            return true;
        }
        if (wanted.isInteger() && target.isInteger()) {
            boolean bothBool = (wanted.kind == CType.Kind.BOOL) == (target.kind == CType.Kind.BOOL);
            return wanted.size() == target.size() && bothBool;
        }
        return wanted.sameAs(target) || wanted.kind == CType.Kind.FUNCTION && target.kind == CType.Kind.FUNCTION;
    }

    private static boolean takesStrings(CType pointer) {
        CType element = pointer.element();
        return element.isConst
                && (element.kind == CType.Kind.VOID || element.kind == CType.Kind.INTEGER && element.size() == 1);
    }

    static CFault cannotConvert(@Nullable Object value, CType type) {
        String name = value instanceof Boolean ? "bool" : nameOf(value);
        return new CFault("cannot convert '" + name + "' to '" + type + "'");
    }

    /** What messages call a value: its type in C or in Lua. */
    static String nameOf(@Nullable Object value) {
        return value instanceof CData data ? data.type().toString() : LuaOperators.typeName(value);
    }
}
