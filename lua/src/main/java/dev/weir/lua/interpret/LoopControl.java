package dev.weir.lua.interpret;

import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaState;
import org.jspecify.annotations.Nullable;

/** What numeric loops do once, before their first round. */
public final class LoopControl {
    private LoopControl() {}

    /**
     * A bound of a loop as a number.
     *
     * @param what {@code initial}, {@code limit} or {@code step}
     */
    public static double number(LuaState state, @Nullable Object value, String what) {
        Double number = LuaNumber.coerce(value);
        if (number == null) {
            String named = what.equals("initial") ? "initial value" : what;
            throw state.errorHere("'for' " + named + " must be a number");
        }
        return number;
    }
}
