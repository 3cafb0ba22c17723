package dev.weir.lua.text;

import java.nio.charset.StandardCharsets;

/** Writes whole numbers of 64 bits as {@code %d %i %u %o %x %X} do. */
public final class IntegerText {
    private static final int MAX_DIGITS = 99;
    private static final byte[] LOWER = digits("0123456789abcdef");
    private static final byte[] UPPER = digits("0123456789ABCDEF");
    private static final long[] POWERS_OF_TEN = powersOfTen();

    private IntegerText() {}

    /** Appends {@code value} as the conversion says: signed for {@code d} and {@code i}, unsigned for all others. */
    public static void format(OctetBuilder out, ConversionSpec spec, long value) {
        boolean signed = spec.letter() == 'd' || spec.letter() == 'i';
        boolean negative = signed && value < 0;
        int first = out.length();
        if (signed && spec.precision() < 0 && value != Long.MIN_VALUE) {
            out.append(spec.sign(negative));
            int sign = out.length() - first;
            out.appendDecimal(Math.abs(value));
            spec.pad(out, first, sign, spec.has(ConversionSpec.ZERO));
            return;
        }
        long magnitude = negative ? -value : value;
        byte[] body = new byte[MAX_DIGITS];
        int start = digits(body, magnitude, spec);
        int least = spec.precisionOr(1);
        while (MAX_DIGITS - start < least) {
            body[--start] = '0';
        }
        if (spec.letter() == 'o'
                && spec.has(ConversionSpec.ALTERNATE)
                && (start == MAX_DIGITS || body[start] != '0')
                && start > 0) {
            body[--start] = '0';
        }
        String prefix = signed ? spec.sign(negative) : prefix(spec, value);
        out.append(prefix).append(body, start, MAX_DIGITS - start);
        spec.pad(out, first, prefix.length(), spec.has(ConversionSpec.ZERO) && spec.precision() < 0);
    }

    /** How many digits a number that is not negative has in decimal. */
    static int decimalDigits(long value) {
        int digits = 1;
        while (digits < POWERS_OF_TEN.length && value >= POWERS_OF_TEN[digits]) {
            digits++;
        }
        return digits;
    }

    private static String prefix(ConversionSpec spec, long value) {
        if (!spec.has(ConversionSpec.ALTERNATE) || value == 0) {
            return "";
        }
        return switch (spec.letter()) {
            case 'x' -> "0x";
            case 'X' -> "0X";
            default -> "";
        };
    }

    /** Fills digits from the end, and says where they start; none at all for zero. */
    private static int digits(byte[] body, long magnitude, ConversionSpec spec) {
        int start = MAX_DIGITS;
        long rest = magnitude;
        byte[] names = spec.upperCase() ? UPPER : LOWER;
        int shift =
                switch (spec.letter()) {
                    case 'x', 'X' -> 4;
                    case 'o' -> 3;
                    default -> 0;
                };
        while (rest != 0) {
            if (shift != 0) {
                body[--start] = names[(int) rest & (1 << shift) - 1];
                rest >>>= shift;
            } else {
                body[--start] = (byte) ('0' + Long.remainderUnsigned(rest, 10));
                rest = Long.divideUnsigned(rest, 10);
            }
        }
        return start;
    }

    private static byte[] digits(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    private static long[] powersOfTen() {
        long[] powers = new long[19];
        long power = 1;
        for (int i = 0; i < powers.length; i++) {
            powers[i] = power;
            power *= 10;
        }
        return powers;
    }
}
