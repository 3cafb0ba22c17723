package dev.weir.script.object;

import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import java.util.ArrayList;
import java.util.List;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

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
    protected Varargs call(Values self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "count" -> LuaValue.valueOf(self.all.size());
            case "getValues" -> LuaValue.listOf(self.all.toArray(new LuaValue[0]));
            default -> throw unknown(method);
        };
    }
}
