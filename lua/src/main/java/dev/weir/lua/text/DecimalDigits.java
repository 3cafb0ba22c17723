package dev.weir.lua.text;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/**
 * The decimal digits of a finite number, rounded to a count of digits or to a place after the point; halves go away from zero.
 *
 * <p>Two ways lead to the same digits. Where at most fifteen digits are wanted and the power of ten that moves them before the point is a
 * double itself (10<sup>22</sup> at most), the product {@code p = value * power} and its error {@code e = fma(value, power, -p)} are
 * together exact [1]. The fraction of {@code p} is exact too, and differs from a half by more than {@code e} unless it <i>is</i> a half:
 * then the sign of {@code e} decides. Dividing works alike, with the remainder as error. All other numbers go through {@link BigDecimal}.
 *
 * <p>[1] T. J. Dekker, A floating-point technique for extending the available precision, Numerische Mathematik 18 (1971)
 */
final class DecimalDigits {
    private static final int MAX_EXACT_POWER = 22;
    private static final int MAX_FAST_DIGITS = 15;
    private static final double LOG10_OF_2 = 0.301029995663981;
    private static final double[] POWERS = powers();

    private static final byte[] ZERO = {'0'};

    /** Digits without leading zeros; "0" for zero. */
    private final byte[] digits;

    /** The power of ten of the first digit. */
    private final int exponent;

    private DecimalDigits(byte[] digits, int exponent) {
        this.digits = digits;
        this.exponent = exponent;
    }

    /** Rounded to {@code count} digits, one at least; {@code value} is finite and not negative. */
    static DecimalDigits significant(double value, int count) {
        if (value == 0) {
            return new DecimalDigits(ZERO, 0);
        }
        if (count <= MAX_FAST_DIGITS && value >= 1e-7 && value < 1e22) {
            return fastSignificant(value, count);
        }
        BigDecimal exact = new BigDecimal(value).round(new MathContext(count, RoundingMode.HALF_UP));
        return of(exact);
    }

    /** Rounded to {@code places} digits after the point; {@code value} is finite and not negative. */
    static DecimalDigits fixed(double value, int places) {
        if (places <= MAX_EXACT_POWER && value * POWERS[places] < 1e15) {
            return of(roundedProduct(value, POWERS[places]), -places);
        }
        return of(new BigDecimal(value).setScale(places, RoundingMode.HALF_UP));
    }

    /** {@code value * 10^places}, rounded to a whole number; -1 where that takes more than fifteen digits. */
    static long shifted(double value, int places) {
        return places <= MAX_FAST_DIGITS && value * POWERS[places] < 1e15 ? roundedProduct(value, POWERS[places]) : -1;
    }

    /** {@code 10^places}, for as many places as {@link #shifted} takes. */
    static long wholePower(int places) {
        return (long) POWERS[places];
    }

    int exponent() {
        return exponent;
    }

    /** How many digits there are, up to the last that is not zero. */
    int count() {
        int count = digits.length;
        while (count > 1 && digits[count - 1] == '0') {
            count--;
        }
        return count;
    }

    /** The digit of a power of ten: zero where none is. */
    byte at(int power) {
        int index = exponent - power;
        return index < 0 || index >= digits.length ? (byte) '0' : digits[index];
    }

    private static DecimalDigits fastSignificant(double value, int count) {
        // Of the numbers between two powers of two the smallest decides: it is right, or one too small.
        int least = (int) Math.floor(Math.getExponent(value) * LOG10_OF_2);
        for (int exponent = least; ; exponent++) {
            int shift = count - 1 - exponent;
            if (Math.abs(shift) > MAX_EXACT_POWER) {
                return of(new BigDecimal(value).round(new MathContext(count, RoundingMode.HALF_UP)));
            }
            long scaled = shift >= 0 ? roundedProduct(value, POWERS[shift]) : roundedQuotient(value, POWERS[-shift]);
            if (scaled < (long) POWERS[count]) {
                return of(scaled, -shift);
            }
        }
    }

    /** {@code value * power}, rounded; below 10<sup>16</sup>. */
    private static long roundedProduct(double value, double power) {
        double product = value * power;
        double floor = Math.floor(product);
        double fraction = product - floor;
        boolean up = fraction > 0.5 || fraction == 0.5 && Math.fma(value, power, -product) >= 0;
        return (long) floor + (up ? 1 : 0);
    }

    /** {@code value / power}, rounded; below 10<sup>16</sup>. */
    private static long roundedQuotient(double value, double power) {
        double quotient = value / power;
        double floor = Math.floor(quotient);
        double fraction = quotient - floor;
        boolean up = fraction > 0.5 || fraction == 0.5 && Math.fma(-quotient, power, value) >= 0;
        return (long) floor + (up ? 1 : 0);
    }

    private static DecimalDigits of(BigDecimal rounded) {
        if (rounded.signum() == 0) {
            return new DecimalDigits(ZERO, 0);
        }
        BigInteger unscaled = rounded.unscaledValue();
        byte[] digits = unscaled.toString().getBytes(StandardCharsets.US_ASCII);
        return new DecimalDigits(digits, digits.length - 1 - rounded.scale());
    }

    /** The digits of {@code whole * 10^scale}. */
    private static DecimalDigits of(long whole, int scale) {
        if (whole == 0) {
            return new DecimalDigits(ZERO, 0);
        }
        byte[] digits = new byte[IntegerText.decimalDigits(whole)];
        long rest = whole;
        for (int i = digits.length - 1; i >= 0; i--) {
            digits[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return new DecimalDigits(digits, digits.length - 1 + scale);
    }

    private static double[] powers() {
        double[] powers = new double[MAX_EXACT_POWER + 1];
        double power = 1;
        for (int i = 0; i <= MAX_EXACT_POWER; i++) {
            powers[i] = power;
            power *= 10;
        }
        return powers;
    }
}
