package dev.weir.lua.library;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaError;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The library {@code math}. */
public final class MathLibrary {
    private static final double LN_2 = 0.6931471805599453;
    private static final double SQRT_2 = 1.4142135623730951;

    /** Beyond it every number is 0 or infinite, whatever it was. */
    private static final int MAX_SCALE = 5_000;

    private MathLibrary() {}

    /** Makes the library in a world, with a random generator of its own. */
    public static void open(LuaState state) {
        LuaTable library = state.library("math");
        for (OneNumber function : OneNumber.values()) {
            library.put(state.name(function.luaName), new Shortcut(state, function));
        }
        Tausworthe generator = new Tausworthe();
        for (Function function : Function.values()) {
            state.register(library, function.luaName, new Bound(function, generator));
        }
        library.put(state.name("pi"), LuaNumber.box(Math.PI));
        library.put(state.name("huge"), LuaNumber.box(Double.POSITIVE_INFINITY));
    }

    /** The functions from one number to another. */
    enum OneNumber implements LibraryFunction.Body {
        ABS,
        ACOS,
        ASIN,
        ATAN,
        CEIL,
        COS,
        COSH,
        DEG,
        EXP,
        FLOOR,
        LOG10,
        RAD,
        SIN,
        SINH,
        SQRT,
        TAN,
        TANH;

        private final String luaName = name().toLowerCase(Locale.ROOT);

        @Override
        public Object call(LuaState state, LuaArgs arguments) {
            if (this == DEG || this == RAD) {
                Double number = LuaNumber.coerce(arguments.get(1));
                if (number == null) {
                    // These two are functions in Lua inside LuaJIT, and their errors look so.
                    String type = LuaOperators.typeName(arguments.get(1));
                    throw new LuaError(
                            "[builtin:" + luaName + "]:0: attempt to perform arithmetic on a " + type + " value");
                }
                return LuaNumber.box(of(number));
            }
            return LuaNumber.box(of(arguments.number(1)));
        }

        double of(double number) {
            return switch (this) {
                case ABS -> Math.abs(number);
                case ACOS -> Math.acos(number);
                case ASIN -> Math.asin(number);
                case ATAN -> Math.atan(number);
                case CEIL -> Math.ceil(number);
                case COS -> Math.cos(number);
                case COSH -> Math.cosh(number);
                case DEG -> number * (180 / Math.PI);
                case EXP -> Math.exp(number);
                case FLOOR -> Math.floor(number);
                case LOG10 -> Math.log10(number);
                case RAD -> number * (Math.PI / 180);
                case SIN -> Math.sin(number);
                case SINH -> Math.sinh(number);
                case SQRT -> Math.sqrt(number);
                case TAN -> Math.tan(number);
                case TANH -> Math.tanh(number);
            };
        }
    }

    private static final class Shortcut extends LibraryFunction {
        private final OneNumber function;

        Shortcut(LuaState state, OneNumber function) {
            super(state, function.luaName, function);
            this.function = function;
        }

        @Override
        public @Nullable Object call(@Nullable Object argument) {
            return argument instanceof Double number ? LuaNumber.box(function.of(number)) : super.call(argument);
        }
    }

    /** All others. */
    private enum Function {
        ATAN2,
        FMOD,
        FREXP,
        LDEXP,
        LOG,
        MAX,
        MIN,
        MODF,
        POW,
        RANDOM,
        RANDOMSEED;

        private final String luaName = name().toLowerCase(Locale.ROOT);
    }

