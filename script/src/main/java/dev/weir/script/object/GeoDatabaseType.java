package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.store.GeoDatabase;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** MMDB: what is known of addresses. */
public final class GeoDatabaseType extends ObjectType<GeoDatabase> {
    GeoDatabaseType() {
        super("MMDB", GeoDatabase.class, "exists query", "");
    }

    @Override
    protected @Nullable Object call(GeoDatabase self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "exists" -> ToLua.of(self.exists(address(args, 1)));
            case "query" -> value(self.query(address(args, 2), args.strings(1, "queryParams")));
            default -> throw unknown(method);
        };
    }

    private static IpAddress address(Args args, int index) {
        Endpoint given = Args.objectOrNull(args.at(index), Endpoint.class);
        return given != null ? given.ip() : IpAddress.parse(args.string(index, "ip"));
    }

    private static @Nullable Object value(@Nullable Object found) {
        return switch (found) {
            case null -> null;
            case String text -> ToLua.of(text);
            case Number number -> ToLua.of(number);
            case Boolean truth -> ToLua.of(truth);
            case byte[] octets -> ToLua.of(octets);
            case List<?> list ->
                LuaTable.ofList(list.stream().map(GeoDatabaseType::value).toArray());
            case Map<?, ?> map -> {
                LuaTable table = new LuaTable();
                map.forEach((key, value) -> table.put(String.valueOf(key), value(value)));
                yield table;
            }
            default -> ToLua.of(found.toString());
        };
    }

    @Override
    protected String text(GeoDatabase self) {
        return "MMDB";
    }
}
