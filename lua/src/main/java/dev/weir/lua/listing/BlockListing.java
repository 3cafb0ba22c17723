package dev.weir.lua.listing;

import dev.weir.engine.action.Result;
import dev.weir.engine.block.DynamicBlock;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.block.GroupText;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What {@code showDynBlocks()} prints: blocked clients, then blocked names. */
public final class BlockListing {
    private static final Columns COLUMNS = new Columns("-24 8 8 -10 -20 -10 0");

    private BlockListing() {}

    /** @param nowNanos {@link System#nanoTime} */
    public static String show(DynamicBlocks blocks, long nowNanos) {
        blocks.refreshKernelHits();
        StringBuilder text = new StringBuilder();
        COLUMNS.line(text, "What", "Seconds", "Blocks", "Warning", "Action", "eBPF", "Reason");
        lines(text, blocks, blocks.clients(nowNanos), nowNanos);
        lines(text, blocks, blocks.suffixes(nowNanos), nowNanos);
        return text.toString();
    }

    private static void lines(StringBuilder text, DynamicBlocks blocks, List<DynamicBlock> all, long nowNanos) {
        for (DynamicBlock block : all) {
            Result action = blocks.effective(block);
            COLUMNS.line(
                    text,
                    block.key(),
                    TimeUnit.NANOSECONDS.toSeconds(block.endNanos() - nowNanos),
                    block.blocks(),
                    block.warning(),
                    GroupText.of(action),
                    block.inKernel() ? "*" : "",
                    block.reason());
        }
    }
}
