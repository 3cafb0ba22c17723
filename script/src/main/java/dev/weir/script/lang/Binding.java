package dev.weir.script.lang;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaState;
import dev.weir.lua.Values;
import org.jspecify.annotations.Nullable;

/** One function of an {@link Area} as Lua sees it. */
public final class Binding implements LibraryFunction.Body {
    /** Tells configuration-only functions whether they come too late. */
    public interface Phase {
        boolean configuring();

        /** Whether a function is not to be called, which is said. */
        boolean ignores(String function);

        /** Where functions report what they read otherwise than it was written. */
        Complaints whileLoading();

        /** Shows a line to whoever called. */
        void print(String line);
    }

    private final Area area;
    private final String function;
    private final boolean configurationOnly;
    private final Phase phase;

    public Binding(Area area, String function, boolean configurationOnly, Phase phase) {
        this.area = area;
        this.function = function;
        this.configurationOnly = configurationOnly;
        this.phase = phase;
    }

    @Override
    public @Nullable Object call(LuaState state, LuaArgs values) {
        if (configurationOnly && !phase.configuring()) {
            phase.print(function + " cannot be used at runtime!");
            return Values.NONE;
        }
        if (phase.ignores(function)) {
            return Values.NONE;
        }
        try {
            return area.call(function, new Args(function, values.all(), 0, phase.whileLoading()));
        } catch (Mistake e) {
            throw state.error(e.text());
        } catch (IllegalArgumentException e) {
            throw state.error(function + ": " + e.getMessage());
        }
    }
}
