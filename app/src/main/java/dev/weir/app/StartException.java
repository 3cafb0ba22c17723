package dev.weir.app;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Weir cannot start as configured. Whoever throws it has logged nothing: {@link Daemon} logs it, once.
 *
 * <p>The message is the fixed text of the log line; {@link #pairs} are its keys and values, such as {@code path},
 * {@code line} and {@code error}.
 */
final class StartException extends Exception {
    private final transient @Nullable Object[] pairs;

    StartException(String text, @Nullable Object... pairs) {
        super(text);
        this.pairs = pairs;
    }

    @Nullable Object[] pairs() {
        return pairs;
    }

    /** For people: what was wrong, such as {@code dnsdist.conf:9: unexpected symbol near '<eof>'}, or the text where nothing else is known. */
    String words() {
        int error = Arrays.asList(pairs).indexOf("error");
        return error >= 0 && error + 1 < pairs.length ? String.valueOf(pairs[error + 1]) : String.valueOf(getMessage());
    }
}
