package dev.weir.script.object;

import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import java.time.Instant;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** timespec: a moment. */
public final class TimeType extends ObjectType<Instant> {
    TimeType() {
        super("timespec", Instant.class, "", "tv_sec tv_nsec");
    }

    @Override
    protected Varargs call(Instant self, LuaObject object, String method, Args args) {
        throw unknown(method);
    }

    @Override
    protected LuaValue get(Instant self, String attribute) {
        return LuaValue.valueOf(attribute.equals("tv_sec") ? (double) self.getEpochSecond() : self.getNano());
    }
}
