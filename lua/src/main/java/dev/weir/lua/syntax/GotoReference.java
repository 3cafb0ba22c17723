package dev.weir.lua.syntax;

import dev.weir.lua.LuaString;
import org.jspecify.annotations.Nullable;

/** What a {@code goto} refers to; the label is found when the block ends that has it. */
public final class GotoReference {
    private final @Nullable LuaString name;
    private final int line;
    private int activeLocals;
    private @Nullable LabelTarget target;

    /** A reference to a label, or to the end of the loop around if there is no name. */
    GotoReference(@Nullable LuaString name, int line, int activeLocals) {
        this.name = name;
        this.line = line;
        this.activeLocals = activeLocals;
    }

    @Nullable LuaString name() {
        return name;
    }

    int line() {
        return line;
    }

    int activeLocals() {
        return activeLocals;
    }

    void leaveBlock(int outerLocals) {
        activeLocals = Math.min(activeLocals, outerLocals);
    }

    void resolve(LabelTarget found) {
        target = found;
        found.use();
    }

    /** The label. */
    public LabelTarget target() {
        LabelTarget found = target;
        if (found == null) {
            throw new IllegalStateException("no label " + name);
        }
        return found;
    }
}
