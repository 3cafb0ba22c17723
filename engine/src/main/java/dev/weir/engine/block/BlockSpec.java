package dev.weir.engine.block;

import dev.weir.engine.action.Result;

/**
 * Describes a block before it is inserted.
 *
 * @param seconds how long it stays
 * @param action what happens to a query; {@link Result#NONE}: what {@code setDynBlocksAction} says at that moment
 * @param warning whether it only shows that a limit is near; its action is {@link Result#NO_OP}
 * @param tagName of {@link Result#SET_TAG}
 * @param tagValue of {@link Result#SET_TAG}
 */
public record BlockSpec(String reason, int seconds, Result action, boolean warning, String tagName, String tagValue) {
    static final long SECOND_NANOS = 1_000_000_000L;

    public static BlockSpec of(String reason, int seconds, Result action) {
        return new BlockSpec(reason, seconds, action, false, "", "");
    }

    /** The block that a warning inserts in place of this one. */
    public BlockSpec asWarning() {
        return new BlockSpec(reason, seconds, Result.NO_OP, true, "", "");
    }

    public BlockSpec withReason(String newReason) {
        return new BlockSpec(newReason, seconds, action, warning, tagName, tagValue);
    }

    public BlockSpec withAction(Result newAction) {
        return new BlockSpec(reason, seconds, newAction, warning, tagName, tagValue);
    }

    long endNanos(long nowNanos) {
        return nowNanos + seconds * SECOND_NANOS;
    }
}
