package dev.weir.script.object;

import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.ToLua;
import org.jspecify.annotations.Nullable;

/** DNSRule: what a rule looks for. */
public final class SelectorType extends ObjectType<SelectorType.Selection> {
    /** @param rule the rule that counts its matches; {@code null} while it is in none */
    public record Selection(Selector selector, @Nullable Rule<?> rule) {}

    SelectorType() {
        super("DNSRule", Selection.class, "getMatches toString", "");
    }

    public LuaObject wrap(Selector selector) {
        return wrap(new Selection(selector, null));
    }

    @Override
    protected @Nullable Object call(Selection self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "getMatches" ->
                ToLua.of(self.rule == null ? 0 : (double) self.rule.matches().sum());
            case "toString" -> ToLua.of(text(self));
            default -> throw unknown(method);
        };
    }

    @Override
    protected String text(Selection self) {
        return self.selector.text();
    }
}
