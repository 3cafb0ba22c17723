package dev.weir.lua.text;

/** Writes floating-point numbers: {@code %.14g} for {@code tostring}, and the conversions {@code %a %e %f %g} of formats. */
public final class NumberText {
    /** From here on {@code %.14g} writes an exponent. */
    private static final double FIRST_WITH_EXPONENT = 1e14;

    private NumberText() {}

    /** The octets of {@code tostring(value)}. */
    public static byte[] of(double value) {
        OctetBuilder out = new OctetBuilder(24);
        append(out, value);
        return out.toOctets();
    }

    /** Appends {@code tostring(value)}. */
    public static void append(OctetBuilder out, double value) {
        long whole = (long) value;
        if (whole == value && Math.abs(value) < FIRST_WITH_EXPONENT && (whole != 0 || 1 / value > 0)) {
            out.appendDecimal(whole);
        } else {
            format(out, ConversionSpec.NUMBER, value);
        }
    }

    /** Appends {@code value} as a conversion with one of the letters {@code aAeEfFgG} says. */
    public static void format(OctetBuilder out, ConversionSpec spec, double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            notFinite(out, spec, value);
            return;
        }
        int start = out.length();
        out.append(spec.sign(Double.doubleToRawLongBits(value) < 0));
        double magnitude = Math.abs(value);
        if (spec.letter() == 'a' || spec.letter() == 'A') {
            out.append(spec.upperCase() ? "0X" : "0x");
        }
        int sign = out.length() - start;
        switch (spec.letter()) {
            case 'e', 'E' -> {
                int precision = spec.precisionOr(6);
                scientific(out, spec, DecimalDigits.significant(magnitude, precision + 1), precision);
            }
            case 'f', 'F' -> fixed(out, spec, magnitude);
            case 'g', 'G' -> general(out, spec, magnitude);
            default -> HexadecimalText.append(out, spec, magnitude);
        }
        spec.pad(out, start, sign, spec.has(ConversionSpec.ZERO));
    }

    private static void fixed(OctetBuilder out, ConversionSpec spec, double magnitude) {
        int places = spec.precisionOr(6);
        long shifted = DecimalDigits.shifted(magnitude, places);
        if (shifted < 0) {
            fixed(out, spec, DecimalDigits.fixed(magnitude, places), places);
            return;
        }
        long power = DecimalDigits.wholePower(places);
        out.appendDecimal(shifted / power);
        point(out, spec, places);
        out.appendDigits(shifted % power, places);
    }

    /** A NaN shows no sign, but leaves room for it; zeros never fill. */
    private static void notFinite(OctetBuilder out, ConversionSpec spec, double value) {
        boolean nan = Double.isNaN(value);
        String name = nan ? "nan" : "inf";
        String sign = nan ? (spec.has(ConversionSpec.SPACE) ? " " : "") : spec.sign(value < 0);
        int start = out.length();
        out.append(sign).append(spec.upperCase() ? (nan ? "NAN" : "INF") : name);
        spec.pad(out, start, 0, false);
    }

    /** The shorter of the two forms, and without zeros at the end unless {@code #} asks for them. */
    private static void general(OctetBuilder body, ConversionSpec spec, double magnitude) {
        int precision = Math.max(1, spec.precisionOr(6));
        DecimalDigits digits = DecimalDigits.significant(magnitude, precision);
        int shown = spec.has(ConversionSpec.ALTERNATE) ? precision : digits.count();
        int exponent = digits.exponent();
        if (exponent < -4 || exponent >= precision) {
            scientific(body, spec, digits, shown - 1);
        } else {
            fixed(body, spec, digits, Math.max(0, shown - 1 - exponent));
        }
    }

    private static void scientific(OctetBuilder body, ConversionSpec spec, DecimalDigits digits, int places) {
        int exponent = digits.exponent();
        body.append(digits.at(exponent));
        point(body, spec, places);
        for (int i = 1; i <= places; i++) {
            body.append(digits.at(exponent - i));
        }
        body.append(spec.upperCase() ? 'E' : 'e').append(exponent < 0 ? '-' : '+');
        int magnitude = Math.abs(exponent);
        if (magnitude < 10) {
            body.append('0');
        }
        body.appendDecimal(magnitude);
    }

    private static void fixed(OctetBuilder body, ConversionSpec spec, DecimalDigits digits, int places) {
        for (int power = Math.max(0, digits.exponent()); power >= 0; power--) {
            body.append(digits.at(power));
        }
        point(body, spec, places);
        for (int i = 1; i <= places; i++) {
            body.append(digits.at(-i));
        }
    }

    private static void point(OctetBuilder body, ConversionSpec spec, int places) {
        if (places > 0 || spec.has(ConversionSpec.ALTERNATE)) {
            body.append('.');
        }
    }
}
