package dev.weir.app.xdp;

import dev.weir.engine.kernel.KernelFilter;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lengths of time as they are written on the command line: {@code 90s}, {@code 10m}, {@code 2h}, {@code 1d}. */
final class TimeSpan {
    private TimeSpan() {}

    /**
     * Reads one.
     *
     * @param what it is for, for the message
     * @return nanoseconds; {@link KernelFilter#FOREVER} for null
     */
    static long parse(String what, @Nullable String text) throws NotUnderstoodException {
        if (text == null) {
            return KernelFilter.FOREVER;
        }
        TimeUnit unit =
                switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
                    case 's' -> TimeUnit.SECONDS;
                    case 'm' -> TimeUnit.MINUTES;
                    case 'h' -> TimeUnit.HOURS;
                    case 'd' -> TimeUnit.DAYS;
                    default ->
                        throw new NotUnderstoodException(
                                what + " is a number with s, m, h or d behind, not '" + text + "'");
                };
        return unit.toNanos(Words.number(what, text.substring(0, text.length() - 1), 1));
    }

    /** Writes one, in the largest unit that it is a multiple of. */
    static String text(long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
