package dev.weir.script.object;

import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** EDNSOptionView: the values of one option of a query, in their order. */
public final class EdnsOptionType extends ObjectType<EdnsOptionType.Values> {
    public record Values(List<LuaString> all) {
        public Values() {
            this(new ArrayList<>());
        }
    }

    EdnsOptionType() {
        super("EDNSOptionView", Values.class, "count getValues", "");
    }

    @Override
    protected @Nullable Object call(Values self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "count" -> ToLua.of(self.all.size());
            case "getValues" -> LuaTable.ofList(self.all.toArray(new @Nullable Object[0]));
            default -> throw unknown(method);
        };
    }
}
