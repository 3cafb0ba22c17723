package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.text.OctetBuilder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The library {@code bit}: numbers as signed words of 32 bits, and integers of 64 bits as they are. */
public final class BitwiseLibrary {
    /** Adding it leaves a number, rounded to even, in the low bits of the sum: 2<sup>52</sup> + 2<sup>51</sup>. */
    private static final double ROUNDING = 0x1.8p52;

    private BitwiseLibrary() {}

    /** Makes the library in a world. */
    public static void open(LuaState state) {
        LuaTable library = state.library("bit");
        for (Function function : Function.values()) {
            library.put(state.name(function.luaName), new Shortcut(state, function));
        }
    }

    enum Function implements LibraryFunction.Body {
        ARSHIFT,
        BAND,
        BNOT,
        BOR,
        BSWAP,
        BXOR,
        LSHIFT,
        ROL,
        ROR,
        RSHIFT,
        TOBIT,
        TOHEX;

        private final String luaName = name().toLowerCase(Locale.ROOT);

        @Override
        public @Nullable Object call(LuaState state, LuaArgs arguments) {
            if (WideBits.apply(arguments)) {
                return WideBits.of(state, this, arguments);
            }
            return switch (this) {
                case TOHEX -> hexadecimal(arguments);
                case BAND, BOR, BXOR -> {
                    int word = word(arguments.number(1));
                    for (int i = 2; i <= arguments.count(); i++) {
                        word = apply(word, word(arguments.number(i)));
                    }
                    yield LuaNumber.box(word);
                }
                case BNOT, BSWAP, TOBIT -> LuaNumber.box(apply(word(arguments.number(1)), 0));
                default -> LuaNumber.box(apply(word(arguments.number(1)), word(arguments.number(2))));
            };
        }

        /** The operation on one word, or on two. */
        int apply(int word, int other) {
            return switch (this) {
                case ARSHIFT -> word >> other;
                case BAND -> word & other;
                case BNOT -> ~word;
                case BOR -> word | other;
                case BSWAP -> Integer.reverseBytes(word);
                case BXOR -> word ^ other;
                case LSHIFT -> word << other;
                case ROL -> Integer.rotateLeft(word, other);
                case ROR -> Integer.rotateRight(word, other);
                case RSHIFT -> word >>> other;
                case TOBIT, TOHEX -> word;
            };
        }

        boolean takesOne() {
            return this == BNOT || this == BSWAP || this == TOBIT;
        }
    }

    /** A number modulo 2<sup>32</sup>, rounded to even; beyond 2<sup>51</sup> what the hardware's sum leaves. */
    static int word(double number) {
        int whole = (int) number;
        return whole == number ? whole : (int) Double.doubleToRawLongBits(number + ROUNDING);
    }

    /** The last digits of a word, as many as the second argument says; capital letters if that is negative. */
    private static LuaString hexadecimal(LuaArgs arguments) {
        long word = word(arguments.number(1)) & 0xffff_ffffL;
        int wanted = arguments.has(2) ? word(arguments.number(2)) : 8;
        return LuaString.owning(hexadecimal(word, wanted));
    }

    static byte[] hexadecimal(long bits, int wanted) {
        int digits = Math.min(wanted == Integer.MIN_VALUE ? 0 : Math.abs(wanted), 254);
        OctetBuilder out = new OctetBuilder(digits);
        for (int i = digits - 1; i >= 0; i--) {
            int digit = i > 15 ? 0 : (int) (bits >>> 4 * i) & 15;
            out.append(digit < 10 ? '0' + digit : (wanted < 0 ? 'A' : 'a') + digit - 10);
        }
        return out.toOctets();
    }

    /** A function of one or two numbers, without an array of arguments. */
    private static final class Shortcut extends LibraryFunction {
        private final Function function;

        Shortcut(LuaState state, Function function) {
            super(state, function.luaName, function);
            this.function = function;
        }

        @Override
        public @Nullable Object call(@Nullable Object operand) {
            if (operand instanceof Double number && function.takesOne()) {
                return LuaNumber.box(function.apply(word(number), 0));
            }
            return super.call(operand);
        }

        @Override
        public @Nullable Object call(@Nullable Object left, @Nullable Object right) {
            if (left instanceof Double first
                    && right instanceof Double second
                    && !function.takesOne()
                    && function != Function.TOHEX) {
                return LuaNumber.box(function.apply(word(first), word(second)));
            }
            return super.call(left, right);
        }
    }
}
