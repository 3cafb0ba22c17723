package dev.weir.lua.pattern;

/** Where a matcher accounts for its work, so that whoever bounds a script's time bounds that of its patterns too. */
@FunctionalInterface
public interface StepCounter {
    /** Notes that this many comparisons were made; may throw to end the match. */
    void spend(int steps);
}
