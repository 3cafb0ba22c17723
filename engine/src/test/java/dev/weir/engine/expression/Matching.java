package dev.weir.engine.expression;

/** What tests ask of expressions. */
final class Matching {
    private static final int LONGEST = 2_000;

    private Matching() {}

    static ExpressionText text(String text) {
        ExpressionText octets = new ExpressionText(LONGEST);
        octets.append(text);
        octets.finish();
        return octets;
    }

    static boolean matches(Expression expression, String text) {
        return new Scanners().matches(expression, text(text));
    }
}
