package dev.weir.script.object;

import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** timespec: a moment. */
public final class TimeType extends ObjectType<Instant> {
    TimeType() {
        super("timespec", Instant.class, "", "tv_sec tv_nsec");
    }

    @Override
    protected @Nullable Object call(Instant self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected @Nullable Object get(Instant self, String attribute) {
        return ToLua.of(attribute.equals("tv_sec") ? (double) self.getEpochSecond() : self.getNano());
    }
}
