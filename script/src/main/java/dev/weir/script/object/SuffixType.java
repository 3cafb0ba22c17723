package dev.weir.script.object;

import dev.weir.engine.query.HashedName;
import dev.weir.engine.rule.SuffixSet;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.Name;
import org.jspecify.annotations.Nullable;

/** SuffixMatchNode: names with everything below them. */
public final class SuffixType extends ObjectType<SuffixSet> {
    private final ObjectTypes objects;

    SuffixType(ObjectTypes objects) {
        super("SuffixMatchNode", SuffixSet.class, "add check getBestMatch remove", "");
        this.objects = objects;
    }

    @Override
    protected @Nullable Object call(SuffixSet self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "add" -> {
                for (@Nullable Object name : Args.oneOrMore(args.at(1))) {
                    self.add(NameType.name(args, name, "name"));
                }
                yield Values.NONE;
            }
            case "remove" -> {
                for (@Nullable Object name : Args.oneOrMore(args.at(1))) {
                    self.remove(NameType.name(args, name, "name"));
                }
                yield Values.NONE;
            }
            case "check" -> ToLua.of(self.match(NameType.name(args, 1, "name")));
            case "getBestMatch" -> {
                Name best = self.bestMatch(HashedName.of(NameType.name(args, 1, "name")));
                yield best == null ? null : objects.name.wrap(best);
            }
            default -> throw unknown(method);
        };
    }
}
