package dev.weir.config.yaml;

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
    private static final String HOW = ":@<*=#-";

    /** What a row of the table says; {@code null} for an empty text. By hand: every start with YAML reads hundreds of them. */
    static @Nullable Slot parse(String text) {
        if (text.isEmpty()) {
            return null;
        }
        int end = text.length();
        int at = 0;
        if (Character.isLetter(text.charAt(0))) {
            at = skip(text, 0);
        }
        String function = text.substring(0, at);
        at = at < end && text.charAt(at) == ' ' ? at + 1 : at;
        int digits = at;
        while (at < end && Character.isDigit(text.charAt(at))) {
            at++;
        }
        int position = at == digits ? 0 : Integer.parseInt(text, digits, at, 10);
        String key = "";
        if (at < end && text.charAt(at) == '.') {
            int word = at + 1;
            at = skip(text, word);
            key = text.substring(word, at);
        }
        if (at < end && HOW.indexOf(text.charAt(at)) < 0) {
            throw new IllegalStateException("the table of YAML says '" + text + "'");
        }
        return new Slot(function, position, key, text.substring(at));
    }

    private static int skip(String text, int from) {
        int at = from;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        return at;
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
