package dev.weir.gate.guard;

import dev.weir.gate.GuardOptions;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What is asked of a guard.
 *
 * @param changes to what the guard that is replaced was told, in turn
 * @param fresh whether what that was told is forgotten
 */
public record AskedOptions(List<UnaryOperator<GuardOptions>> changes, boolean fresh) {
    /** Everything as it was. */
    public static final AskedOptions NONE = new AskedOptions(List.of(), false);

    public AskedOptions {
        changes = List.copyOf(changes);
    }

    GuardOptions after(GuardOptions before) {
        GuardOptions options = fresh ? GuardOptions.DEFAULT : before;
        for (UnaryOperator<GuardOptions> change : changes) {
            options = change.apply(options);
        }
        return options;
    }
}
