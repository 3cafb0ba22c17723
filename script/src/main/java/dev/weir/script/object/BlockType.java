package dev.weir.script.object;

import dev.weir.engine.block.DynamicBlock;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.wire.Name;
import java.util.concurrent.TimeUnit;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** DynBlock: a dynamic block in force. */
public final class BlockType extends ObjectType<DynamicBlock> {
    BlockType() {
        super("DynBlock", DynamicBlock.class, "", "action blocks bpf domain reason until warning");
    }

    @Override
    protected Varargs call(DynamicBlock self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected LuaValue get(DynamicBlock self, String attribute) {
        return switch (attribute) {
            case "action" -> LuaValue.valueOf(self.action().ordinal());
            case "blocks" -> LuaValue.valueOf((double) self.blocks());
            case "bpf" -> LuaValue.valueOf(self.inKernel());
            case "domain" -> {
                Name suffix = self.suffix();
                yield LuaValue.valueOf(suffix == null ? "" : suffix.toString());
            }
            case "reason" -> LuaValue.valueOf(self.reason());
            case "until" -> LuaValue.valueOf((double) endSeconds(self));
            case "warning" -> LuaValue.valueOf(self.warning());
            default -> throw unknown(attribute);
        };
    }

    /** Seconds since 1970. */
    private static long endSeconds(DynamicBlock block) {
        long leftMillis = TimeUnit.NANOSECONDS.toMillis(block.endNanos() - System.nanoTime());
        return Math.round((System.currentTimeMillis() + leftMillis) / 1000.0);
    }
}
