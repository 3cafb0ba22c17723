package dev.weir.script.object;

import dev.weir.engine.query.HashedName;
import dev.weir.engine.rule.SuffixSet;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.wire.Name;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** SuffixMatchNode: names with everything below them. */
public final class SuffixType extends ObjectType<SuffixSet> {
    private final ObjectTypes objects;

    SuffixType(ObjectTypes objects) {
        super("SuffixMatchNode", SuffixSet.class, "add check getBestMatch remove", "");
        this.objects = objects;
    }

    @Override
    protected Varargs call(SuffixSet self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "add" -> {
                for (LuaValue name : Args.oneOrMore(args.at(1))) {
                    self.add(NameType.name(args, name, "name"));
                }
                yield LuaValue.NONE;
            }
            case "remove" -> {
                for (LuaValue name : Args.oneOrMore(args.at(1))) {
                    self.remove(NameType.name(args, name, "name"));
                }
                yield LuaValue.NONE;
            }
            case "check" -> LuaValue.valueOf(self.match(NameType.name(args, 1, "name")));
            case "getBestMatch" -> {
                Name best = self.bestMatch(HashedName.of(NameType.name(args, 1, "name")));
                yield best == null ? LuaValue.NIL : objects.name.wrap(best);
            }
            default -> throw unknown(method);
        };
    }
}
