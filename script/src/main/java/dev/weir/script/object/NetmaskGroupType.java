package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/** NetmaskGroup: a set of networks. */
public final class NetmaskGroupType extends ObjectType<NetmaskGroup> {
    NetmaskGroupType() {
        super("NetmaskGroup", NetmaskGroup.class, "addMask addMasks addNMG clear match size toString", "");
    }

    @Override
    protected @Nullable Object call(NetmaskGroup self, LuaObject object, String method, Args args) {
        switch (method) {
            case "addMask" -> args.strings(1, "mask").forEach(mask -> self.add(Netmask.parse(mask)));
            case "addMasks" -> addKeys(self, args.table(1, "masks"), args);
            case "addNMG" -> self.addAll(args.object(1, "other", NetmaskGroup.class));
            case "clear" -> self.clear();
            case "match" -> {
                return ToLua.of(self.match(NetmaskType.address(args, 1)));
            }
            case "size" -> {
                return ToLua.of(self.size());
            }
            case "toString" -> {
                return ToLua.of(self.toString());
            }
            default -> throw unknown(method);
        }
        return Values.NONE;
    }

    /** A map from addresses to anything, such as what {@code exceedQRate} returns, or a list of networks. */
    private static void addKeys(NetmaskGroup self, LuaTable table, Args args) {
        for (FromLua.Entry entry : FromLua.entries(table)) {
            Endpoint address = Args.objectOrNull(entry.key(), Endpoint.class);
            if (address != null) {
                self.add(Netmask.of(address.ip(), address.ip().bits()));
            } else if (FromLua.isText(entry.value())) {
                self.add(Netmask.parse(FromLua.text(entry.value())));
            } else {
                args.fail("masks", "addresses as keys or networks as values", entry.value());
            }
        }
    }
}
