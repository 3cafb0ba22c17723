package dev.weir.script.lang;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message of Lua, taken apart.
 *
 * @param file empty if the message names no place
 * @param line 0 if it names none
 * @param text what follows the place
 */
public record ErrorPlace(String file, int line, String text) {
    private static final Pattern PLACED = Pattern.compile("(?s)([^\\n]*?):(\\d{1,9}): (.*)");

    private static final Pattern TRACED = Pattern.compile("\\n\\s+([^\\n]*?):(\\d{1,9}): in ");

    /** With the innermost line of a traceback, if it has one. */
    public ErrorPlace orInnermost(String traceback) {
        Matcher traced = TRACED.matcher(traceback);
        return traced.find() ? new ErrorPlace(traced.group(1), Integer.parseInt(traced.group(2)), text) : this;
    }

    /** @param message {@code file:line: text}, or a text alone */
    public static ErrorPlace of(String message) {
        Matcher parts = PLACED.matcher(message);
        return parts.matches()
                ? new ErrorPlace(parts.group(1), Integer.parseInt(parts.group(2)), parts.group(3))
                : new ErrorPlace("", 0, message);
    }
}
