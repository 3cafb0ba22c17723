package dev.weir.lua.interpret;

import org.jspecify.annotations.Nullable;

/** A local that functions inside use too: it lives as long as any of them. */
public final class UpvalueCell {
    /** The variable's value. */
    public @Nullable Object value;

    /** A variable with a value. */
    public UpvalueCell(@Nullable Object value) {
        this.value = value;
    }
}
