package dev.weir.script.lang;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group of global functions: their names and one method that they all end in. One class for a whole area, instead of one per function,
 * is what keeps start-up short.
 */
public interface Area {
    /** Names of the functions that may be called at any time. */
    List<String> functions();

    /** Names of those that only a configuration may call. */
    default List<String> configurationOnly() {
        return List.of();
    }

    /** Names of those that Lua does not see, for configurations in YAML. */
    default List<String> unnamed() {
        return List.of();
    }

    /** @return one value, or {@link dev.weir.lua.Values} */
    @Nullable Object call(String function, Args args);

    /** What {@link #call} ends in for a name that it does not know, which would be a mistake of ours. */
    static IllegalStateException unknown(String function) {
        return new IllegalStateException(function + " is registered and not dispatched");
    }
}
