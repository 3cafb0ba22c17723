package dev.weir.lua.syntax;

import dev.weir.lua.LuaString;

/** A label of a block: what a {@code goto} goes to. */
public final class LabelTarget {
    private final LuaString name;
    private boolean used;

    LabelTarget(LuaString name) {
        this.name = name;
    }

    /** Its name. */
    public LuaString name() {
        return name;
    }

    /** Whether there is a {@code goto} to it. */
    public boolean used() {
        return used;
    }

    void use() {
        used = true;
    }
}
