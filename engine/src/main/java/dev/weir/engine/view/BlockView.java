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
 * @param ofName the key is a name, which stands for all below it too
 * @param secondsLeft until it ends
 * @param blocks queries that it stopped, those that the kernel stopped included
 * @param kernelBlocks those of them that the kernel stopped
 * @param warning it only tells
 * @param action what happens to queries now; the action for all where the block has none
 */
public record BlockView(
        String key,
        boolean ofName,
        long secondsLeft,
        long blocks,
        long kernelBlocks,
        boolean warning,
        Result action,
        boolean inKernel,
        String reason) {

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
                        block.suffix() != null,
                        TimeUnit.NANOSECONDS.toSeconds(block.endNanos() - nowNanos),
                        block.blocks(),
                        block.kernelBlocks(),
                        block.warning(),
                        blocks.effective(block),
                        block.inKernel(),
                        block.reason()))
                .toList();
    }
}
