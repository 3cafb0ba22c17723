package dev.weir.engine.block;

import dev.weir.engine.ring.NameTree;
import dev.weir.engine.ring.RingCursor;
import dev.weir.engine.ring.Rings;
import dev.weir.engine.rule.SuffixSet;
import dev.weir.wire.Name;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all names that were answered lately, and at those above them, and blocks what its visitor says.
 *
 * @param seconds how far back it looks
 * @param block for the names; the visitor may change it
 */
public record SuffixRule(int seconds, BlockSpec block, Visitor visitor) {
    /** Judges a name. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * @param self what was counted for exactly this name
         * @param subtree what was counted for this name and all names below
         * @param usual the rule's block
         * @return the block to insert, {@code null} for none
         */
        @Nullable BlockSpec visit(NameTree.Node node, NameTree.Counts self, NameTree.Counts subtree, BlockSpec usual);
    }

    /** @param tree for the names; what it holds is forgotten */
    void evaluate(Rings rings, NameTree tree, SuffixSet excluded, long nowNanos, BiConsumer<Name, BlockSpec> guilty) {
        tree.clear();
        RingCursor responses = rings.responses();
        tree.addAll(responses.since(nowNanos - seconds * BlockSpec.SECOND_NANOS));
        boolean anyExcluded = excluded.size() > 0;
        tree.visit((node, self, subtree) -> {
            BlockSpec wanted = visitor.visit(node, self, subtree, block);
            if (wanted == null) {
                return;
            }
            byte[] wire = node.toWire();
            Name name = Name.ofWire(wire, 0, wire.length);
            if (!anyExcluded || !excluded.match(name)) {
                guilty.accept(name, wanted);
            }
        });
    }
}
