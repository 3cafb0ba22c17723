package dev.weir.engine.expression;

import java.util.WeakHashMap;

/**
 * One thread's scanners, which come and go with their expressions. Together they take no more than {@link #MOST_MEMORY}: when that is
 * reached, their tables stop growing and are filled anew instead.
 */
public final class Scanners {
    /** Octets of all tables of a thread. */
    static final long MOST_MEMORY = 16 << 20;

    /** How often growth may be refused before it is looked whether scanners are gone. */
    private static final int REFUSALS_PER_COUNT = 1_024;

    private final WeakHashMap<Expression, Scanner> scanners = new WeakHashMap<>();
    private long memory;
    private int refusals;

    /** Whether the expression matches. */
    public boolean matches(Expression expression, ExpressionText text) {
        return expression.mayMatch(text) && scan(expression, text);
    }

    /** The same without first looking for what every match has; for tests and benchmarks. */
    public boolean scan(Expression expression, ExpressionText text) {
        return scanner(expression).matches(text.octets(), text.length());
    }

    /** This thread's scanner for an expression. */
    Scanner scanner(Expression expression) {
        Scanner scanner = scanners.get(expression);
        if (scanner == null) {
            scanner = new Scanner(expression.automaton(), this);
            scanners.put(expression, scanner);
        }
        return scanner;
    }

    void grew(long octets) {
        memory += octets;
    }

    boolean mayGrow(long octets) {
        if (memory + octets > MOST_MEMORY && refusals++ % REFUSALS_PER_COUNT == 0) {
            memory = 0;
            for (Scanner one : scanners.values()) {
                memory += one.memory();
            }
        }
        if (memory + octets > MOST_MEMORY) {
            return false;
        }
        memory += octets;
        return true;
    }

    /** Octets that the tables take, those of expressions that are gone included until somebody needs the room. */
    long memory() {
        return memory;
    }
}
