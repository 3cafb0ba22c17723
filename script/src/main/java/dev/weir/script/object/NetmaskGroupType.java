package dev.weir.script.object;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** NetmaskGroup: a set of networks. */
public final class NetmaskGroupType extends ObjectType<NetmaskGroup> {
    NetmaskGroupType() {
        super("NetmaskGroup", NetmaskGroup.class, "addMask addMasks addNMG clear match size toString", "");
    }

    @Override
    protected Varargs call(NetmaskGroup self, LuaObject object, String method, Args args) {
        switch (method) {
            case "addMask" -> args.strings(1, "mask").forEach(mask -> self.add(Netmask.parse(mask)));
            case "addMasks" -> addKeys(self, args.table(1, "masks"), args);
            case "addNMG" -> self.addAll(args.object(1, "other", NetmaskGroup.class));
            case "clear" -> self.clear();
            case "match" -> {
                return LuaValue.valueOf(self.match(NetmaskType.address(args, 1)));
            }
            case "size" -> {
                return LuaValue.valueOf(self.size());
            }
            case "toString" -> {
                return LuaValue.valueOf(self.toString());
            }
            default -> throw unknown(method);
        }
        return LuaValue.NONE;
    }

    /** A map from addresses to anything, such as what {@code exceedQRate} returns, or a list of networks. */
    private static void addKeys(NetmaskGroup self, LuaTable table, Args args) {
        for (Varargs entry = table.next(LuaValue.NIL); !entry.arg1().isnil(); entry = table.next(entry.arg1())) {
            Endpoint address = Args.objectOrNull(entry.arg1(), Endpoint.class);
            if (address != null) {
                self.add(Netmask.of(address.ip(), address.ip().bits()));
            } else if (entry.arg(2).isstring()) {
                self.add(Netmask.parse(entry.arg(2).tojstring()));
            } else {
                args.fail("masks", "addresses as keys or networks as values", entry.arg(2));
            }
        }
    }
}
