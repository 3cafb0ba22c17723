package dev.weir.lua.text;

/**
 * Writes what follows {@code 0x} in {@code %a}: {@code h.hhhp±d}, the first digit 1 for every number but zero.
 *
 * <pre>
 *   63  62      52 51                                              0
 *  +---+----------+-------------------------------------------------+
 *  | - | exponent | fraction: 13 hexadecimal digits after the point |
 *  +---+----------+-------------------------------------------------+
 * </pre>
 *
 * <p>A rounded-up fraction makes the first digit 2 instead of raising the exponent.
 */
final class HexadecimalText {
    private static final int FRACTION_BITS = 52;
    private static final int FRACTION_DIGITS = FRACTION_BITS / 4;
    private static final long FRACTION = (1L << FRACTION_BITS) - 1;

    private HexadecimalText() {}

    /** Appends a finite number that is not negative. */
    static void append(OctetBuilder out, ConversionSpec spec, double magnitude) {
        long significand = 0;
        int exponent = 0;
        if (magnitude != 0) {
            long bits = Double.doubleToRawLongBits(magnitude);
            significand = bits & FRACTION;
            exponent = Math.getExponent(magnitude);
            if (exponent < Double.MIN_EXPONENT) {
                int shift = Long.numberOfLeadingZeros(significand) - (Long.SIZE - 1 - FRACTION_BITS);
                significand <<= shift;
                exponent = Double.MIN_EXPONENT - shift;
            } else {
                significand |= 1L << FRACTION_BITS;
            }
        }
        int places = places(spec, significand);
        if (places < FRACTION_DIGITS) {
            int dropped = 4 * (FRACTION_DIGITS - places);
            significand = (significand + (1L << dropped - 1)) >>> dropped << dropped;
        }
        out.append('0' + (int) (significand >>> FRACTION_BITS));
        if (places > 0 || spec.has(ConversionSpec.ALTERNATE)) {
            out.append('.');
        }
        for (int i = 1; i <= places; i++) {
            int digit = i > FRACTION_DIGITS ? 0 : (int) (significand >>> FRACTION_BITS - 4 * i) & 15;
            out.append(digit < 10 ? '0' + digit : (spec.upperCase() ? 'A' : 'a') + digit - 10);
        }
        out.append(spec.upperCase() ? 'P' : 'p')
                .append(exponent < 0 ? '-' : '+')
                .appendDecimal(Math.abs(exponent));
    }

    /** As many as the precision says; without one as many as there are up to the last that is not zero. */
    private static int places(ConversionSpec spec, long significand) {
        if (spec.precision() >= 0) {
            return spec.precision();
        }
        long fraction = significand & FRACTION;
        return fraction == 0 ? 0 : FRACTION_DIGITS - Long.numberOfTrailingZeros(fraction) / 4;
    }
}