    private record Bound(Function function, Tausworthe generator) implements LibraryFunction.Body {
        @Override
        public Object call(LuaState state, LuaArgs arguments) {
            return switch (function) {
                case ATAN2 -> LuaNumber.box(Math.atan2(arguments.number(1), arguments.number(2)));
                case FMOD -> LuaNumber.box(arguments.number(1) % arguments.number(2));
                case FREXP -> mantissaAndExponent(arguments.number(1));
                case LDEXP -> LuaNumber.box(scaled(arguments.number(1), arguments.number(2)));
                case LOG -> LuaNumber.box(logarithm(arguments));
                case MAX -> LuaNumber.box(most(arguments));
                case MIN -> LuaNumber.box(least(arguments));
                case MODF -> wholeAndFraction(arguments.number(1));
                case POW -> LuaNumber.box(LuaOperators.power(arguments.number(1), arguments.number(2)));
                case RANDOM -> LuaNumber.box(random(arguments));
                case RANDOMSEED -> {
                    generator.seed(arguments.number(1));
                    yield Values.NONE;
                }
            };
        }

        /** Between 0 and 1, from 1 to the argument, or between both arguments: without looking whether that makes sense. */
        private double random(LuaArgs arguments) {
            double fraction = generator.next();
            if (arguments.count() == 0) {
                return fraction;
            }
            double first = arguments.number(1);
            if (arguments.count() == 1) {
                return Math.floor(fraction * first) + 1;
            }
            double last = arguments.number(2);
            return Math.floor(fraction * (last - first + 1)) + first;
        }
    }

    /** {@code number = mantissa * 2^exponent}, the mantissa's magnitude from 0.5 up to 1. */
    private static Values mantissaAndExponent(double number) {
        if (number == 0 || Double.isNaN(number) || Double.isInfinite(number)) {
            return Values.of(LuaNumber.box(number), LuaNumber.box(0));
        }
        boolean subnormal = Math.abs(number) < Double.MIN_NORMAL;
        double normal = subnormal ? number * 0x1p54 : number;
        int exponent = Math.getExponent(normal) + 1;
        double mantissa = Math.scalb(normal, -exponent);
        return Values.of(LuaNumber.box(mantissa), LuaNumber.box(subnormal ? exponent - 54 : exponent));
    }

    private static double scaled(double number, double exponent) {
        if (Double.isNaN(exponent)) {
            return exponent;
        }
        if (Double.isInfinite(exponent)) {
            return number * (exponent > 0 ? exponent : 0);
        }
        return Math.scalb(number, (int) Math.clamp(exponent, -MAX_SCALE, MAX_SCALE));
    }

    private static double logarithm(LuaArgs arguments) {
        double number = arguments.number(1);
        if (!arguments.has(2)) {
            return Math.log(number);
        }
        return binaryLogarithm(number) * (1 / binaryLogarithm(arguments.number(2)));
    }

    /** The exponent, and the logarithm of what is left between about 0.7 and 1.4: exact for powers of two. */
    private static double binaryLogarithm(double number) {
        if (!(number >= Double.MIN_NORMAL && number <= Double.MAX_VALUE)) {
            return Math.log(number) / LN_2;
        }
        int exponent = Math.getExponent(number);
        double rest = Math.scalb(number, -exponent);
        if (rest > SQRT_2) {
            rest /= 2;
            exponent++;
        }
        return exponent + Math.log(rest) / LN_2;
    }

    /** As SSE2's minsd: of numbers that cannot be told apart, or compared, the later one. */
    private static double least(LuaArgs arguments) {
        double least = arguments.number(1);
        for (int i = 2; i <= arguments.count(); i++) {
            double next = arguments.number(i);
            least = least < next ? least : next;
        }
        return least;
    }

    private static double most(LuaArgs arguments) {
        double most = arguments.number(1);
        for (int i = 2; i <= arguments.count(); i++) {
            double next = arguments.number(i);
            most = most > next ? most : next;
        }
        return most;
    }

    private static Values wholeAndFraction(double number) {
        double whole = number < 0 || 1 / number < 0 ? Math.ceil(number) : Math.floor(number);
        double fraction = Double.isInfinite(number) ? Math.copySign(0, number) : Math.copySign(number - whole, number);
        return Values.of(LuaNumber.box(whole), LuaNumber.box(fraction));
    }
}
