package dev.weir.lua;

import dev.weir.lua.text.NumberReader;
import dev.weir.lua.text.NumberText;
import org.jspecify.annotations.Nullable;

/** Numbers: their boxes, and what they look like as text. */
public final class LuaNumber {
    private static final int LEAST = -128;
    private static final int MOST = 1023;
    private static final Double[] BOXES = boxes();

    private LuaNumber() {}

    private static Double[] boxes() {
        Double[] boxes = new Double[MOST - LEAST + 1];
        for (int i = 0; i < boxes.length; i++) {
            boxes[i] = (double) (i + LEAST);
        }
        return boxes;
    }

    /** A number as an object; small whole ones are not allocated. */
    public static Double box(double number) {
        int whole = (int) number;
        if (whole == number && whole >= LEAST && whole <= MOST && (whole != 0 || 1 / number > 0)) {
            return BOXES[whole - LEAST];
        }
        return number;
    }

    /** A whole number as an object; small ones are not allocated. */
    public static Double box(int number) {
        return number >= LEAST && number <= MOST ? BOXES[number - LEAST] : Double.valueOf(number);
    }

    /**
     * A number without its fraction. One that does not fit, and NaN, becomes {@link Integer#MIN_VALUE}, as x86-64 converts: to LuaJIT
     * {@code s:sub(1, math.huge)} is empty.
     */
    public static int toInteger(double number) {
        return number > -0x1p31 - 1 && number < 0x1p31 ? (int) number : Integer.MIN_VALUE;
    }

    /** The text of a number: {@code %.14g}. */
    public static LuaString toLuaString(double number) {
        int whole = (int) number;
        if (whole == number && whole >= 1 && whole <= 9) {
            return LuaString.ofOctet('0' + whole);
        }
        return LuaString.owning(NumberText.of(number));
    }

    /** The number that a string says, as Lua converts strings in arithmetic; null if it says none. */
    public static @Nullable Double parse(LuaString text) {
        return NumberReader.parse(text.octets());
    }

    /** A value as a number: itself, or what the string says; null if neither. */
    public static @Nullable Double coerce(@Nullable Object value) {
        if (value instanceof Double number) {
            return number;
        }
        return value instanceof LuaString text ? parse(text) : null;
    }
}
