package dev.weir.script.object;

import dev.weir.engine.policy.Policy;
import dev.weir.script.ffi.FfiChooser;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/** ServerPolicy. */
public final class PolicyType extends ObjectType<Policy> {
    PolicyType(Context context) {
        super("ServerPolicy", Policy.class, "toString", "isFFI isLua isPerThread name");
    }

    @Override
    protected @Nullable Object call(Policy self, LuaObject object, String method, Args args) {
        if (method.equals("toString")) {
            return ToLua.of(text(self));
        }
        throw unknown(method);
    }

    @Override
    protected @Nullable Object get(Policy self, String attribute) {
        return switch (attribute) {
            case "isFFI" -> ToLua.of(ffi(self) != null);
            case "isPerThread" -> {
                FfiChooser chooser = ffi(self);
                yield ToLua.of(chooser != null && chooser.perThread());
            }
            case "isLua" -> ToLua.of(self instanceof Policy.Custom);
            case "name" -> ToLua.of(self.name());
            default -> throw unknown(attribute);
        };
    }

    private static @Nullable FfiChooser ffi(Policy policy) {
        return policy instanceof Policy.Custom custom && custom.chooser() instanceof FfiChooser chooser
                ? chooser
                : null;
    }

    @Override
    protected String text(Policy self) {
        return "ServerPolicy" + (self instanceof Policy.Custom ? " (Lua)" : "") + " \"" + self.name() + "\"";
    }
}
