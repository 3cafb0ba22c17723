package dev.weir.lua.standard;

import org.jspecify.annotations.Nullable;

/** Where an interactive user types. */
@FunctionalInterface
public interface LuaPrompt {
    /**
     * Asks for a line.
     *
     * @param prompt what to show before it
     * @return the line without its end; null when there are no more
     */
    @Nullable String readLine(String prompt);
}
