package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.rule.LookupKey;
import dev.weir.engine.store.KeyValueStore;
import dev.weir.lua.LuaString;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.Name;
import org.jspecify.annotations.Nullable;

/** KeyValueStore. What is not there is an empty string. */
public final class StoreType extends ObjectType<KeyValueStore> {
    StoreType() {
        super("KeyValueStore", KeyValueStore.class, "lookup lookupSuffix reload", "");
    }

    @Override
    protected @Nullable Object call(KeyValueStore self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "lookup" -> text(self.lookup(key(args)));
            case "lookupSuffix" -> {
                int least = args.has(2) ? (int) args.integer(2, "minLabels", 0, 255) : 0;
                LookupKey.Suffix suffix = new LookupKey.Suffix(least, args.boolOr(3, "wireFormat", true));
                yield text(suffix.find(self, NameType.name(args, 1, "key"), false));
            }
            case "reload" -> ToLua.of(self.reload());
            default -> throw unknown(method);
        };
    }

    private static byte[] key(Args args) {
        Endpoint address = Args.objectOrNull(args.at(1), Endpoint.class);
        if (address != null) {
            return address.ip().octets();
        }
        Name name = Args.objectOrNull(args.at(1), Name.class);
        return name == null ? args.octets(1, "key") : LookupKey.of(name, args.boolOr(2, "wireFormat", true));
    }

    private static LuaString text(byte @Nullable [] value) {
        return value == null ? LuaString.EMPTY : LuaString.of(value);
    }

    @Override
    protected String text(KeyValueStore self) {
        return "KeyValueStore";
    }
}
