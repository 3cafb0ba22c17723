package dev.weir.lua.text;

import org.jspecify.annotations.Nullable;

/**
 * One conversion of a format: {@code %[flags][width][.precision]letter}, as in printf(3), without length modifiers and {@code *}.
 *
 * @param flags a sum of {@link #LEFT}, {@link #PLUS}, {@link #SPACE}, {@link #ALTERNATE} and {@link #ZERO}
 * @param width the least number of octets, at most 99
 * @param precision -1 where there is none, at most 99
 * @param letter what follows, not looked at here
 */
public record ConversionSpec(int flags, int width, int precision, int letter) {
    public static final int LEFT = 1;
    public static final int PLUS = 2;
    public static final int SPACE = 4;
    public static final int ALTERNATE = 8;
    public static final int ZERO = 16;

    private static final int MAX_DIGITS = 2;

    /** {@code %.14g}: how numbers become strings everywhere. */
    public static final ConversionSpec NUMBER = new ConversionSpec(0, 0, 14, 'g');

    /**
     * Reads what follows a {@code %}. Where it is malformed, {@code spec} is null and {@code end} the first octet that does not fit, which
     * may be the end of the format.
     */
    public record Parsed(@Nullable ConversionSpec spec, int end) {}

    /** Reads from {@code start}, the octet after {@code %}, up to {@code end}. */
    public static Parsed parse(byte[] format, int start, int end) {
        int at = start;
        int flags = 0;
        for (int flag; at < end && (flag = flag(format[at])) != 0; at++) {
            flags |= flag;
        }
        int widthEnd = digitsEnd(format, at, end);
        int width = number(format, at, widthEnd);
        at = widthEnd;
        int precision = -1;
        if (at < end && format[at] == '.') {
            int precisionEnd = digitsEnd(format, at + 1, end);
            precision = number(format, at + 1, precisionEnd);
            at = precisionEnd;
        }
        if (at >= end) {
            return new Parsed(null, at);
        }
        return new Parsed(new ConversionSpec(flags, width, precision, format[at] & 0xff), at + 1);
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** With {@code value} where no precision was given. */
    public int precisionOr(int value) {
        return precision < 0 ? value : precision;
    }

    boolean upperCase() {
        return letter >= 'A' && letter <= 'Z';
    }

    /**
     * Pads what was appended since {@code start} to the width: with spaces, or with zeros behind its first octets.
     *
     * @param sign how many octets at the start are no digits
     */
    void pad(OctetBuilder out, int start, int sign, boolean zeros) {
        int missing = width - (out.length() - start);
        if (missing > 0) {
            if (has(LEFT)) {
                out.fill(' ', missing);
            } else {
                out.insert(zeros ? start + sign : start, zeros ? '0' : ' ', missing);
            }
        }
    }

    /** Appends octets as {@code %s} does: cut to the precision, padded to the width with spaces. */
    public void text(OctetBuilder out, byte[] octets, int from, int count) {
        int shown = precision < 0 ? count : Math.min(count, precision);
        if (!has(LEFT)) {
            out.fill(' ', width - shown);
        }
        out.append(octets, from, shown);
        if (has(LEFT)) {
            out.fill(' ', width - shown);
        }
    }

    /** What stands before a number that is not negative. */
    String sign(boolean negative) {
        if (negative) {
            return "-";
        }
        return has(PLUS) ? "+" : has(SPACE) ? " " : "";
    }

    private static int flag(byte octet) {
        return switch (octet) {
            case '-' -> LEFT;
            case '+' -> PLUS;
            case ' ' -> SPACE;
            case '#' -> ALTERNATE;
            case '0' -> ZERO;
            default -> 0;
        };
    }

    private static int digitsEnd(byte[] format, int start, int end) {
        int at = start;
        while (at < end && at < start + MAX_DIGITS && format[at] >= '0' && format[at] <= '9') {
            at++;
        }
        return at;
    }

    private static int number(byte[] format, int start, int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            value = value * 10 + format[i] - '0';
        }
        return value;
    }
}
