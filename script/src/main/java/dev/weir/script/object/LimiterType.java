package dev.weir.script.object;

import dev.weir.engine.rate.TokenBucket;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** QPSLimiter: a rate limit for Lua code. */
public final class LimiterType extends ObjectType<TokenBucket> {
    LimiterType() {
        super("QPSLimiter", TokenBucket.class, "check", "");
    }

    @Override
    protected Varargs call(TokenBucket self, LuaObject object, String method, Args args) {
        return LuaValue.valueOf(self.take(System.nanoTime()));
    }

    @Override
    protected String text(TokenBucket self) {
        return "QPSLimiter";
    }
}
