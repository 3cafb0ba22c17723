package dev.weir.script.object;

import dev.weir.engine.policy.Policy;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** ServerPolicy. */
public final class PolicyType extends ObjectType<Policy> {
    PolicyType(Context context) {
        super("ServerPolicy", Policy.class, "toString", "isFFI isLua isPerThread name");
    }

    @Override
    protected Varargs call(Policy self, LuaObject object, String method, Args args) {
        if (method.equals("toString")) {
            return LuaValue.valueOf(text(self));
        }
        throw unknown(method);
    }

    @Override
    protected LuaValue get(Policy self, String attribute) {
        return switch (attribute) {
            case "isFFI", "isPerThread" -> LuaValue.FALSE;
            case "isLua" -> LuaValue.valueOf(self instanceof Policy.Custom);
            case "name" -> LuaValue.valueOf(self.name());
            default -> throw unknown(attribute);
        };
    }

    @Override
    protected String text(Policy self) {
        return "ServerPolicy" + (self instanceof Policy.Custom ? " (Lua)" : "") + " \"" + self.name() + "\"";
    }
}
