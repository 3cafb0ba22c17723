package dev.weir.engine.expression;

/**
 * A regular expression that an operator wrote. Whether an octet string matches costs time linear in its length. Immutable, compared by
 * identity.
 *
 * <p>What would need backtracking is refused: back-references, look-around, and expressions whose repetitions written out are longer than
 * {@link PositionGraph#MOST_POSITIONS}.
 */
public final class Expression {
    private final String source;
    private final boolean whole;
    private final Automaton automaton;

    /** Its {@link Essentials}, here so that a comparison loads one object. */
    private final long letters;

    private final long pairsLow;
    private final long pairsHigh;

    private Expression(String source, Node parsed, boolean search) {
        this.source = source;
        this.whole = !search;
        this.automaton = new Automaton(source, new PositionGraph(source, parsed, search));
        Essentials essentials = Essentials.of(parsed, search);
        this.letters = essentials.letters();
        this.pairsLow = essentials.pairsLow();
        this.pairsHigh = essentials.pairsHigh();
    }

    /**
     * An extended one of POSIX with GNU's additions, which is looked for anywhere in a text and takes both cases of a letter as one.
     *
     * @throws BadExpression if it is none, or cannot be matched in linear time
     */
    public static Expression posix(String source) {
        return new Expression(source, PosixParser.parse(source), true);
    }

    /**
     * One of RE2, which must match the whole text and tells the cases apart unless it says {@code (?i)}.
     *
     * @throws BadExpression if it is none, or cannot be matched in linear time
     */
    public static Expression re2(String source) {
        return new Expression(source, Re2Parser.parse(source), false);
    }

    /** As the operator wrote it. */
    public String source() {
        return source;
    }

    /** Whether it must match the whole text, as those of RE2. */
    public boolean isWhole() {
        return whole;
    }

    Automaton automaton() {
        return automaton;
    }

    /** Whether the text has all that every match has; if not, there is nothing to scan. */
    boolean mayMatch(ExpressionText text) {
        return (letters & ~text.letters() | pairsLow & ~text.pairsLow() | pairsHigh & ~text.pairsHigh()) == 0;
    }
}
