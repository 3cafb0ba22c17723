package dev.weir.script.lang;

import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaArgs;
import dev.weir.lua.LuaState;
import dev.weir.lua.Values;
import java.util.List;
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

        /** Where calls are written down; {@code null}: nowhere. */
        @Nullable Journal journal();

        /** The {@code file:line} that is being executed; empty if it is not known. */
        String place();
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
        @Nullable Object[] all = values.all();
        Args args = new Args(function, all, 0, phase.whileLoading());
        Journal journal = phase.journal();
        try {
            return journal == null ? area.call(function, args) : noted(journal, all, args);
        } catch (Mistake e) {
            throw state.error(e.text());
        } catch (IllegalArgumentException e) {
            throw state.error(function + ": " + e.getMessage());
        }
    }

    private @Nullable Object noted(Journal journal, @Nullable Object[] all, Args args) {
        List<@Nullable Object> arguments = Journal.arguments(all, 0);
        @Nullable Object result = area.call(function, args);
        journal.note(new Journal.Call(function, null, arguments, result, phase.place()));
        return result;
    }
}
