package dev.weir.script.yaml;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.Section;
import dev.weir.config.yaml.Slot;
import dev.weir.config.yaml.Value;
import dev.weir.config.yaml.YamlException;
import dev.weir.engine.acl.TimedAddresses;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.lua.LuaString;
import dev.weir.script.lang.LuaObject;
import java.util.Objects;

/** Selectors and actions: a {@code type} picks the function that makes it. */
final class Variants {
    private final Calls calls;

    Variants(Calls calls) {
        this.calls = calls;
    }

    LuaObject selector(Section section) {
        return made(section, "selector");
    }

    /** An action on queries or on responses. */
    LuaObject action(Section section) {
        return made(section, family(section));
    }

    private static String family(Section section) {
        return section.type().name().substring(0, section.type().name().indexOf('['));
    }

    private LuaObject made(Section section, String kind) {
        LuaObject object = make(section, kind);
        if (section.has("name")) {
            // Names of parts of rules are often mere remarks: the first keeps it.
            calls.context.named.add(kind, section.text("name"), object);
        }
        return object;
    }

    private LuaObject make(Section section, String kind) {
        return switch (section.type().name()) {
            case "selector[type=ByName]" -> calls.named(kind, given(section, "selector_name"));
            case "action[type=ByName]", "response-action[type=ByName]" ->
                calls.named(kind, given(section, "action_name"));
            case "selector[type=TimedIPSet]" -> {
                LuaObject set = calls.named("set", given(section, "set_name"));
                yield calls.context.objects.selector.wrap(
                        new ClientSelector.TimedSource((TimedAddresses) Objects.requireNonNull(set.instance())));
            }
            default -> built(section);
        };
    }

    private static Value given(Section section, String key) {
        return Objects.requireNonNull(section.value(key));
    }

    private LuaObject built(Section section) {
        Slot maker = Objects.requireNonNull(section.type().maker());
        Draft draft = calls.draft(section, maker.function());
        for (Field field : section.type().fields()) {
            if (field.name().equals("function_name") && !draft.has(1)) {
                throw new YamlException(
                        section.place(), "one of function_name, function_code and function_file is wanted");
            }
            // An empty value is any value, unless that is said not to be so.
            if (field.name().equals("empty-as-wildcard") && section.has("value") && !section.flag(field.name())) {
                draft.argument(2, LuaString.of(section.text("value")));
            }
        }
        return (LuaObject) Objects.requireNonNull(calls.run(draft));
    }
}
