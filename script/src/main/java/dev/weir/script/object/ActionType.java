package dev.weir.script.object;

import dev.weir.engine.action.Action;
import dev.weir.engine.action.LogAction;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** DNSAction: what a query rule does. */
public final class ActionType extends ObjectType<Action> {
    ActionType() {
        super("DNSAction", Action.class, "getStats printStats reload", "");
    }

    @Override
    protected Varargs call(Action self, LuaObject object, String method, Args args) {
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
        return LuaValue.NONE;
    }

    @Override
    protected String text(Action self) {
        return self.text();
    }
}
