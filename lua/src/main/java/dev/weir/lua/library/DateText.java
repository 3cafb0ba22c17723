package dev.weir.lua.library;

import dev.weir.lua.text.OctetBuilder;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.temporal.IsoFields;

/**
 * Writes a moment as strftime(3) does in the locale "C": all conversions of C99, {@code %k %l %P %s} of glibc, and glibc's flags
 * {@code _ - 0 ^ #} and widths. What is no conversion stays as it is.
 */
final class DateText {
    private static final String[] MONTHS = {
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December"
    };
    private static final String[] DAYS = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    /** The conversions that the modifiers E and O cannot stand before. */
    private static final String WITHOUT_E = "aAbBdDeFgGhHIjklmMSUVWw";

    private static final String WITHOUT_O = "aAcDFxXY";
    private static final int MAX_WIDTH = 1 << 16;

    private final BrokenDownTime time;
    private final LocalDateTime local;
    private final OctetBuilder out;

    /** What the flags of the conversion at hand ask for; zero for nothing. */
    private int padding;

    private boolean upperCase;
    private boolean swapCase;
    private int width;

    private DateText(BrokenDownTime time, int bound) {
        this.time = time;
        this.local = time.local();
        this.out = new OctetBuilder(64, bound);
    }

    /** The text of a moment, at most {@code bound} octets; raises {@link OctetBuilder.TooLong} beyond. */
    static byte[] format(byte[] format, BrokenDownTime time, int bound) {
        DateText text = new DateText(time, bound);
        text.run(format);
        return text.out.toOctets();
    }

    private void run(byte[] format) {
        int at = 0;
        while (at < format.length) {
            if (format[at] != '%') {
                out.append(format[at++]);
                continue;
            }
            int end = flags(format, at + 1);
            int letter = end < format.length ? format[end] : 0;
            String unmodified = letter == 'E' ? WITHOUT_E : letter == 'O' ? WITHOUT_O : "";
            if (!unmodified.isEmpty()) {
                end++;
                letter = end < format.length ? format[end] : 0;
            }
            if (letter == 0 || unmodified.indexOf(letter) >= 0 || !conversion(letter)) {
                end = Math.min(end, format.length - 1);
                out.append(format, at, end - at + 1);
            }
            at = end + 1;
        }
    }

    /** Reads flags and a width; returns where the letter is. */
    private int flags(byte[] format, int start) {
        padding = 0;
        upperCase = false;
        swapCase = false;
        width = -1;
        int at = start;
        for (; at < format.length; at++) {
            switch (format[at]) {
                case '_', '-', '0' -> padding = format[at];
                case '^' -> upperCase = true;
                case '#' -> swapCase = true;
                default -> {
                    return width(format, at);
                }
            }
        }
        return at;
    }

    private int width(byte[] format, int start) {
        int at = start;
        for (; at < format.length && format[at] >= '0' && format[at] <= '9'; at++) {
            width = Math.min(MAX_WIDTH, Math.max(0, width) * 10 + format[at] - '0');
        }
        return at;
    }

    private boolean conversion(int letter) {
        int weekday = local.getDayOfWeek().getValue() % 7;
        switch (letter) {
            case 'a' -> text(DAYS[weekday].substring(0, 3));
            case 'A' -> text(DAYS[weekday]);
            case 'b', 'h' -> text(MONTHS[local.getMonthValue() - 1].substring(0, 3));
            case 'B' -> text(MONTHS[local.getMonthValue() - 1]);
            case 'p' -> halfOfDay(swapCase);
            case 'P' -> halfOfDay(true);
            case 'Z' -> zone();
            case 'c' -> composite("%a %b %e %H:%M:%S %Y");
            case 'D', 'x' -> composite("%m/%d/%y");
            case 'F' -> composite("%Y-%m-%d");
            case 'r' -> composite("%I:%M:%S %p");
            case 'R' -> composite("%H:%M");
            case 'T', 'X' -> composite("%H:%M:%S");
            case 'n' -> text("\n");
            case 't' -> text("\t");
            case '%' -> text("%");
            case 'z' -> offset();
            default -> {
                return number(letter, weekday);
            }
        }
        return true;
    }

