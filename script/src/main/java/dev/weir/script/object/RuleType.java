package dev.weir.script.object;

import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.rule.Rule;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import org.jspecify.annotations.Nullable;

/** DNSDistRuleAction and DNSDistResponseRuleAction: a rule of a chain. */
@SuppressWarnings("rawtypes")
public final class RuleType extends ObjectType<Rule> {
    private final ObjectTypes objects;

    RuleType(String name, ObjectTypes objects) {
        super(name, Rule.class, "getAction getSelector", "");
        this.objects = objects;
    }

    @Override
    protected @Nullable Object call(Rule self, LuaObject object, String method, Args args) {
        return switch (method) {
            case "getSelector" -> objects.selector.wrap(new SelectorType.Selection(self.selector(), self));
            case "getAction" -> action(self.action());
            default -> throw unknown(method);
        };
    }

    private @Nullable Object action(Object action) {
        return action instanceof ResponseAction response
                ? objects.responseAction.wrap(response)
                : objects.action.wrap((Action) action);
    }

    @Override
    protected String text(Rule self) {
        return self.name();
    }
}
