package dev.weir.engine.expression;

/** Why a text is no expression, or none that can be matched in linear time. */
public final class BadExpression extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    BadExpression(String source, String why) {
        super("'" + source + "': " + why);
    }
}
