package dev.weir.script.ffi;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.action.Result;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.block.DynamicBlock;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.ring.NameTree;
import dev.weir.lua.LuaError;
import dev.weir.lua.ffi.CArray;
import dev.weir.lua.ffi.CPointer;
import dev.weir.lua.ffi.FfiLibrary;
import dev.weir.lua.ffi.ForeignArguments;
import dev.weir.wire.Name;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToLongFunction;

/** Dynamic blocks, and the tree of names that visitors look at: {@code dnsdist_ffi_dynamic_blocks_...}, {@code ..._stat_node_...}. */
final class FfiBlocks extends FfiGroup {
    private static final Result[] ACTIONS = Result.values();
    private static final int ENTRY_OCTETS = 48;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private record Blocks(List<DynamicBlock> all) {}

    FfiBlocks(FfiLibrary library, FfiEnvironment environment) {
        super(library, environment);
        blocks();
        nodes();
    }

    private void blocks() {
        add("dynamic_blocks_add", at -> {
            try {
                Endpoint client = Endpoint.parse(text(at, 0), 0);
                BlockSpec spec = spec(at, 6);
                ClientRange range =
                        ClientRange.of(client.ip(), (int) at.integer(4), client.port(), (int) at.integer(5));
                long now = System.nanoTime();
                boolean inserted = all().insert(range, spec, now);
                if (inserted) {
                    all().log().inserted(range.toString(), spec, now);
                }
                return inserted;
            } catch (IllegalArgumentException mistake) {
                return false;
            }
        });
        add("dynamic_blocks_smt_add", at -> {
            try {
                Name suffix = Name.parse(text(at, 0));
                BlockSpec spec = spec(at, 4);
                long now = System.nanoTime();
                boolean inserted = all().insert(suffix, spec, now);
                if (inserted) {
                    all().log().inserted(suffix.toStringNoDot(), spec, now);
                }
                return inserted;
            } catch (IllegalArgumentException mistake) {
                return false;
            }
        });
        add("dynamic_blocks_get_entries", at -> listed(at, all().clients(System.nanoTime())));
        add("dynamic_blocks_smt_get_entries", at -> listed(at, all().suffixes(System.nanoTime())));
        add("dynamic_blocks_list_get", at -> {
            List<DynamicBlock> blocks = target(at, 0, Blocks.class).all();
            long index = at.integer(1);
            return index < 0 || index >= blocks.size() ? null : entry(blocks.get((int) index));
        });
        add("dynamic_blocks_list_free", at -> null);
    }

    private DynamicBlocks all() {
        return environment.engine().blocks();
    }

    /** {@code key, message, action, duration, ..., tagKey, tagValue}. */
    private static BlockSpec spec(ForeignArguments at, int tagIndex) {
        int duration = (int) Math.min(Integer.MAX_VALUE, at.integer(3));
        return new BlockSpec(
                text(at, 1), duration, action(at.integer(2)), false, text(at, tagIndex), text(at, tagIndex + 1));
    }

    private static Result action(long number) {
        if (number < 0 || number >= ACTIONS.length) {
            throw new LuaError("there is no action " + number);
        }
        return ACTIONS[(int) number];
    }

    private static int listed(ForeignArguments at, List<DynamicBlock> blocks) {
        at.storePointer(0, blocks.isEmpty() ? CPointer.NULL : CPointer.toObject(new Blocks(blocks)));
        return blocks.size();
    }

    private CPointer entry(DynamicBlock block) {
        CArray entry = CArray.of(library, ENTRY_OCTETS);
        entry.storePointer(0, string(block.key()));
        entry.storePointer(8, CPointer.toCopy(block.reason().getBytes(StandardCharsets.UTF_8)));
        entry.storePointer(16, string(block.spec().tagName()));
        entry.storePointer(24, string(block.spec().tagValue()));
        entry.storeInteger(32, 8, block.blocks());
        entry.storeInteger(40, 4, Math.max(0, (block.endNanos() - System.nanoTime()) / SECOND_NANOS));
        entry.storeInteger(44, 1, block.action().ordinal());
        entry.storeInteger(45, 1, block.inKernel() ? 1 : 0);
        entry.storeInteger(46, 1, block.warning() ? 1 : 0);
        return entry.pointer();
    }

    // ---- names

    private void nodes() {
        count("queries", NameTree.Counts::queries);
        count("noerrors", NameTree.Counts::noerrors);
        count("nxdomains", NameTree.Counts::nxdomains);
        count("servfails", NameTree.Counts::servfails);
        count("drops", NameTree.Counts::drops);
        add("stat_node_get_bytes", at -> node(at).self.bytes());
        add("stat_node_get_hits", at -> node(at).self.hits());
        add("stat_node_get_children_bytes_count", at -> node(at).subtree.bytes());
        add("stat_node_get_children_hits", at -> node(at).subtree.hits());
        add("stat_node_get_labels_count", at -> node(at).node.labels());
        add("stat_node_get_children_count", at -> node(at).node.children());
        add("stat_node_get_full_name_raw", at -> {
            // A text, of all functions with this ending: dnsdist 1.7.3 gives the node's name as Lua sees it.
            give(at, 1, 2, node(at).node.fullName().getBytes(StandardCharsets.ISO_8859_1));
            return null;
        });
        add("state_node_set_reason", at -> {
            node(at).block = node(at).block.withReason(sizedText(at, 1));
            return null;
        });
        add("state_node_set_action", at -> {
            node(at).block = node(at).block.withAction(action(at.integer(1)));
            return null;
        });
    }

    private void count(String what, ToLongFunction<NameTree.Counts> counter) {
        add("stat_node_get_" + what + "_count", at -> counter.applyAsLong(node(at).self));
        add("stat_node_get_children_" + what + "_count", at -> counter.applyAsLong(node(at).subtree));
    }

    private static StatNodeHandle node(ForeignArguments at) {
        return target(at, 0, StatNodeHandle.class);
    }
}
