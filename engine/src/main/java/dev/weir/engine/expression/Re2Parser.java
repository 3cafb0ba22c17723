package dev.weir.engine.expression;

import java.util.ArrayList;
import java.util.List;

/**
 * Expressions in the syntax of RE2, as far as they can match octets of ASCII: names in presentation form have no others. Greed and names of
 * groups make no difference to whether something matches.
 *
 * @see <a href="https://github.com/google/re2/wiki/Syntax">RE2's syntax</a>
 */
final class Re2Parser {
    private static final int MOST_REPETITIONS = 1_000;
    private static final OctetSet NOT_LINE_FEED = OctetSet.of('\n').not();

    private final ParserInput in;
    private boolean anyCase;
    private boolean dotTakesAll;
    private int openGroups;

    private Re2Parser(String source) {
        in = new ParserInput(source);
    }

    static Node parse(String source) {
        return new Re2Parser(source).choice();
    }

    private Node choice() {
        boolean outerCase = anyCase;
        boolean outerDot = dotTakesAll;
        List<Node> branches = new ArrayList<>();
        do {
            branches.add(branch());
        } while (in.take("|"));
        anyCase = outerCase;
        dotTakesAll = outerDot;
        return Node.choice(branches);
    }

    private Node branch() {
        List<Node> parts = new ArrayList<>();
        boolean repeatable = false;
        while (!in.atEnd() && in.peek() != '|' && in.peek() != ')') {
            int start = in.at;
            Node.Repeat bounds = quantifier();
            if (bounds == null) {
                int before = parts.size();
                atoms(parts);
                repeatable = parts.size() > before;
                continue;
            }
            if (!repeatable) {
                throw in.broken("nothing to repeat with " + in.source.substring(start, in.at));
            }
            parts.add(new Node.Repeat(parts.removeLast(), bounds.least(), bounds.most()));
            repeatable = false;
        }
        if (in.peek() == ')' && openGroups == 0) {
            throw in.broken("a parenthesis that closes no group");
        }
        return Node.sequence(parts);
    }

    /** The next quantifier with nothing in it; {@code null} if none is next. A brace that begins none is a character. */
    private Node.@org.jspecify.annotations.Nullable Repeat quantifier() {
        int least;
        int most;
        int start = in.at;
        if (in.take("*")) {
            least = 0;
            most = Node.UNBOUNDED;
        } else if (in.take("+")) {
            least = 1;
            most = Node.UNBOUNDED;
        } else if (in.take("?")) {
            least = 0;
            most = 1;
        } else if (in.take("{")) {
            least = in.takeNumber();
            boolean range = in.take(",");
            int second = range ? in.takeNumber() : least;
            if (least < 0 || !in.take("}")) {
                in.at = start;
                return null;
            }
            most = second < 0 ? Node.UNBOUNDED : second;
            if (least > MOST_REPETITIONS || second > MOST_REPETITIONS) {
                throw in.broken("more than " + MOST_REPETITIONS + " repetitions");
            }
            if (least > most) {
                throw in.broken("a bound whose first number is larger");
            }
        } else {
            return null;
        }
        in.take("?");
        return new Node.Repeat(new Node.Empty(), least, most);
    }

