package dev.weir.script.lang;

import org.luaj.vm2.LuaError;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;

/** One function of an {@link Area} as Lua sees it. */
public final class Binding extends VarArgFunction {
    /** Tells configuration-only functions whether they come too late. */
    public interface Phase {
        boolean configuring();

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
    public Varargs invoke(Varargs values) {
        if (configurationOnly && !phase.configuring()) {
            phase.print(function + " cannot be used at runtime!");
            return NONE;
        }
        try {
            return area.call(function, new Args(function, values, 0, phase.whileLoading()));
        } catch (IllegalArgumentException e) {
            throw new LuaError(function + ": " + e.getMessage());
        }
    }

    @Override
    public String tojstring() {
        return "function: " + function;
    }
}
