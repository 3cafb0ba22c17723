package dev.weir.script.object;

import dev.weir.engine.rule.NameSet;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/** DNSNameSet. Rules on other threads look into the set while Lua code changes it. */
public final class NameSetType extends ObjectType<NameSet> {
    NameSetType() {
        super("DNSNameSet", NameSet.class, "add check clear delete empty size toString", "");
    }

    @Override
    protected @Nullable Object call(NameSet self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "add" -> {
                for (@Nullable Object name : Args.oneOrMore(args.at(1))) {
                    self.add(NameType.name(args, name, "name"));
                }
                yield Values.NONE;
            }
            case "check" -> ToLua.of(self.contains(NameType.name(args, 1, "name")));
            case "clear" -> {
                self.clear();
                yield Values.NONE;
            }
            case "delete" -> ToLua.of(self.remove(NameType.name(args, 1, "name")) ? 1 : 0);
            case "empty" -> ToLua.of(self.size() == 0);
            case "size" -> ToLua.of(self.size());
            case "toString" -> ToLua.of(text(self));
            default -> throw unknown(method);
        };
    }

    @Override
    protected String text(NameSet self) {
        return "DNSNameSet(" + self.size() + " FQDNs)";
    }
}
