package dev.weir.engine.block;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.Message;

/**
 * Tells of new dynamic blocks: a line for each, up to {@link #LINES} a second, and one line with the number of all others when the second is
 * over. Who floods from many addresses must not fill the disk as well. Any thread.
 */
public final class BlockLog {
    /** Blocks told one by one in a second. */
    static final int LINES = 5;

    private static final Message INSERTED = new Message(
            "dynamic-blocks",
            "Inserting dynamic block",
            "Inserting dynamic block for {block} for {seconds} seconds: {reason}");
    private static final Message WARNED = new Message(
            "dynamic-blocks",
            "Inserting (warning) dynamic block",
            "Inserting (warning) dynamic block for {block} for {seconds} seconds: {reason}");
    private static final Message MORE =
            new Message("dynamic-blocks", "Inserting more dynamic blocks", "Inserting {count} more dynamic blocks");

    private long secondNanos;
    private boolean begun;
    private int lines;
    private long untold;

    /** Tells of a new block now or later. */
    public synchronized void inserted(String key, BlockSpec block, long nowNanos) {
        turn(nowNanos);
        if (lines >= LINES) {
            untold++;
            return;
        }
        lines++;
        Log.warning(
                block.warning() ? WARNED : INSERTED,
                "block",
                key,
                "seconds",
                block.seconds(),
                "reason",
                block.reason());
    }

    /** Further new blocks whose names nobody wrote down. */
    synchronized void inserted(long more) {
        untold += more;
    }

    /** To be called several times a second: tells the number when its time has come. */
    synchronized void turn(long nowNanos) {
        if (begun && nowNanos - secondNanos < BlockSpec.SECOND_NANOS) {
            return;
        }
        begun = true;
        secondNanos = nowNanos;
        lines = 0;
        if (untold > 0) {
            Log.warning(MORE, "count", untold);
            untold = 0;
        }
    }
}
