package dev.weir.script.object;

import dev.weir.engine.listen.HttpResponseRule;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.jspecify.annotations.Nullable;

/** DOHResponseMapEntry: what requests on some paths are answered with. */
public final class DohResponseType extends ObjectType<HttpResponseRule> {
    DohResponseType() {
        super("DOHResponseMapEntry", HttpResponseRule.class, "", "");
    }

    @Override
    protected @Nullable Object call(HttpResponseRule self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected String text(HttpResponseRule self) {
        return self.path().source() + " -> " + self.status();
    }
}
