package dev.weir.lua;

/**
 * What a script may use up before it gets an error that it can catch (depth, size) or not (budget, deadline).
 *
 * @param maxDepth how many Lua calls may be open in one another, per coroutine
 * @param instructions how many calls and rounds of loops one call from outside may take; {@link Long#MAX_VALUE} for any
 * @param deadlineNs how many nanoseconds one call from outside may last; {@link Long#MAX_VALUE} for any
 * @param maxStringOctets how long one string may become
 */
public record LuaLimits(int maxDepth, long instructions, long deadlineNs, int maxStringOctets) {
    /** Deep recursion is bounded, time is not: for programs that trust their scripts. */
    public static final LuaLimits GENEROUS = new LuaLimits(16_000, Long.MAX_VALUE, Long.MAX_VALUE, 1 << 30);

    public LuaLimits {
        if (maxDepth < 1 || instructions < 1 || deadlineNs < 1 || maxStringOctets < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
    }

    /** These limits with another budget of calls and rounds. */
    public LuaLimits withInstructions(long budget) {
        return new LuaLimits(maxDepth, budget, deadlineNs, maxStringOctets);
    }

    /** These limits with another time. */
    public LuaLimits withDeadlineNs(long deadline) {
        return new LuaLimits(maxDepth, instructions, deadline, maxStringOctets);
    }

    /** These limits with another depth. */
    public LuaLimits withMaxDepth(int depth) {
        return new LuaLimits(depth, instructions, deadlineNs, maxStringOctets);
    }

    /** These limits with another length of strings. */
    public LuaLimits withMaxStringOctets(int octets) {
        return new LuaLimits(maxDepth, instructions, deadlineNs, octets);
    }
}