    private boolean number(int letter, int weekday) {
        int year = local.getYear();
        int dayOfYear = local.getDayOfYear();
        switch (letter) {
            case 'C' -> number(Math.floorDiv(year, 100), 2, '0');
            case 'd' -> number(local.getDayOfMonth(), 2, '0');
            case 'e' -> number(local.getDayOfMonth(), 2, '_');
            case 'g' -> number(Math.floorMod(weekYear(), 100), 2, '0');
            case 'G' -> number(weekYear(), 1, '0');
            case 'H' -> number(local.getHour(), 2, '0');
            case 'I' -> number((local.getHour() + 11) % 12 + 1, 2, '0');
            case 'j' -> number(dayOfYear, 3, '0');
            case 'k' -> number(local.getHour(), 2, '_');
            case 'l' -> number((local.getHour() + 11) % 12 + 1, 2, '_');
            case 'm' -> number(local.getMonthValue(), 2, '0');
            case 'M' -> number(local.getMinute(), 2, '0');
            case 's' -> number(time.epochSeconds(), 1, '_');
            case 'S' -> number(local.getSecond(), 2, '0');
            case 'u' -> number(weekday == 0 ? 7 : weekday, 1, '0');
            case 'U' -> number((dayOfYear + 6 - weekday) / 7, 2, '0');
            case 'V' -> number(local.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0');
            case 'w' -> number(weekday, 1, '0');
            case 'W' -> number((dayOfYear + 6 - (weekday + 6) % 7) / 7, 2, '0');
            case 'y' -> number(Math.floorMod(year, 100), 2, '0');
            case 'Y' -> number(year, 1, '0');
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The year to which the week belongs that this day's Thursday is in. */
    private int weekYear() {
        return local.with(DayOfWeek.THURSDAY).getYear();
    }

    private void halfOfDay(boolean lowerCase) {
        boolean morning = local.getHour() < 12;
        padded(lowerCase ? (morning ? "am" : "pm") : morning ? "AM" : "PM", ' ');
    }

    private void zone() {
        String name = time.zone();
        if (swapCase) {
            OctetBuilder lower = new OctetBuilder(name.length());
            for (int i = 0; i < name.length(); i++) {
                char letter = name.charAt(i);
                lower.append(letter >= 'A' && letter <= 'Z' ? letter | 0x20 : letter);
            }
            padded(lower.toString(), ' ');
        } else {
            text(name);
        }
    }

    private void offset() {
        int minutes = Math.abs(time.offsetSeconds()) / 60;
        int shown = minutes / 60 * 100 + minutes % 60;
        padded("", ' ', width - 1);
        out.append(time.offsetSeconds() < 0 ? '-' : '+');
        number(shown, 4, '0');
    }

    private void composite(String format) {
        DateText inner = new DateText(time, OctetBuilder.MAX_LENGTH);
        OctetBuilder octets = new OctetBuilder(32).append(format);
        inner.run(octets.toOctets());
        String shown = inner.out.toString();
        padded(upperCase ? upper(shown) : shown, ' ');
    }

    private void text(String ascii) {
        padded(upperCase || swapCase ? upper(ascii) : ascii, ' ');
    }

    private static String upper(String ascii) {
        OctetBuilder changed = new OctetBuilder(ascii.length());
        for (int i = 0; i < ascii.length(); i++) {
            char letter = ascii.charAt(i);
            changed.append(letter >= 'a' && letter <= 'z' ? letter & ~0x20 : letter);
        }
        return changed.toString();
    }

    private void padded(String ascii, char usual) {
        padded(ascii, usual, width);
    }

    private void padded(String ascii, char usual, int least) {
        out.fill(padding == '0' ? '0' : usual, least - ascii.length());
        out.append(ascii);
    }

    /** With as many digits as usual, or as many as the width says; padded with zeros or with spaces. */
    private void number(long value, int digits, char usual) {
        OctetBuilder shown = new OctetBuilder(12).appendDecimal(Math.abs(value));
        int pad = padding == 0 ? usual : padding;
        int least = pad == '-' ? width : Math.max(width, digits);
        int missing = least - shown.length() - (value < 0 ? 1 : 0);
        if (pad != '0') {
            out.fill(' ', missing);
        }
        if (value < 0) {
            out.append('-');
        }
        if (pad == '0') {
            out.fill('0', missing);
        }
        out.append(shown.toOctets());
    }
}
