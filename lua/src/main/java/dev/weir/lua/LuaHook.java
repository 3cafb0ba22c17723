package dev.weir.lua;

import org.jspecify.annotations.Nullable;

/**
 * What {@code debug.sethook} sets.
 *
 * @param function what is called with the event's name and, for lines, the number
 * @param onCall whether calls are told
 * @param onReturn whether returns are told
 * @param onLine whether new lines are told
 * @param count after how many steps a count is told; 0 for never
 */
public record LuaHook(LuaFunction function, boolean onCall, boolean onReturn, boolean onLine, int count) {
    /** Calls the function, during which no hook is told anything. */
    void tell(LuaState state, String event, @Nullable Object argument) {
        state.telling(true);
        try {
            function.call(state.name(event), argument);
        } finally {
            state.telling(false);
        }
    }
}
