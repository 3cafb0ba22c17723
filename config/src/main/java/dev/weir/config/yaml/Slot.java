package dev.weir.config.yaml;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a value goes: an argument of one of dnsdist's functions, written as {@code [function] [position][.key][:how|@kind|<function|*]}.
 *
 * @param function the function; empty for the one that the map around it is made by
 * @param position of the argument, from 1; 0: that of the map around it, or none
 * @param key of an option in the table at that position; empty: the argument itself
 * @param how the value becomes the argument; empty: as it is
 */
public record Slot(String function, int position, String key, String how) {
    private static final Pattern FORM = Pattern.compile("(?:([A-Za-z]\\w*)(?: |$))?(\\d*)(?:\\.(\\w+))?([:@<*=#-].*)?");

    /** What a row of the table says; {@code null} for an empty text. */
    static @Nullable Slot parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (text.isEmpty()) {
            return null;
        }
        if (!parts.matches()) {
            throw new IllegalStateException("the table of YAML says '" + text + "'");
        }
        return new Slot(
                orEmpty(parts.group(1)),
                orEmpty(parts.group(2)).isEmpty() ? 0 : Integer.parseInt(parts.group(2)),
                orEmpty(parts.group(3)),
                orEmpty(parts.group(4)));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Whether code of its own reads the value. */
    public boolean isSpecial() {
        return how.startsWith("#");
    }

    /** Whether the value stands for a value of such a kind that the configuration has given a name. */
    public boolean isReference() {
        return how.startsWith("@");
    }

    /** The kind of object that is referred to or made. */
    public String kind() {
        return how.startsWith("@") ? how.substring(1) : "";
    }
}
