package dev.weir.gate.guard;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a guard; what is null stays as the guard that is replaced was told.
 *
 * @param fresh whether what that was told is forgotten
 */
public record AskedOptions(
        @Nullable Set<Integer> ports,
        @Nullable Boolean passUnanswerable,
        @Nullable Boolean anyIs255,
        boolean fresh) {
    /** Everything as it was. */
    public static final AskedOptions NONE = new AskedOptions(null, null, null, false);

    GuardOptions after(GuardOptions before) {
        GuardOptions base = fresh ? GuardOptions.DEFAULT : before;
        return new GuardOptions(
                ports == null ? base.ports() : ports,
                passUnanswerable == null ? base.passUnanswerable() : passUnanswerable,
                anyIs255 == null ? base.anyIs255() : anyIs255);
    }
}
