package dev.weir.script.lang;

import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaError;

/** Lua's error messages in the form {@code file:line: text}. */
public final class Messages {
    private Messages() {}

    /** The message of an error without LuaJ's trimmings. */
    public static String clean(LuaError error) {
        String message = error.getMessage();
        if (message == null) {
            Throwable cause = error.getCause();
            message = cause == null ? "error without a message" : String.valueOf(cause.getMessage());
        }
        return clean(message.strip());
    }

    /** The message of an error, with the name of what was nil where LuaJ leaves it out. */
    public static String explain(LuaError error, LineTracker tracker) {
        String message = clean(error);
        String subject = tracker.failedSubject();
        if (subject.isEmpty()) {
            return message;
        }
        return message.replaceFirst(
                        "attempt to call (nil|boolean|number|string|table|userdata)$",
                        Matcher.quoteReplacement("attempt to call " + subject) + " (a $1 value)")
                .replace("attempt to index ? (", "attempt to index " + subject + " (");
    }

    /** LuaJ writes {@code @file:12 text} or {@code chunk:12 text}, and {@code [string "file"]:12: text} when it can't compile. */
    static String clean(String message) {
        String text = message;
        if (text.startsWith("[string \"")) {
            int end = text.indexOf("\"]:");
            text = end < 0 ? text : strip(text.substring(9, end)) + text.substring(end + 2);
        }
        text = strip(text);
        if (text.contains("vm error: ")) {
            text = text.replaceFirst("vm error: [a-zA-Z.]*(Exception|Error): ", "");
        }
        int colon = position(text);
        if (colon < 0) {
            return text;
        }
        String rest = text.substring(colon).stripLeading();
        String place = text.substring(0, colon);
        rest = rest.startsWith(":") ? rest.substring(1).stripLeading() : rest;
        // error("text") names the place itself where the text already has one.
        return rest.startsWith(place + ":") ? rest : place + ": " + rest;
    }

    private static String strip(String text) {
        return text.startsWith("@") || text.startsWith("=") ? text.substring(1) : text;
    }

    /** Where {@code file:line} ends, or -1. */
    private static int position(String text) {
        for (int colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
            int end = colon + 1;
            while (end < text.length() && Character.isDigit(text.charAt(end))) {
                end++;
            }
            boolean ends = end == text.length() || text.charAt(end) == ' ' || text.charAt(end) == ':';
            if (end > colon + 1 && ends) {
                return end;
            }
            if (text.indexOf(' ') >= 0 && text.indexOf(' ') < colon) {
                return -1;
            }
        }
        return -1;
    }

    /** The line that a message of the form {@code file:line: text} names; 0 if it names none. */
    public static int line(String message) {
        int end = position(message);
        if (end < 0) {
            return 0;
        }
        return Integer.parseInt(message, message.lastIndexOf(':', end - 1) + 1, end, 10);
    }

    /** The file that such a message names, or {@code null}. */
    public static @Nullable String file(String message) {
        int end = position(message);
        return end < 0 ? null : message.substring(0, message.lastIndexOf(':', end - 1));
    }

    /** What follows the place. */
    public static String text(String message) {
        int end = position(message);
        if (end < 0) {
            return message;
        }
        String rest = message.substring(end).stripLeading();
        return rest.startsWith(":") ? rest.substring(1).stripLeading() : rest;
    }
}
