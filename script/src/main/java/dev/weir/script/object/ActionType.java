package dev.weir.script.object;

import dev.weir.engine.action.Action;
import dev.weir.engine.action.LogAction;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.jspecify.annotations.Nullable;

/** DNSAction: what a query rule does. */
public final class ActionType extends ObjectType<Action> {
    ActionType() {
        super("DNSAction", Action.class, "getStats printStats reload", "");
    }

    @Override
    protected @Nullable Object call(Action self, LuaObject object, String method, Args args) {
        switch (method) {
            case "getStats" -> {
                return new LuaTable(); // only tee actions count
            }
            case "printStats" -> {}
            case "reload" -> {
                if (self instanceof LogAction log) {
                    log.log().reload();
                }
            }
            default -> throw unknown(method);
        }
        return Values.NONE;
    }

    @Override
    protected String text(Action self) {
        return self.text();
    }
}
