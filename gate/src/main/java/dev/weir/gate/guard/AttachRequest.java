package dev.weir.gate.guard;

import dev.weir.gate.table.Table;
import java.util.Map;

/**
 * How to attach a guard.
 *
 * @param sizes room in tables that are made; those without one get the program's own numbers. Tables that are there already keep theirs
 */
public record AttachRequest(AttachMode mode, AskedOptions options, Map<Table, Integer> sizes, Strangers strangers) {
    /** What becomes of a program on the device that is not ours. */
    public enum Strangers {
        /** It stays, and no guard comes. */
        STAY,
        /** It goes. */
        GO,
        /** The guard comes before it, and hands on what passes; it is back in its place when the guard goes. */
        FOLLOW
    }

    public AttachRequest {
        sizes = Map.copyOf(sizes);
    }

    /** In the driver if it can, strangers stay, and the options of the guard that is replaced, if there is one. */
    public static final AttachRequest DEFAULT =
            new AttachRequest(AttachMode.AUTO, AskedOptions.NONE, Map.of(), Strangers.STAY);
}
