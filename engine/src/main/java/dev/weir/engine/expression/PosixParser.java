package dev.weir.engine.expression;

import java.util.ArrayList;
import java.util.List;

/**
 * Extended regular expressions of POSIX (XBD 9.4) with GNU's additions, without regard to case, as Debian's dnsdist 1.7.3 was seen to read
 * them: a parenthesis that closes nothing is a character, a second quantifier repeats once more, a backslash before any other letter matches
 * nothing.
 */
final class PosixParser {
    /** RE_DUP_MAX of glibc. */
    private static final int MOST_REPETITIONS = 32_767;

    private static final int MOST_QUANTIFIERS = 100;
    private static final OctetSet SMALL_LETTERS = OctetSet.range('a', 'z');

    private final ParserInput in;
    private int openGroups;

    private PosixParser(String source) {
        in = new ParserInput(source);
    }

    static Node parse(String source) {
        return new PosixParser(source).choice();
    }

    private Node choice() {
        List<Node> branches = new ArrayList<>();
        do {
            branches.add(branch());
        } while (in.take("|"));
        return Node.choice(branches);
    }

    private Node branch() {
        List<Node> parts = new ArrayList<>();
        boolean repeatable = false;
        int quantifiers = 0;
        while (!in.atEnd() && in.peek() != '|' && !(in.peek() == ')' && openGroups > 0)) {
            char c = in.peek();
            if (c == '*' || c == '+' || c == '?' || c == '{') {
                if (!repeatable) {
                    throw in.broken("nothing to repeat");
                }
                if (++quantifiers > MOST_QUANTIFIERS) {
                    throw in.broken("more than " + MOST_QUANTIFIERS + " quantifiers in a row");
                }
                parts.add(repeated(parts.removeLast()));
            } else {
                repeatable = c != '^' && c != '$';
                quantifiers = 0;
                parts.add(atom());
            }
        }
        return Node.sequence(parts);
    }

    private Node repeated(Node body) {
        if (in.take("*")) {
            return new Node.Repeat(body, 0, Node.UNBOUNDED);
        }
        if (in.take("+")) {
            return new Node.Repeat(body, 1, Node.UNBOUNDED);
        }
        if (in.take("?")) {
            return new Node.Repeat(body, 0, 1);
        }
        in.take("{");
        int least = in.takeNumber();
        boolean range = in.take(",");
        int most = range ? in.takeNumber() : least;
        if (!in.take("}") || least < 0 && !range) {
            throw in.broken("a bound that is not {number}, {number,} or {number,number}");
        }
        if (Math.max(least, most) > MOST_REPETITIONS) {
            throw in.broken("more than " + MOST_REPETITIONS + " repetitions");
        }
        if (most >= 0 && least > most) {
            throw in.broken("a bound whose first number is larger");
        }
        return new Node.Repeat(body, Math.max(0, least), most < 0 ? Node.UNBOUNDED : most);
    }

    private Node atom() {
        int c = in.takeCharacter();
        return switch (c) {
            case '^' -> new Node.Assertion(Node.TEXT_START);
            case '$' -> new Node.Assertion(Node.TEXT_END);
            case '.' -> new Node.Octet(OctetSet.ALL);
            case '(' -> group();
            case '[' -> new Node.Octet(bracket());
            case '\\' -> escape();
            default -> Node.character(c, true);
        };
    }

    private Node group() {
        in.enter();
        openGroups++;
        Node inside = choice();
        openGroups--;
        in.leave();
        if (!in.take(")")) {
            throw in.broken("a group without end");
        }
        return inside;
    }

    private Node escape() {
        if (in.atEnd()) {
            throw in.broken("a backslash at the end");
        }
        int c = in.takeCharacter();
        if (c >= '1' && c <= '9') {
            throw in.broken("back-references cannot be matched in linear time: \\" + (char) c);
        }
        return switch (c) {
            case 'w' -> new Node.Octet(OctetSet.WORD);
            case 'W' -> new Node.Octet(OctetSet.WORD.not());
            case 's' -> new Node.Octet(NamedClasses.SPACE);
            case 'S' -> new Node.Octet(NamedClasses.SPACE.not());
            case 'b' -> new Node.Assertion(Node.WORD_EDGE);
            case 'B' -> new Node.Assertion(Node.NO_WORD_EDGE);
            case '<' -> new Node.Assertion(Node.WORD_START);
            case '>' -> new Node.Assertion(Node.WORD_END);
            case '`' -> new Node.Assertion(Node.TEXT_START);
            case '\'' -> new Node.Assertion(Node.TEXT_END);
            default -> Character.isLetter(c) ? new Node.Octet(OctetSet.NONE) : Node.character(c, true);
        };
    }

    /**
     * What stands behind an opening bracket; a backslash is a character there. Ranges are those of capitals: glibc compares pattern and text
     * after raising both.
     */
    private OctetSet bracket() {
        boolean negated = in.take("^");
        OctetSet set = OctetSet.NONE;
        boolean first = true;
        while (first || in.peek() != ']') {
            first = false;
            if (in.take("[:")) {
                set = set.or(named(in.takeUntil(":]", "a class without end")));
                continue;
            }
            boolean mayStartRange = !in.source.startsWith("[=", in.at);
            int low = member();
            OctetSet one = OctetSet.of(low);
            if (in.peek() == '-' && !in.source.startsWith("-]", in.at)) {
                in.at++;
                int high = member();
                if (!mayStartRange || high < low) {
                    throw in.broken("a range that ends before it starts");
                }
                one = OctetSet.range(low, high);
                if (in.peek() == '-' && !in.source.startsWith("-]", in.at)) {
                    throw in.broken("a range of ranges");
                }
            }
            set = set.or(one);
        }
        in.at++;
        return (negated ? set.not() : set).and(SMALL_LETTERS.not()).withBothCases();
    }

    private OctetSet named(String name) {
        OctetSet named = NamedClasses.find(name);
        if (named == null) {
            throw in.broken("an unknown class [:" + name + ":]");
        }
        if (in.peek() == '-' && !in.source.startsWith("-]", in.at)) {
            throw in.broken("a range that starts with a class");
        }
        return named.withBothCases();
    }

    /** A character of a bracket, which may stand in {@code [. .]} or {@code [= =]}. */
    private int member() {
        if (in.atEnd()) {
            throw in.broken("a bracket expression without end");
        }
        for (String mark : new String[] {".", "="}) {
            if (in.take("[" + mark)) {
                String name = in.takeUntil(mark + "]", "a collating element without end");
                if (name.length() != 1 || name.charAt(0) >= 0x80) {
                    throw in.broken("an unknown collating element '" + name + "'");
                }
                return raised(name.charAt(0));
            }
        }
        if (in.source.startsWith("[:", in.at)) {
            throw in.broken("a range that ends with a class");
        }
        int c = in.takeCharacter();
        if (c >= 0x80) {
            throw in.broken("characters beyond ASCII in brackets");
        }
        return raised(c);
    }

    private static int raised(int c) {
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    }
}
