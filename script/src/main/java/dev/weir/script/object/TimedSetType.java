package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.TimedAddresses;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.jspecify.annotations.Nullable;

/** TimedIPSetRule: addresses of clients that a rule matches for some time. */
public final class TimedSetType extends ObjectType<TimedAddresses> {
    private final ObjectTypes objects;

    TimedSetType(ObjectTypes objects) {
        super("TimedIPSetRule", TimedAddresses.class, "add cleanup clear slice", "");
        this.objects = objects;
    }

    @Override
    protected @Nullable Object call(TimedAddresses self, LuaObject object, String method, Args args) {
        switch (method) {
            case "add" -> {
                Endpoint address = args.object(1, "address", Endpoint.class);
                if (!self.add(address.ip(), args.integer(2, "seconds", 0, Integer.MAX_VALUE), System.nanoTime())) {
                    throw args.error("there are " + TimedAddresses.MOST + " addresses already");
                }
            }
            case "cleanup" -> self.cleanUp(System.nanoTime());
            case "clear" -> self.clear();
            case "slice" -> {
                return objects.selector.wrap(new ClientSelector.TimedSource(self));
            }
            default -> throw unknown(method);
        }
        return Values.NONE;
    }

    @Override
    protected String text(TimedAddresses self) {
        return new ClientSelector.TimedSource(self).text();
    }
}
