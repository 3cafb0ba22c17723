package dev.weir.script.object;

import dev.weir.engine.action.LogResponseAction;
import dev.weir.engine.action.ResponseAction;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** DNSResponseAction: what a response rule does. */
public final class ResponseActionType extends ObjectType<ResponseAction> {
    ResponseActionType() {
        super("DNSResponseAction", ResponseAction.class, "reload", "");
    }

    @Override
    protected Varargs call(ResponseAction self, LuaObject object, String method, Args args) {
        if (self instanceof LogResponseAction log) {
            log.log().reload();
        }
        return LuaValue.NONE;
    }

    @Override
    protected String text(ResponseAction self) {
        return self.text();
    }
}
