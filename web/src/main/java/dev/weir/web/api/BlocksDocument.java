package dev.weir.web.api;

import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.view.BlockView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /jsonstat?command=dynblocklist} and {@code ebpfblocklist}: dynamic blocks by client or suffix. */
final class BlocksDocument {
    private BlocksDocument() {}

    /** @param nowNanos {@link System#nanoTime} */
    static Map<String, Object> all(DynamicBlocks blocks, long nowNanos) {
        Map<String, Object> rows = new LinkedHashMap<>();
        for (BlockView block : BlockView.all(blocks, nowNanos)) {
            rows.put(block.key(), row(block, true));
        }
        return rows;
    }

    /** Those that the kernel enforces. */
    static Map<String, Object> inKernel(DynamicBlocks blocks, long nowNanos) {
        Map<String, Object> rows = new LinkedHashMap<>();
        List<BlockView> all = BlockView.all(blocks, nowNanos);
        all.stream().filter(BlockView::inKernel).forEach(block -> rows.put(block.key(), row(block, false)));
        return rows;
    }

    private static Map<String, @Nullable Object> row(BlockView block, boolean saysWhere) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("reason", block.reason());
        row.put("seconds", block.secondsLeft());
        row.put("blocks", block.blocks());
        row.put("action", block.action().luaName());
        row.put("warning", block.warning());
        if (saysWhere) {
            row.put("ebpf", block.inKernel());
        }
        return row;
    }
}
