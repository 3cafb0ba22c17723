package dev.weir.script.lang;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Lua file's text: which names it calls and which it defines, found without running it. Comments and strings are passed over (Lua 5.1
 * manual, 2.1). A text that is no Lua gives what can be seen up to its mistake; the compiler is the one to complain.
 */
public final class LuaText {
    /** What a name stands behind. */
    public enum Kind {
        /** {@code name(…)}, also with a string or a table as the one argument. */
        FUNCTION,
        /** {@code object:name(…)}. */
        METHOD,
        /** {@code object.name}. */
        FIELD
    }

    /**
     * A name that is used.
     *
     * @param object the word before the colon or dot; empty if there is none
     */
    public record Use(Kind kind, String object, String name, int line) {}

    private static final Set<String> KEYWORDS = Set.of(
            "and",
            "break",
            "do",
            "else",
            "elseif",
            "end",
            "false",
            "for",
            "function",
            "if",
            "in",
            "local",
            "nil",
            "not",
            "or",
            "repeat",
            "return",
            "then",
            "true",
            "until",
            "while");

    private final byte[] text;
    private final List<Use> uses = new ArrayList<>();
    private final Set<String> defined = new HashSet<>();
    private int at;
    private int line = 1;
    private boolean inParameters;

    private LuaText(byte[] text) {
        this.text = text;
    }

    /** Looks through a text, in which octets are characters. */
    public static LuaText of(byte[] text) {
        LuaText found = new LuaText(text);
        found.scan();
        return found;
    }

    /** The names that are used, in their order. */
    public List<Use> uses() {
        return uses;
    }

    /** Names that the text gives a value somewhere: variables, functions, fields, parameters. */
    public Set<String> defined() {
        return defined;
    }

    /** The words of a text that stand for variables, or may do so: all but keywords and what stands behind a dot or a colon. */
    public static Set<String> words(byte[] text) {
        LuaText lua = new LuaText(text);
        Set<String> words = new LinkedHashSet<>();
        String before = "";
        for (String token = lua.next(); token != null; token = lua.next()) {
            boolean member = before.equals(".") || before.equals(":");
            if (isWord(token) && !member && !KEYWORDS.contains(token)) {
                words.add(token);
            }
            before = token;
        }
        return words;
    }

    private void scan() {
        String before = ""; // the token before: a word, one character, or "''" for a string
        String object = "";
        for (String token = next(); token != null; token = next()) {
            if (isWord(token)) {
                word(token, before, object);
            } else if (token.equals(")")) {
                inParameters = false;
            } else if (token.equals(":") || token.equals(".")) {
                object = isWord(before) ? before : "";
            }
            before = token;
        }
    }

    private void word(String word, String before, String object) {
        if (KEYWORDS.contains(word)) {
            inParameters |= word.equals("function");
            return;
        }
        char follows = peek();
        boolean member = before.equals(":") || before.equals(".");
        boolean assigned = follows == '=' && !followedBy("==");
        if (assigned
                || follows == ',' && !member
                || before.equals("function")
                || before.equals("local")
                || inParameters) {
            defined.add(word);
            return;
        }
        boolean called = "({\"'".indexOf(follows) >= 0 || followedBy("[[") || followedBy("[=");
        if (before.equals(":") && called) {
            uses.add(new Use(Kind.METHOD, object, word, line));
        } else if (before.equals(".")) {
            uses.add(new Use(Kind.FIELD, object, word, line));
        } else if (called) {
            uses.add(new Use(Kind.FUNCTION, "", word, line));
        }
    }

    private static boolean isWord(String token) {
        return !token.isEmpty() && isLetter(token.charAt(0));
    }

    private static boolean isLetter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    // ---- tokens

    private int octet(int offset) {
        return at + offset < text.length ? text[at + offset] & 0xff : -1;
    }

    private boolean followedBy(String characters) {
        for (int i = 0; i < characters.length(); i++) {
            if (octet(i) != characters.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The next character that is neither blank nor in a comment; 0 at the end. */
    private char peek() {
        skipBlanks();
        return at < text.length ? (char) octet(0) : 0;
    }

    private void skipBlanks() {
        while (at < text.length) {
            int c = octet(0);
            if (c == '\n') {
                line++;
                at++;
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == 0x0b) {
                at++;
            } else if (followedBy("--")) {
                at += 2;
                comment();
            } else {
                return;
            }
        }
    }

    private void comment() {
        int level = longBracket();
        if (level >= 0) {
            skipLong(level);
            return;
        }
        while (at < text.length && octet(0) != '\n') {
            at++;
        }
    }

    /** The number of equals signs in a long bracket that opens here; -1 if none does. */
    private int longBracket() {
        if (octet(0) != '[') {
            return -1;
        }
        int level = 0;
        while (octet(1 + level) == '=') {
            level++;
        }
        return octet(1 + level) == '[' ? level : -1;
    }

    private void skipLong(int level) {
        String closing = "]" + "=".repeat(level) + "]";
        at += level + 2;
        while (at < text.length && !followedBy(closing)) {
            line += octet(0) == '\n' ? 1 : 0;
            at++;
        }
        at += closing.length();
    }

    private void skipString(int quote) {
        at++;
        while (at < text.length && octet(0) != quote && octet(0) != '\n') {
            if (octet(0) == '\\') {
                line += octet(1) == '\n' ? 1 : 0;
                at++;
            }
            at++;
        }
        at++;
    }

    private @Nullable String next() {
        skipBlanks();
        if (at >= text.length) {
            return null;
        }
        int c = octet(0);
        int start = at;
        if (isLetter(c) || isDigit(c)) {
            do {
                at++;
            } while (isLetter(octet(0)) || isDigit(octet(0)) || isDigit(c) && octet(0) == '.' && isDigit(octet(1)));
            return new String(text, start, at - start, StandardCharsets.ISO_8859_1);
        }
        int level = longBracket();
        if (level >= 0) {
            skipLong(level);
            return "''";
        }
        if (c == '"' || c == '\'') {
            skipString(c);
            return "''";
        }
        do {
            at++;
        } while (c == '.' && octet(0) == '.');
        return new String(text, start, at - start, StandardCharsets.ISO_8859_1);
    }
}
