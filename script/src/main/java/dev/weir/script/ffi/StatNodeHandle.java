package dev.weir.script.ffi;

import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.ring.NameTree;

/** What a {@code dnsdist_ffi_stat_node_t *} points to while a visitor looks at it. */
final class StatNodeHandle {
    final NameTree.Node node;
    final NameTree.Counts self;
    final NameTree.Counts subtree;

    /** The block that it comes to if the visitor says so. */
    BlockSpec block;

    StatNodeHandle(NameTree.Node node, NameTree.Counts self, NameTree.Counts subtree, BlockSpec usual) {
        this.node = node;
        this.self = self;
        this.subtree = subtree;
        this.block = usual;
    }
}
