package dev.weir.script.object;

import dev.weir.engine.rule.NameSet;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** DNSNameSet. Rules on other threads look into the set while Lua code changes it. */
public final class NameSetType extends ObjectType<NameSet> {
    NameSetType() {
        super("DNSNameSet", NameSet.class, "add check clear delete empty size toString", "");
    }

    @Override
    protected Varargs call(NameSet self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "add" -> {
                for (LuaValue name : Args.oneOrMore(args.at(1))) {
                    self.add(NameType.name(args, name, "name"));
                }
                yield LuaValue.NONE;
            }
            case "check" -> LuaValue.valueOf(self.contains(NameType.name(args, 1, "name")));
            case "clear" -> {
                self.clear();
                yield LuaValue.NONE;
            }
            case "delete" -> LuaValue.valueOf(self.remove(NameType.name(args, 1, "name")) ? 1 : 0);
            case "empty" -> LuaValue.valueOf(self.size() == 0);
            case "size" -> LuaValue.valueOf(self.size());
            case "toString" -> LuaValue.valueOf(text(self));
            default -> throw unknown(method);
        };
    }

    @Override
    protected String text(NameSet self) {
        return "DNSNameSet(" + self.size() + " FQDNs)";
    }
}
