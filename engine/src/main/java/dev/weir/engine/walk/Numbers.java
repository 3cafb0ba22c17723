package dev.weir.engine.walk;

import org.jspecify.annotations.Nullable;

/** Numbers that operators' code hands over as text. */
final class Numbers {
    private Numbers() {}

    static int parseOr(@Nullable String text, int otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }
}
