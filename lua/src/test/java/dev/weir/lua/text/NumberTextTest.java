package dev.weir.lua.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The quick ways to write and read a number lead to the same digits as the exact ones. */
class NumberTextTest {
    private static String format(String format, double value) {
        byte[] octets = format.getBytes(StandardCharsets.ISO_8859_1);
        ConversionSpec spec = ConversionSpec.parse(octets, 1, octets.length).spec();
        assertThat(spec).isNotNull();
        OctetBuilder out = new OctetBuilder(8);
        NumberText.format(out, spec == null ? ConversionSpec.NUMBER : spec, value);
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "%.0f, 0.5, 1",
        "%.0f, 2.5, 3",
        "%.1f, 0.25, 0.3",
        "%.2f, 1.005, 1.00",
        "%.14g, 99999999999999.5, 1e+14",
        "%.14g, 12345.6789, 12345.6789",
        "%.3a, 1.9999, 0x2.000p+0",
        "%.0a, 1.5, 0x2p+0",
        "%a, 4.9e-324, 0x1p-1074",
        "%e, 0, 0.000000e+00",
        "%#.0f, 3, 3.",
        "%010.2f, -1.5, -000001.50"
    })
    void halvesGoAwayFromZero(String format, double value, String expected) {
        assertThat(format(format, value)).isEqualTo(expected);
    }

    /** Sums of two neighbours of a half at each place: where the quick way must look at the error of its product. */
    @Test
    void theQuickWayRoundsAsTheExactOne() {
        Random random = new Random(5);
        for (int i = 0; i < 200_000; i++) {
            int digits = 1 + random.nextInt(15);
            double value = Math.abs(random.nextGaussian()) * Math.pow(10, random.nextInt(28) - 7);
            if (i % 3 == 0) {
                value = (random.nextInt(1_000_000) * 10.0 + 5) / Math.pow(10, random.nextInt(12));
                value = i % 2 == 0 ? Math.nextUp(value) : value;
            }
            if (value == 0) {
                continue;
            }
            BigDecimal exact = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_UP));
            String shown = format("%." + (digits - 1) + "e", value);
            assertThat(new BigDecimal(shown))
                    .as("%s digits of %s", digits, value)
                    .isEqualByComparingTo(exact);
        }
    }

    @Test
    void whatIsWrittenWithSeventeenDigitsIsReadBack() {
        Random random = new Random(6);
        for (int i = 0; i < 100_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                for (String format : new String[] {"%.17g", "%a"}) {
                    byte[] text = format(format, value).getBytes(StandardCharsets.ISO_8859_1);
                    assertThat(NumberReader.parse(text)).as(format).isEqualTo(value);
                }
            }
        }
    }
}
