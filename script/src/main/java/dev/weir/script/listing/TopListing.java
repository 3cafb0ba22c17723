package dev.weir.script.listing;

import dev.weir.engine.ring.RingReport;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** What {@code topQueries()}, {@code topClients()} and their kin print: numbered lines with a count and its share. */
public final class TopListing {
    private TopListing() {}

    public static String show(List<RingReport.Row> rows) {
        return show(rows, RoundingMode.HALF_UP);
    }

    /** {@code topClients()} rounds what lies in the middle to the even digit (6.25 % to 6.2), as the other listings do not. */
    public static String showClients(List<RingReport.Row> rows) {
        return show(rows, RoundingMode.HALF_EVEN);
    }

    private static String show(List<RingReport.Row> rows, RoundingMode rounding) {
        StringBuilder text = new StringBuilder();
        int number = 1;
        for (RingReport.Row row : rows) {
            BigDecimal percent = new BigDecimal(row.percent()).setScale(1, rounding);
            text.append(
                    String.format(Locale.ROOT, "%4d  %-40s %4d %4s%%\n", number++, row.key(), row.count(), percent));
        }
        return text.toString();
    }
}
