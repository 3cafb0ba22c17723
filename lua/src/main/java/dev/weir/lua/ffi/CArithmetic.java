package dev.weir.lua.ffi;

import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaString;
import dev.weir.lua.Metamethod;
import org.jspecify.annotations.Nullable;

/**
 * Operators on objects of C. Numbers become integers of 64 bits, without a sign if one operand is such a one; pointers are moved and
 * compared. What both operands do not allow is left to their metatables.
 */
final class CArithmetic {
    private final FfiWorld world;

    CArithmetic(FfiWorld world) {
        this.world = world;
    }

    /** An arithmetic operator; null where it means nothing for these operands. */
    @Nullable Object compute(Metamethod operator, @Nullable Object left, @Nullable Object right) {
        if (isPlace(left) || isPlace(right)) {
            return move(operator, left, right);
        }
        if (!isNumber(left) || !isNumber(right)) {
            return null;
        }
        CType type = isUnsigned(left) || isUnsigned(right) ? CType.UINT64 : CType.INT64;
        long first = world.conversion().toBits(type, left, false);
        long second = world.conversion().toBits(type, right, false);
        long result = type.unsigned ? unsigned(operator, first, second) : signed(operator, first, second);
        return CData.number(world, type, result);
    }

    /** A comparison: -1, 0 or 1; null where these operands have no order. */
    @Nullable Integer compare(@Nullable Object left, @Nullable Object right) {
        if (isPlace(left)
                && isPlace(right)
                && CConversion.pointsAlike(pointer(left), pointer(right).element())) {
            return Long.compareUnsigned(address(left), address(right));
        }
        if (!isNumber(left) || !isNumber(right)) {
            return null;
        }
        boolean unsigned = isUnsigned(left) || isUnsigned(right);
        CType type = unsigned ? CType.UINT64 : CType.INT64;
        long first = world.conversion().toBits(type, left, false);
        long second = world.conversion().toBits(type, right, false);
        return unsigned ? Long.compareUnsigned(first, second) : Long.compare(first, second);
    }

    /** Equality; null where that is for a metatable to say. */
    @Nullable Boolean equal(@Nullable Object left, @Nullable Object right) {
        if (left instanceof CData first && right instanceof CData second && (first.isType() || second.isType())) {
            return first.isType() && second.isType() && first.type().sameAs(second.type());
        }
        if (isPlace(left) || isPlace(right)) {
            boolean comparable = hasAddress(left) && hasAddress(right);
            return comparable && address(left) == address(right);
        }
        if (left instanceof CData named && right instanceof LuaString name) {
            return isConstant(named, name);
        }
        if (right instanceof CData named && left instanceof LuaString name) {
            return isConstant(named, name);
        }
        if (isNumber(left) && isNumber(right)) {
            Integer order = compare(left, right);
            return order != null && order == 0;
        }
        return null;
    }

    private static @Nullable Boolean isConstant(CData data, LuaString name) {
        CType.Enumeration enumeration = data.type().enumeration;
        if (data.isType() || enumeration == null) {
            return null;
        }
        Integer constant = enumeration.constants().get(name.toString());
        return constant != null && constant == (int) data.bits();
    }

    private static boolean isNumber(@Nullable Object value) {
        return value instanceof Double
                || value instanceof CData data && !data.isType() && data.type().isNumber();
    }

    private static boolean isUnsigned(@Nullable Object value) {
        return value instanceof CData data && data.isWideInteger() && data.isUnsigned();
    }

    /** Whether a value is a pointer or an array. */
    private static boolean isPlace(@Nullable Object value) {
        return value instanceof CData data
                && !data.isType()
                && (data.type().isPointer() || data.type().kind == CType.Kind.ARRAY);
    }

    /** Whether a value equals a pointer that says where it lies: nil is NULL. */
    private static boolean hasAddress(@Nullable Object value) {
        return value == null
                || isPlace(value)
                || value instanceof CData data && !data.isType() && data.type().kind == CType.Kind.RECORD;
    }

    private long address(@Nullable Object value) {
        return value instanceof CData data ? data.place().address(world.addresses()) : 0;
    }

    /** The type of a pointer to what a pointer or array holds. */
    private static CType pointer(@Nullable Object value) {
        CType type = value instanceof CData data ? data.type() : CType.VOID_POINTER;
        return type.isPointer() ? type : CType.pointerTo(type.element());
    }

    private @Nullable Object move(Metamethod operator, @Nullable Object left, @Nullable Object right) {
        if (operator != Metamethod.ADD && operator != Metamethod.SUB) {
            return null;
        }
        if (left instanceof CData first && isPlace(left)) {
            CType type = pointer(left);
            long size = type.element().size();
            if (size <= 0) {
                return null;
            }
            if (isPlace(right)) {
                if (operator == Metamethod.ADD || !pointer(right).element().sameAs(type.element())) {
                    return null;
                }
                long distance = (address(left) - address(right)) / size;
                return LuaNumber.box((double) distance);
            }
            if (isNumber(right)) {
                long steps = world.conversion().toBits(CType.INT64, right, false);
                long octets = (operator == Metamethod.ADD ? steps : -steps) * size;
                return CData.pointer(world, type, first.place().plus(octets));
            }
            return null;
        }
        return operator == Metamethod.ADD && isNumber(left) ? move(operator, right, left) : null;
    }

    private static long signed(Metamethod operator, long left, long right) {
        return switch (operator) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> right == 0 ? Long.MIN_VALUE : left / right;
            case MOD -> right == 0 ? Long.MIN_VALUE : left % right;
            case POW -> signedPower(left, right);
            default -> -left;
        };
    }

    private static long unsigned(Metamethod operator, long left, long right) {
        return switch (operator) {
            case DIV -> right == 0 ? Long.MIN_VALUE : Long.divideUnsigned(left, right);
            case MOD -> right == 0 ? Long.MIN_VALUE : Long.remainderUnsigned(left, right);
            case POW -> power(left, right);
            default -> signed(operator, left, right);
        };
    }

    /** Negative powers of anything but 1 and -1 are nothing; of 0 they are as much as there is. */
    private static long signedPower(long base, long exponent) {
        if (exponent >= 0) {
            return power(base, exponent);
        }
        if (base == 0) {
            return Long.MAX_VALUE;
        }
        if (base == 1) {
            return 1;
        }
        return base == -1 ? ((exponent & 1) != 0 ? -1 : 1) : 0;
    }

    private static long power(long base, long exponent) {
        long result = 1;
        long factor = base;
        for (long rest = exponent; rest != 0; rest >>>= 1) {
            if ((rest & 1) != 0) {
                result *= factor;
            }
            factor *= factor;
        }
        return result;
    }
}
