package dev.weir.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How loading a configuration ended.
 *
 * @param error why it can't be used; {@code null} if it can
 * @param complaints mistakes that do not stop it, each {@code file:line: function: message}; they have been logged
 */
public record LoadResult(@Nullable ConfigError error, List<String> complaints) {
    /**
     * What stopped a configuration.
     *
     * @param line 0 if it is not known
     */
    public record ConfigError(String file, int line, String message) {
        /** {@code file:line: message}. */
        @Override
        public String toString() {
            return file + (line > 0 ? ":" + line : "") + ": " + message;
        }
    }

    public boolean usable() {
        return error == null;
    }
}
