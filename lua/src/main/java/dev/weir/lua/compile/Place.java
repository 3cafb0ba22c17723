package dev.weir.lua.compile;

import org.jspecify.annotations.Nullable;

/** Where the value of an expression is, once the code for it has run. Slots are locals of the JVM. */
sealed interface Place {
    /** A number known to the compiler. */
    record Known(double value) implements Place {}

    /** Another constant, nil among them. */
    record Constant(@Nullable Object value) implements Place {}

    /** A double. */
    record Real(int slot) implements Place {}

    /** A whole number as a long. */
    record Whole(int slot) implements Place {}

    /** A double, if the object is {@link Operations#NUMBER}; else the object. */
    record Dual(int realSlot, int objectSlot) implements Place {}

    /** An object. */
    record Plain(int slot) implements Place {}

    /** Whether the value is a number for certain. */
    default boolean isNumber() {
        return this instanceof Known || this instanceof Real || this instanceof Whole;
    }
}