    /** Takes what can be repeated, or a change of flags, which adds nothing. */
    private void atoms(List<Node> parts) {
        int c = in.takeCharacter();
        switch (c) {
            case '^' -> parts.add(new Node.Assertion(Node.TEXT_START));
            case '$' -> parts.add(new Node.Assertion(Node.TEXT_END));
            case '.' -> parts.add(new Node.Octet(dotTakesAll ? OctetSet.ALL : NOT_LINE_FEED));
            case '[' -> parts.add(new Node.Octet(bracket()));
            case '\\' -> escape(parts);
            case '(' -> {
                if (in.take("?")) {
                    afterQuestionMark(parts);
                } else {
                    parts.add(group());
                }
            }
            default -> parts.add(Node.character(c, anyCase));
        }
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

    private void afterQuestionMark(List<Node> parts) {
        if (in.take("=") || in.take("!") || in.take("<=") || in.take("<!")) {
            throw in.broken("look-around cannot be matched in linear time");
        }
        if (in.take("P<") || in.take("<")) {
            String name = in.takeUntil(">", "a group's name without end");
            if (name.isEmpty() || !name.chars().allMatch(c -> c < 0x80 && OctetSet.WORD.contains(c))) {
                throw in.broken("a group named '" + name + "'");
            }
            parts.add(group());
            return;
        }
        boolean outerCase = anyCase;
        boolean outerDot = dotTakesAll;
        flags();
        if (in.take(":")) {
            parts.add(group());
            anyCase = outerCase;
            dotTakesAll = outerDot;
        } else if (!in.take(")")) {
            throw in.broken("a group of unknown kind");
        }
    }

    /** Flags before a colon or a parenthesis. Names have no lines, so that {@code m} changes nothing. */
    private void flags() {
        boolean on = true;
        while (in.peek() != ':' && in.peek() != ')') {
            if (in.atEnd()) {
                throw in.broken("a group without end");
            }
            switch (in.takeCharacter()) {
                case 'i' -> anyCase = on;
                case 's' -> dotTakesAll = on;
                case 'm', 'U' -> {}
                case '-' -> {
                    if (!on) {
                        throw in.broken("a group of unknown kind");
                    }
                    on = false;
                }
                default -> throw in.broken("a group of unknown kind");
            }
        }
    }

    private void escape(List<Node> parts) {
        if (in.take("Q")) {
            int end = in.source.indexOf("\\E", in.at);
            int stop = end < 0 ? in.source.length() : end;
            while (in.at < stop) {
                parts.add(Node.character(in.takeCharacter(), anyCase));
            }
            in.take("\\E");
        } else if (in.take("b")) {
            parts.add(new Node.Assertion(Node.WORD_EDGE));
        } else if (in.take("B")) {
            parts.add(new Node.Assertion(Node.NO_WORD_EDGE));
        } else if (in.take("A")) {
            parts.add(new Node.Assertion(Node.TEXT_START));
        } else if (in.take("z")) {
            parts.add(new Node.Assertion(Node.TEXT_END));
        } else if (in.take("C")) {
            parts.add(new Node.Octet(OctetSet.ALL));
        } else {
            OctetSet set = Re2Escapes.classAfterBackslash(in);
            if (set != null) {
                parts.add(new Node.Octet(anyCase ? set.withBothCases() : set));
            } else {
                parts.add(Node.character(Re2Escapes.characterAfterBackslash(in), anyCase));
            }
        }
    }

    /** What stands behind an opening bracket. */
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
            if (in.peek() == '\\') {
                in.at++;
                OctetSet escaped = Re2Escapes.classAfterBackslash(in);
                if (escaped != null) {
                    set = set.or(escaped);
                    continue;
                }
                in.at--;
            }
            int low = member();
            int high = low;
            if (in.peek() == '-' && !in.source.startsWith("-]", in.at)) {
                in.at++;
                high = member();
                if (high < low) {
                    throw in.broken("a range that ends before it starts");
                }
            }
            set = set.or(OctetSet.range(low, Math.min(high, 0x7f)));
        }
        in.at++;
        set = anyCase ? set.withBothCases() : set;
        return negated ? set.not() : set;
    }

    private OctetSet named(String name) {
        boolean not = name.startsWith("^");
        String plain = not ? name.substring(1) : name;
        OctetSet set = plain.equals("word") ? OctetSet.WORD : NamedClasses.find(plain);
        if (set == null) {
            throw in.broken("an unknown class [:" + name + ":]");
        }
        return not ? set.not() : set;
    }

    private int member() {
        if (in.atEnd()) {
            throw in.broken("a bracket expression without end");
        }
        return in.take("\\") ? Re2Escapes.characterAfterBackslash(in) : in.takeCharacter();
    }
}
