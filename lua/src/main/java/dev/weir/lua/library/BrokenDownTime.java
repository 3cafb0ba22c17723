package dev.weir.lua.library;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneRules;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * A moment as C's {@code struct tm} shows it, in one time zone.
 *
 * @param epochSeconds seconds since 1970, without leap seconds
 * @param local the calendar's date and the clock's time
 * @param offsetSeconds how far the clock is ahead of UTC
 * @param daylightSaving whether summer time is in force
 * @param zone the zone's short name
 */
record BrokenDownTime(long epochSeconds, LocalDateTime local, int offsetSeconds, boolean daylightSaving, String zone) {
    private static final int HOUR_SECONDS = 3_600;
    private static final int DAY_SECONDS = 86_400;

    /** A moment in UTC; null where the calendar ends. */
    static @Nullable BrokenDownTime utc(long epochSeconds) {
        try {
            LocalDateTime local = LocalDateTime.ofEpochSecond(epochSeconds, 0, ZoneOffset.UTC);
            return new BrokenDownTime(epochSeconds, local, 0, false, "GMT");
        } catch (DateTimeException outside) {
            return null;
        }
    }

    /** A moment as clocks on the wall show it; null where the calendar ends. */
    static @Nullable BrokenDownTime local(long epochSeconds, ZoneId zone) {
        try {
            Instant instant = Instant.ofEpochSecond(epochSeconds);
            ZoneRules rules = zone.getRules();
            ZoneOffset offset = rules.getOffset(instant);
            LocalDateTime local = LocalDateTime.ofEpochSecond(epochSeconds, 0, offset);
            boolean summer = rules.isDaylightSavings(instant);
            return new BrokenDownTime(
                    epochSeconds, local, offset.getTotalSeconds(), summer, name(zone, instant, summer));
        } catch (DateTimeException outside) {
            return null;
        }
    }

    private static String name(ZoneId zone, Instant instant, boolean summer) {
        if (zone.getRules().isFixedOffset()
                && zone.getRules().getOffset(instant).equals(ZoneOffset.UTC)) {
            return "UTC";
        }
        TimeZone named = TimeZone.getTimeZone(zone);
        return named.getDisplayName(summer, TimeZone.SHORT, Locale.ROOT);
    }

    /**
     * The moment that fields of any size name, as mktime(3) normalises them.
     *
     * @param daylightSaving whether the fields are summer time; null to find out
     * @return seconds since 1970
     */
    static long epochSeconds(Fields fields, @Nullable Boolean daylightSaving, ZoneId zone) {
        // C counts years from 1900 and months from 0, in an int each, which wraps around.
        int yearsSince1900 = fields.year - 1900;
        int monthsSinceJanuary = fields.month - 1;
        long months = (yearsSince1900 + 1900L) * 12 + monthsSinceJanuary;
        long year = Math.floorDiv(months, 12L);
        long days = epochDay(year, (int) Math.floorMod(months, 12L) + 1) + fields.day - 1L;
        long seconds = days * DAY_SECONDS + fields.hour * (long) HOUR_SECONDS + fields.minute * 60L + fields.second;
        ZoneRules rules = zone.getRules();
        LocalDateTime local;
        try {
            local = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        } catch (DateTimeException outside) {
            return seconds;
        }
        ZonedDateTime zoned = ZonedDateTime.ofLocal(local, zone, null);
        long moment = zoned.toEpochSecond();
        if (daylightSaving != null && daylightSaving != rules.isDaylightSavings(zoned.toInstant())) {
            moment += daylightSaving ? -HOUR_SECONDS : HOUR_SECONDS;
        }
        return moment;
    }

    /** Beyond the years of {@link LocalDate} too: the calendar repeats every 400 years. */
    private static long epochDay(long year, int month) {
        long cycles = Math.floorDiv(year, 400L);
        int rest = Math.floorMod(year, 400);
        return LocalDate.of(rest, month, 1).toEpochDay() + cycles * 146_097L;
    }

    /** A date and a time of day, none of them within its usual bounds. */
    record Fields(int year, int month, int day, int hour, int minute, int second) {}
}
