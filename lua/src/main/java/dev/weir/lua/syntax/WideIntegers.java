package dev.weir.lua.syntax;

import org.jspecify.annotations.Nullable;

/** Makes the values of literals that are no Lua numbers: {@code 1LL}, {@code 1ULL}, {@code 1i}. */
public interface WideIntegers {
    /** The value of an integer of 64 bits; null to refuse it. */
    @Nullable Object of(long bits, boolean unsigned);

    /** The value of an imaginary number; null to refuse it. */
    default @Nullable Object imaginary(double number) {
        return null;
    }
}
