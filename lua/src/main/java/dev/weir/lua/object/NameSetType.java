package dev.weir.lua.object;

import dev.weir.lua.lang.Args;
import dev.weir.lua.lang.LuaObject;
import dev.weir.lua.lang.ObjectType;
import dev.weir.wire.Name;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** DNSNameSet. Rules on other threads look into the set while Lua code changes it. */
public final class NameSetType extends ObjectType<NameSetType.NameSet> {
    /** Names, each of which counts for itself alone. */
    public record NameSet(ConcurrentHashMap.KeySetView<Name, Boolean> names) {
        public NameSet() {
            this(ConcurrentHashMap.newKeySet());
        }

        public Collection<Name> all() {
            return names;
        }
    }

    NameSetType() {
        super("DNSNameSet", NameSet.class, "add check clear delete empty size toString", "");
    }

    @Override
    protected Varargs call(NameSet self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "add" -> {
                for (LuaValue name : Args.oneOrMore(args.at(1))) {
                    self.names.add(NameType.name(args, name, "name"));
                }
                yield LuaValue.NONE;
            }
            case "check" -> LuaValue.valueOf(self.names.contains(NameType.name(args, 1, "name")));
            case "clear" -> {
                self.names.clear();
                yield LuaValue.NONE;
            }
            case "delete" -> LuaValue.valueOf(self.names.remove(NameType.name(args, 1, "name")) ? 1 : 0);
            case "empty" -> LuaValue.valueOf(self.names.isEmpty());
            case "size" -> LuaValue.valueOf(self.names.size());
            case "toString" -> LuaValue.valueOf(text(self));
            default -> throw unknown(method);
        };
    }

    @Override
    protected String text(NameSet self) {
        return "DNSNameSet(" + self.names.size() + " FQDNs)";
    }
}
