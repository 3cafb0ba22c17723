package dev.weir.script.object;

import dev.weir.engine.rate.TokenBucket;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/** QPSLimiter: a rate limit for Lua code. */
public final class LimiterType extends ObjectType<TokenBucket> {
    LimiterType() {
        super("QPSLimiter", TokenBucket.class, "check", "");
    }

    @Override
    protected @Nullable Object call(TokenBucket self, LuaObject object, String method, Args args) {
        return ToLua.of(self.take(System.nanoTime()));
    }

    @Override
    protected String text(TokenBucket self) {
        return "QPSLimiter";
    }
}
