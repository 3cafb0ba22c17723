package dev.weir.script.object;

import dev.weir.engine.rule.LookupKey;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.jspecify.annotations.Nullable;

/** KeyValueLookupKey: what of a query is looked up. It has no members. */
public final class LookupKeyType extends ObjectType<LookupKey> {
    LookupKeyType() {
        super("KeyValueLookupKey", LookupKey.class, "", "");
    }

    @Override
    protected @Nullable Object call(LookupKey self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected String text(LookupKey self) {
        return self.text();
    }
}
