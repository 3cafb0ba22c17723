package dev.weir.script.object;

import dev.weir.engine.block.DynamicBlock;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.Name;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** DynBlock: a dynamic block in force. */
public final class BlockType extends ObjectType<DynamicBlock> {
    BlockType() {
        super("DynBlock", DynamicBlock.class, "", "action blocks bpf domain reason until warning");
    }

    @Override
    protected @Nullable Object call(DynamicBlock self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected @Nullable Object get(DynamicBlock self, String attribute) {
        return switch (attribute) {
            case "action" -> ToLua.of(self.action().ordinal());
            case "blocks" -> ToLua.of((double) self.blocks());
            case "bpf" -> ToLua.of(self.inKernel());
            case "domain" -> {
                Name suffix = self.suffix();
                yield ToLua.of(suffix == null ? "" : suffix.toString());
            }
            case "reason" -> ToLua.of(self.reason());
            case "until" -> ToLua.of((double) endSeconds(self));
            case "warning" -> ToLua.of(self.warning());
            default -> throw unknown(attribute);
        };
    }

    /** Seconds since 1970. */
    private static long endSeconds(DynamicBlock block) {
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(block.endNanos() - System.nanoTime());
        return Math.round((System.currentTimeMillis() + leftMillis) / 1000.0);
    }
}
