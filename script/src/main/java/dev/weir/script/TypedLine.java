package dev.weir.script;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line of Lua as far as it has been typed, in words: names, numbers, signs, and texts in quotes, which are one word each. Immutable.
 *
 * <p>It need not be right, and where it is not nothing is found.
 */
final class TypedLine {
    private static final String TEXT = "\"";

    private final List<String> words;
    private final String word;
    private final boolean inText;

    private TypedLine(List<String> words, String word, boolean inText) {
        this.words = words;
        this.word = word;
        this.inText = inText;
    }

    static TypedLine read(String typed) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < typed.length()) {
            char c = typed.charAt(at);
            int end = at + 1;
            if (isNamed(c)) {
                end = endOfName(typed, at);
                if (end == typed.length() && !Character.isDigit(c)) {
                    return new TypedLine(words, typed.substring(at), false);
                }
                words.add(typed.substring(at, end));
            } else if (c == '"' || c == '\'') {
                end = endOfText(typed, at);
                words.add(TEXT);
            } else if (typed.startsWith("[[", at)) {
                end = typed.indexOf("]]", at);
                end = end < 0 ? typed.length() + 1 : end + 2;
                words.add(TEXT);
            } else if (typed.startsWith("--", at)) {
                end = typed.length() + 1;
            } else if (!Character.isWhitespace(c)) {
                words.add(String.valueOf(c));
            }
            if (end > typed.length()) {
                return new TypedLine(words, "", true);
            }
            at = end;
        }
        return new TypedLine(words, "", false);
    }

    private static boolean isNamed(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private static int endOfName(String typed, int from) {
        int end = from;
        while (end < typed.length() && isNamed(typed.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Behind the quote that ends it, or behind the line's end. */
    private static int endOfText(String typed, int from) {
        for (int i = from + 1; i < typed.length(); i++) {
            if (typed.charAt(i) == '\\') {
                i++;
            } else if (typed.charAt(i) == typed.charAt(from)) {
                return i + 1;
            }
        }
        return typed.length() + 1;
    }

    /** What was begun of the word that is typed; empty before its first letter. */
    String word() {
        return word;
    }

    /** Whether the line ends within quotes or in a comment. */
    boolean inText() {
        return inText;
    }

    /** The number of whole words. */
    int end() {
        return words.size();
    }

    /** The word at a position; empty where none is. */
    String at(int position) {
        return position >= 0 && position < words.size() ? words.get(position) : "";
    }

    /** The whole word before the one that is typed. */
    String before() {
        return at(words.size() - 1);
    }

    /** The word at a position, if it is a name. */
    @Nullable String nameAt(int position) {
        String name = at(position);
        return !name.isEmpty() && isNamed(name.charAt(0)) && !Character.isDigit(name.charAt(0)) ? name : null;
    }

    /** Whether a key may be typed: at the beginning of a table, or behind a comma in one. */
    boolean atKey() {
        return before().equals("{") || before().equals(",") || before().equals(";");
    }

    /** Where the name stands of what is called with the innermost braces that are open; -1 if these belong to no call. */
    int callAroundBraces() {
        Deque<Integer> open = new ArrayDeque<>();
        for (int i = 0; i < words.size(); i++) {
            switch (words.get(i)) {
                case "(", "{", "[" -> open.push(i);
                case ")", "}", "]" -> open.poll();
                default -> {}
            }
        }
        Integer braces = open.poll();
        if (braces == null || !at(braces).equals("{")) {
            return -1;
        }
        if (nameAt(braces - 1) != null) {
            return braces - 1; // newServer{
        }
        Integer call = open.poll();
        return call != null && at(call).equals("(") && nameAt(call - 1) != null ? call - 1 : -1;
    }

    /** Where the last name stands of an expression that ends before a position: that of what is called, if it ends with a call. */
    int beginOfCall(int end) {
        int last = end - 1;
        if (at(last).equals(TEXT)) {
            return last - 1; // f"text"
        }
        if (!at(last).equals(")") && !at(last).equals("}")) {
            return last;
        }
        int depth = 0;
        for (int i = last; i >= 0; i--) {
            switch (words.get(i)) {
                case ")", "}", "]" -> depth++;
                case "(", "{", "[" -> depth--;
                default -> {}
            }
            if (depth == 0) {
                return i - 1;
            }
        }
        return -1;
    }
}
