package dev.weir.engine.view;

import dev.weir.engine.action.Result;
import dev.weir.engine.block.DynamicBlock;
import dev.weir.engine.block.DynamicBlocks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A dynamic block as people see it at one moment.
 *
 * @param key the client's network and ports, or the name
 * @param secondsLeft until it ends
 * @param blocks queries that it stopped, those that the kernel stopped included
 * @param warning it only tells
 * @param action what happens to queries now; the action for all where the block has none
 */
public record BlockView(
        String key, long secondsLeft, long blocks, boolean warning, Result action, boolean inKernel, String reason) {

    /**
     * Those in force, clients first, then names.
     *
     * @param nowNanos {@link System#nanoTime}
     */
    public static List<BlockView> all(DynamicBlocks blocks, long nowNanos) {
        blocks.refreshKernelHits();
        List<DynamicBlock> all = new ArrayList<>(blocks.clients(nowNanos));
        all.addAll(blocks.suffixes(nowNanos));
        return all.stream()
                .map(block -> new BlockView(
                        block.key(),
                        TimeUnit.NANOSECONDS.toSeconds(block.endNanos() - nowNanos),
                        block.blocks(),
                        block.warning(),
                        blocks.effective(block),
                        block.inKernel(),
                        block.reason()))
                .toList();
    }
}
