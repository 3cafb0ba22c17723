package dev.weir.lua.function;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The regular expressions of {@code RegexRule}: POSIX extended ones (XBD 9.4) with GNU's additions, as Java's. Java names classes
 * otherwise, reads a second quantifier as lazy or possessive where POSIX repeats once more, and knows groups that begin with {@code (?},
 * which POSIX refuses. Backslash with any other letter matches nothing, as Debian's dnsdist 1.7.3 was seen to do.
 *
 * <p>A translation is used once, by one thread.
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

    /** Escapes that mean the same to both. */
    private static final String GNU_ESCAPES = "wWsSbB";

    private static final String NEVER = "(?!)";

    private final String posix;
    private final StringBuilder java;
    private final Deque<Integer> openGroups = new ArrayDeque<>();

    /** Where in the translation the last atom starts; -1 where none can be repeated. */
    private int atom = -1;

    private boolean repeated;

    private Expressions(String posix) {
        this.posix = posix;
        this.java = new StringBuilder(posix.length() + 16);
    }

    /**
     * Compiles an expression; upper-case letters in it match lower-case ones, as names have only those.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Pattern compile(String posix) {
        return compileJava(posix, new Expressions(posix).translate());
    }

    /** Compiles an expression of RE2, whose syntax is Java's as far as names go. */
    static Pattern compileRe2(String re2) {
        return compileJava(re2, re2);
    }

    private static Pattern compileJava(String original, String java) {
        try {
            return Pattern.compile(java, Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + original + "': " + e.getDescription(), e);
        }
    }

    private String translate() {
        int i = 0;
        while (i < posix.length()) {
            char c = posix.charAt(i);
            int start = java.length();
            switch (c) {
                case '*', '+', '?', '{' -> i = repeat(i);
                case '|', '^', '$' -> {
                    java.append(c);
                    atom = -1;
                    i++;
                }
                case '(' -> {
                    openGroups.push(start);
                    java.append(c);
                    atom = -1;
                    i++;
                }
                case ')' -> {
                    close(start);
                    i++;
                }
                default -> {
                    i = single(c, i);
                    atom = start;
                    repeated = false;
                }
            }
        }
        return java.toString();
    }
    /** Ends a group; a parenthesis that closes none is a character. */
    private void close(int start) {
        if (openGroups.isEmpty()) {
            java.append("\\)");
            atom = start;
        } else {
            java.append(')');
            atom = openGroups.pop();
        }
        repeated = false;
    }

    /** A bracket expression, an escape or a character. */
    private int single(char c, int at) {
        if (c == '[') {
            return bracket(at);
        }
        if (c != '\\') {
            java.append(c);
            return at + 1;
        }
        if (at + 1 == posix.length()) {
            throw broken("a backslash at the end");
        }
        char escaped = posix.charAt(at + 1);
        if (escaped == '<') {
            java.append("\\b(?=\\w)");
        } else if (escaped == '>') {
            java.append("\\b(?<=\\w)");
        } else if (Character.isLetter(escaped) && GNU_ESCAPES.indexOf(escaped) < 0) {
            java.append(NEVER);
        } else {
            java.append(c).append(escaped);
        }
        return at + 2;
    }

    /** A quantifier. */
    private int repeat(int at) {
        if (atom < 0) {
            throw broken("nothing to repeat");
        }
        if (repeated) {
            java.insert(atom, "(?:").append(')');
        }
        repeated = true;
        char c = posix.charAt(at);
        if (c != '{') {
            java.append(c);
            return at + 1;
        }
        int end = posix.indexOf('}', at);
        if (end < 0) {
            throw broken("a bound without end");
        }
        String bound = posix.substring(at + 1, end);
        java.append('{').append(bound.startsWith(",") ? "0" : "").append(bound).append('}');
        return end + 1;
    }

    private IllegalArgumentException broken(String why) {
        return new IllegalArgumentException("'" + posix + "': " + why);
    }

    /** A bracket expression, in which a backslash is a character and a closing bracket in front is one too. */
    private int bracket(int start) {
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
            int length = named(i);
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
        if (i >= posix.length()) {
            throw broken("a bracket expression without end");
        }
        java.append(']');
        return i + 1;
    }

    private int named(int at) {
        for (String[] pair : CLASSES) {
            if (posix.startsWith(pair[0], at)) {
                java.append(pair[1]);
                return pair[0].length();
            }
        }
        if (posix.startsWith("[:", at)) {
            throw broken("an unknown class");
        }
        return 0;
    }
}
