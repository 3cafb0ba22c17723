package dev.weir.lua.interpret;

import org.jspecify.annotations.Nullable;

/** A statement that can be executed. */
public abstract class StatNode {
    /** The loop around is to end. */
    static final Object BREAK = new Object();

    /** The function returns what is in {@link Frame#result}. */
    static final Object RETURN = new Object();

    /** The line on which it begins. */
    final int line;

    StatNode(int line) {
        this.line = line;
    }

    /**
     * Executes it.
     *
     * @return null to go on, {@link #BREAK}, {@link #RETURN}, or the {@link dev.weir.lua.syntax.LabelTarget} to go to
     */
    abstract @Nullable Object exec(Frame frame);
}
