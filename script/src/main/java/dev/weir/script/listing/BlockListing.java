package dev.weir.script.listing;

import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.block.GroupText;
import dev.weir.engine.view.BlockView;

/** What {@code showDynBlocks()} prints: blocked clients, then blocked names. */
public final class BlockListing {
    private static final Columns COLUMNS = new Columns("-24 8 8 -10 -20 -10 0");

    private BlockListing() {}

    /** @param nowNanos {@link System#nanoTime} */
    public static String show(DynamicBlocks blocks, long nowNanos) {
        StringBuilder text = new StringBuilder();
        COLUMNS.line(text, "What", "Seconds", "Blocks", "Warning", "Action", "eBPF", "Reason");
        for (BlockView block : BlockView.all(blocks, nowNanos)) {
            COLUMNS.line(
                    text,
                    block.key(),
                    block.secondsLeft(),
                    block.blocks(),
                    block.warning(),
                    GroupText.of(block.action()),
                    block.inKernel() ? "*" : "",
                    block.reason());
        }
        return text.toString();
    }
}
