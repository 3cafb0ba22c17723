package dev.weir.engine.expression;

/** An expression's text and how far it has been read. What both dialects' parsers share. */
final class ParserInput {
    /** Groups in groups; more would need more stack than a thread may have. */
    private static final int DEEPEST = 500;

    final String source;
    int at;
    private int depth;

    ParserInput(String source) {
        this.source = source;
    }

    boolean atEnd() {
        return at >= source.length();
    }

    /** The next character; a line feed at the end, which is no character of either syntax. */
    char peek() {
        return atEnd() ? '\n' : source.charAt(at);
    }

    /** Takes that text if it is next. */
    boolean take(String text) {
        if (!source.startsWith(text, at)) {
            return false;
        }
        at += text.length();
        return true;
    }

    /** Takes the next character, the two halves of one beyond the first plane as one. */
    int takeCharacter() {
        int character = source.codePointAt(at);
        at += Character.charCount(character);
        return character;
    }

    /** Takes what stands before {@code end}, and that too. */
    String takeUntil(String end, String otherwise) {
        int found = source.indexOf(end, at);
        if (found < 0) {
            throw broken(otherwise);
        }
        String text = source.substring(at, found);
        at = found + end.length();
        return text;
    }

    /** Takes decimal digits; -1 if there are none. More than nine count as a billion. */
    int takeNumber() {
        int start = at;
        while (!atEnd() && peek() >= '0' && peek() <= '9') {
            at++;
        }
        return at == start ? -1 : at - start > 9 ? 1_000_000_000 : Integer.parseInt(source, start, at, 10);
    }

    void enter() {
        if (++depth > DEEPEST) {
            throw broken("groups nested more than " + DEEPEST + " deep");
        }
    }

    void leave() {
        depth--;
    }

    BadExpression broken(String why) {
        return new BadExpression(source, why);
    }
}
