package dev.weir.script.object;

import dev.weir.engine.action.LogResponseAction;
import dev.weir.engine.action.ResponseAction;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.jspecify.annotations.Nullable;

/** DNSResponseAction: what a response rule does. */
public final class ResponseActionType extends ObjectType<ResponseAction> {
    ResponseActionType() {
        super("DNSResponseAction", ResponseAction.class, "reload", "");
    }

    @Override
    protected @Nullable Object call(ResponseAction self, LuaObject object, String method, Args args) {
        if (self instanceof LogResponseAction log) {
            log.log().reload();
        }
        return Values.NONE;
    }

    @Override
    protected String text(ResponseAction self) {
        return self.text();
    }
}
