package dev.weir.lua.library;

import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.ffi.CData;
import dev.weir.lua.ffi.FfiLibrary;
import org.jspecify.annotations.Nullable;

/** The functions of {@code bit} where an operand is an integer of 64 bits: all are taken for such, without a sign if one has none. */
final class WideBits {
    private WideBits() {}

    /** Whether any operand is an object of C. */
    static boolean apply(LuaArgs arguments) {
        for (int i = 1; i <= arguments.count(); i++) {
            if (arguments.get(i) instanceof CData) {
                return true;
            }
        }
        return false;
    }

    static @Nullable Object of(LuaState state, BitwiseLibrary.Function function, LuaArgs arguments) {
        boolean shift = isShift(function);
        if (!(arguments.get(1) instanceof CData) && shift) {
            // Only the distance is wide.
            int word = BitwiseLibrary.word(arguments.number(1));
            return LuaNumber.box(function.apply(word, (int) bits(arguments, 2, false)));
        }
        boolean unsigned = isUnsigned(arguments, shift ? 1 : arguments.count());
        long value = bits(arguments, 1, unsigned);
        return switch (function) {
            case TOBIT -> LuaNumber.box((int) value);
            case TOHEX -> {
                int wanted = arguments.has(2) ? (int) bits(arguments, 2, false) : 16;
                yield LuaString.owning(BitwiseLibrary.hexadecimal(value, wanted));
            }
            case BAND, BOR, BXOR -> {
                for (int i = 2; i <= arguments.count(); i++) {
                    value = combined(function, value, bits(arguments, i, unsigned));
                }
                yield FfiLibrary.of(state).integer(value, unsigned);
            }
            default -> {
                int distance = shift ? (int) bits(arguments, 2, false) : 0;
                yield FfiLibrary.of(state).integer(moved(function, value, distance), unsigned);
            }
        };
    }

    private static boolean isShift(BitwiseLibrary.Function function) {
        return switch (function) {
            case ARSHIFT, LSHIFT, ROL, ROR, RSHIFT -> true;
            default -> false;
        };
    }

    private static long combined(BitwiseLibrary.Function function, long left, long right) {
        return switch (function) {
            case BAND -> left & right;
            case BOR -> left | right;
            default -> left ^ right;
        };
    }

    private static long moved(BitwiseLibrary.Function function, long value, int distance) {
        return switch (function) {
            case ARSHIFT -> value >> distance;
            case LSHIFT -> value << distance;
            case ROL -> Long.rotateLeft(value, distance);
            case ROR -> Long.rotateRight(value, distance);
            case RSHIFT -> value >>> distance;
            case BNOT -> ~value;
            default -> Long.reverseBytes(value);
        };
    }

    private static boolean isUnsigned(LuaArgs arguments, int operands) {
        for (int i = 1; i <= operands; i++) {
            if (arguments.get(i) instanceof CData data && data.isWideInteger() && data.isUnsigned()) {
                return true;
            }
        }
        return false;
    }

    private static long bits(LuaArgs arguments, int index, boolean unsigned) {
        if (arguments.get(index) instanceof CData data && data.isInteger()) {
            return data.toLong();
        }
        double number = arguments.number(index);
        long signed = TextFormatter.toSigned(number);
        return unsigned && signed < 0 ? TextFormatter.toSigned(number - 0x1p64) : signed;
    }
}
