package dev.weir.app;

import dev.weir.lua.LuaError;
import dev.weir.lua.LuaLimits;
import dev.weir.lua.LuaState;
import dev.weir.lua.standard.StandardLua;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether what was typed at a console is the beginning of a chunk of Lua or of an expression, and neither as a whole: a function without its
 * {@code end}, an open bracket or a long text. It is read only, never run. One thread.
 */
final class UnfinishedLua implements Predicate<String> {
    private @Nullable LuaState world;

    @Override
    public boolean test(String typed) {
        // With the end of the line that Enter stands for: a text in quotes ends there, if badly.
        boolean more = endsTooEarly(typed + '\n') || endsTooEarly("return " + typed + '\n');
        return more && !typed.isBlank() && !isRight("return (" + typed + "\n)");
    }

    private boolean endsTooEarly(String text) {
        try {
            read(text);
            return false;
        } catch (LuaError e) {
            return e.endsTooEarly();
        }
    }

    private boolean isRight(String text) {
        try {
            read(text);
            return true;
        } catch (LuaError e) {
            return false;
        }
    }

    private void read(String text) {
        LuaState open = world;
        if (open == null) {
            open = StandardLua.open(StandardLua.processStreams(), LuaLimits.GENEROUS);
            world = open;
        }
        var _ = open.load(text, "=console");
    }
}
