package dev.weir.lua.function;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * POSIX extended regular expressions (XBD 9.4) as Java's: alternation, bounds and groups are the same, character classes are named
 * differently, and some of Java's own constructs must be taken for the characters they are. Names are matched in lower case.
 */
final class Expressions {
    private static final String[][] CLASSES = {
        {"[:alnum:]", "\\p{Alnum}"},
        {"[:alpha:]", "\\p{Alpha}"},
        {"[:blank:]", "\\p{Blank}"},
        {"[:cntrl:]", "\\p{Cntrl}"},
        {"[:digit:]", "\\p{Digit}"},
        {"[:graph:]", "\\p{Graph}"},
        {"[:lower:]", "\\p{Lower}"},
        {"[:print:]", "\\p{Print}"},
        {"[:punct:]", "\\p{Punct}"},
        {"[:space:]", "\\s"},
        {"[:upper:]", "\\p{Upper}"},
        {"[:xdigit:]", "\\p{XDigit}"}
    };

    private Expressions() {}

    /**
     * Compiles an expression; upper-case letters in it match lower-case ones, as names have only those.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Pattern compile(String posix) {
        try {
            return Pattern.compile(translate(posix), Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + posix + "': " + e.getDescription(), e);
        }
    }

    private static String translate(String posix) {
        StringBuilder java = new StringBuilder(posix.length() + 8);
        int i = 0;
        while (i < posix.length()) {
            char c = posix.charAt(i);
            if (c == '[') {
                i = bracket(posix, i, java);
            } else if (c == '\\' && i + 1 < posix.length()) {
                java.append(c).append(posix.charAt(i + 1));
                i += 2;
            } else {
                java.append(c);
                i++;
            }
        }
        return java.toString();
    }

    /** A bracket expression, in which a backslash is a character and a closing bracket in front is one too. */
    private static int bracket(String posix, int start, StringBuilder java) {
        int i = start + 1;
        java.append('[');
        if (i < posix.length() && posix.charAt(i) == '^') {
            java.append('^');
            i++;
        }
        if (i < posix.length() && posix.charAt(i) == ']') {
            java.append("\\]");
            i++;
        }
        while (i < posix.length() && posix.charAt(i) != ']') {
            int length = named(posix, i, java);
            if (length == 0) {
                char c = posix.charAt(i);
                if (c == '\\' && i + 1 < posix.length() && posix.charAt(i + 1) == ']') {
                    java.append("\\\\");
                } else if (c == '\\' || c == '[' || c == '&') {
                    java.append('\\').append(c);
                } else {
                    java.append(c);
                }
                length = 1;
            }
            i += length;
        }
        java.append(']');
        return Math.min(posix.length(), i + 1);
    }

    private static int named(String posix, int at, StringBuilder java) {
        for (String[] pair : CLASSES) {
            if (posix.startsWith(pair[0], at)) {
                java.append(pair[1]);
                return pair[0].length();
            }
        }
        return 0;
    }
}
