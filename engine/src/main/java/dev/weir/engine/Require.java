package dev.weir.engine;

import org.jspecify.annotations.Nullable;

/** States what the walk's order guarantees, where the type can't. */
final class Require {
    private Require() {}

    static <T> T notNull(@Nullable T thing) {
        if (thing == null) {
            throw new IllegalStateException("asked for before the walk has set it");
        }
        return thing;
    }
}
