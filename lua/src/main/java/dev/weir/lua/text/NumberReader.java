package dev.weir.lua.text;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads numbers as {@code tonumber} and the lexer do.
 *
 * <pre>
 *  number  = spaces [sign] ( decimal | hex | binary | "inf" | "infinity" | "nan" ) spaces       letters in either case
 *  decimal = digits with at most one point, [ ("e") [sign] digits ]
 *  hex     = "0x" hex digits with at most one point, [ ("p") [sign] digits ]
 *  binary  = "0b" binary digits, at most 64 of them
 * </pre>
 *
 * <p>Exponents of 2<sup>20</sup> and more are malformed.
 */
public final class NumberReader {
    private static final int EXPONENT_BOUND = 1 << 20;
    private static final int MAX_FAST_DIGITS = 15;

    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private final byte[] octets;
    private final int end;
    private int at;

    private NumberReader(byte[] octets, int start, int end) {
        this.octets = octets;
        this.at = start;
        this.end = end;
    }

    /** The number that the octets are, or null. */
    public static @Nullable Double parse(byte[] octets) {
        return parse(octets, 0, octets.length);
    }

    /** The number that the octets from {@code start} up to {@code end} are, or null. */
    public static @Nullable Double parse(byte[] octets, int start, int end) {
        int from = start;
        int to = end;
        while (from < to && space(octets[from])) {
            from++;
        }
        while (to > from && space(octets[to - 1])) {
            to--;
        }
        NumberReader reader = new NumberReader(octets, from, to);
        boolean negative = reader.sign();
        Double magnitude = reader.magnitude();
        if (magnitude == null || reader.at != reader.end) {
            return null;
        }
        return negative ? Double.valueOf(-magnitude) : magnitude;
    }

    /**
     * The whole number of 64 bits that the octets are: the digits of a literal with the suffix {@code LL} or {@code ULL}, decimal, {@code
     * 0x} or {@code 0b}. Null where they are anything else or do not fit into 64 bits without a sign.
     */
    public static @Nullable Long parseInteger(byte[] octets, int start, int end) {
        NumberReader reader = new NumberReader(octets, start, end);
        int radix = reader.prefix('x') ? 16 : reader.prefix('b') ? 2 : 10;
        int first = reader.at;
        long value = 0;
        for (int digit; reader.at < end && (digit = digit(octets[reader.at], radix)) >= 0; reader.at++) {
            if (Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, radix)) > 0) {
                return null;
            }
            value = value * radix + digit;
        }
        return reader.at == first || reader.at != end ? null : value;
    }

    private boolean sign() {
        if (at < end && (octets[at] == '-' || octets[at] == '+')) {
            return octets[at++] == '-';
        }
        return false;
    }

    private @Nullable Double magnitude() {
        if (at >= end) {
            return null;
        }
        if (prefix('x')) {
            return hexadecimal();
        }
        if (prefix('b')) {
            return binary();
        }
        if (word("infinity") || word("inf")) {
            return Double.POSITIVE_INFINITY;
        }
        return word("nan") ? Double.valueOf(Double.NaN) : decimal();
    }

    private @Nullable Double decimal() {
        int first = at;
        int digits = 0;
        int significant = 0;
        long value = 0;
        int scale = 0;
        boolean point = false;
        for (; at < end; at++) {
            int octet = octets[at];
            if (octet == '.' && !point) {
                point = true;
            } else if (octet >= '0' && octet <= '9') {
                digits++;
                scale += point ? 1 : 0;
                significant += significant > 0 || octet != '0' ? 1 : 0;
                value = significant <= MAX_FAST_DIGITS ? value * 10 + octet - '0' : value;
            } else {
                break;
            }
        }
        if (digits == 0) {
            return null;
        }
        int exponent = exponent('e');
        if (exponent >= EXPONENT_BOUND) {
            return null;
        }
        int power = exponent - scale;
        if (significant <= MAX_FAST_DIGITS && Math.abs(power) < POWERS.length) {
            return power < 0 ? value / POWERS[-power] : value * POWERS[power];
        }
        return Double.valueOf(new String(octets, first, at - first, StandardCharsets.ISO_8859_1));
    }

    /** The first 62 bits are kept, and whether any beyond them is set: enough to round once and right. */
    private @Nullable Double hexadecimal() {
        int digits = 0;
        long value = 0;
        int dropped = 0;
        int scale = 0;
        boolean point = false;
        boolean rest = false;
        for (int digit; at < end; at++) {
            if (octets[at] == '.' && !point) {
                point = true;
                continue;
            }
            digit = digit(octets[at], 16);
            if (digit < 0) {
                break;
            }
            digits++;
            scale += point ? 1 : 0;
            if (value >>> 58 == 0) {
                value = value << 4 | digit;
            } else {
                dropped++;
                rest |= digit != 0;
            }
        }
        if (digits == 0) {
            return null;
        }
        int exponent = exponent('p');
        if (exponent >= EXPONENT_BOUND) {
            return null;
        }
        return scaled(rest ? value | 1 : value, 4L * dropped - 4L * scale + exponent);
    }

    /** {@code value * 2^exponent}, rounded once: to even, also where the result is subnormal. */
    private static double scaled(long value, long exponent) {
        if (value == 0) {
            return 0;
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(value);
        long leading = bits - 1 + exponent;
        if (leading > Double.MAX_EXPONENT) {
            return Double.POSITIVE_INFINITY;
        }
        int kept = (int) Math.min(53, leading - (Double.MIN_EXPONENT - 53));
        if (kept < 0) {
            return 0;
        }
        int shift = bits - kept;
        if (shift <= 0) {
            return Math.scalb((double) value, (int) exponent);
        }
        long whole = value >>> shift;
        long half = 1L << shift - 1;
        long tail = value & (half << 1) - 1;
        if (tail > half || tail == half && (whole & 1) != 0) {
            whole++;
        }
        return Math.scalb((double) whole, (int) exponent + shift);
    }

    private @Nullable Double binary() {
        long value = 0;
        int first = at;
        for (; at < end && (octets[at] == '0' || octets[at] == '1'); at++) {
            if (value < 0) {
                return null;
            }
            value = value << 1 | octets[at] - '0';
        }
        if (at == first) {
            return null;
        }
        return scaled(value, 0);
    }

    /** Zero where there is none, {@link #EXPONENT_BOUND} where it is malformed or beyond. */
    private int exponent(char letter) {
        if (at >= end || (octets[at] | 0x20) != letter) {
            return 0;
        }
        at++;
        boolean negative = sign();
        int first = at;
        int value = 0;
        for (; at < end && octets[at] >= '0' && octets[at] <= '9'; at++) {
            value = Math.min(EXPONENT_BOUND, value * 10 + octets[at] - '0');
        }
        if (at == first || value == EXPONENT_BOUND) {
            return EXPONENT_BOUND;
        }
        return negative ? -value : value;
    }

    private boolean prefix(char letter) {
        if (at + 1 < end && octets[at] == '0' && (octets[at + 1] | 0x20) == letter) {
            at += 2;
            return true;
        }
        return false;
    }

    private boolean word(String lowerCase) {
        int count = lowerCase.length();
        if (end - at < count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if ((octets[at + i] | 0x20) != lowerCase.charAt(i)) {
                return false;
            }
        }
        at += count;
        return true;
    }

    private static int digit(byte octet, int radix) {
        int lower = octet | 0x20;
        int digit = octet >= '0' && octet <= '9' ? octet - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
        return digit < radix ? digit : -1;
    }

    private static boolean space(byte octet) {
        return octet == ' ' || octet >= '\t' && octet <= '\r';
    }
}
