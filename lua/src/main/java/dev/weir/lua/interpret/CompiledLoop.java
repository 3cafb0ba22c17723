package dev.weir.lua.interpret;

import org.jspecify.annotations.Nullable;

/**
 * A loop as code of the JVM, entered between two rounds. It takes the function's variables out of the slots of its frame
 * and puts those it has changed back when it is left.
 */
public abstract class CompiledLoop {
    /** For generated classes. */
    protected CompiledLoop() {}

    /**
     * Runs the rounds that are left.
     *
     * @param closure the function
     * @param frame its frame as a tree
     * @param index the value of a numeric loop's variable in the next round; else nothing
     * @param limit a numeric loop's limit
     * @param step a numeric loop's step
     * @return as a statement of the tree does: null to go on behind the loop
     */
    public abstract @Nullable Object run(LuaClosure closure, Frame frame, double index, double limit, double step);
}
