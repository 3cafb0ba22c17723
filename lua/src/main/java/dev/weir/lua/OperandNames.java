package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/**
 * What the operands of an operator are called in the script, for messages.
 *
 * @param left the first or only one, or null
 * @param right the second one, or null
 */
public record OperandNames(
        @Nullable SiteName left, @Nullable SiteName right) {
    /** Operands without names. */
    public static final OperandNames NONE = new OperandNames(null, null);
}
