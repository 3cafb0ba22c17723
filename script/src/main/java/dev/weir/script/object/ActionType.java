package dev.weir.script.object;

import dev.weir.engine.action.Action;
import dev.weir.engine.action.LogAction;
import dev.weir.engine.action.TeeAction;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** DNSAction: what a query rule does. */
public final class ActionType extends ObjectType<Action> {
    private final Context context;

    ActionType(Context context) {
        super("DNSAction", Action.class, "getStats printStats reload", "");
        this.context = context;
    }

    @Override
    protected @Nullable Object call(Action self, LuaObject object, String method, Args args) {
        switch (method) {
            case "getStats" -> {
                LuaTable table = new LuaTable();
                stats(self).forEach((key, value) -> table.put(key, ToLua.of(value)));
                return table;
            }
            case "printStats" -> stats(self).forEach((key, value) -> context.print(key + "\t" + value));
            case "reload" -> {
                if (self instanceof LogAction log) {
                    log.log().reload();
                }
            }
            default -> throw unknown(method);
        }
        return Values.NONE;
    }

    /** Only tee actions count. */
    private static Map<String, Long> stats(Action action) {
        return action instanceof TeeAction tee ? tee.copier().counts().all() : Map.of();
    }

    @Override
    protected String text(Action self) {
        return self.text();
    }
}
