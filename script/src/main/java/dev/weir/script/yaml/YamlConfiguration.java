package dev.weir.script.yaml;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.Section;
import dev.weir.config.yaml.Value;
import dev.weir.config.yaml.YamlException;
import dev.weir.script.lang.Vocabulary;
import dev.weir.script.object.Context;
import java.util.List;
import java.util.Objects;

/**
 * A configuration in YAML, loaded into the model. Its maps have no order: what gives names to things is done before what uses them. With the
 * Lua lock.
 */
public final class YamlConfiguration {
    /** Keys of the first level in the order in which they are done; the others come before them. */
    private static final List<String> LATER = List.of(
            "mmdbs",
            "key_value_stores",
            "netmask_groups",
            "timed_ip_sets",
            "xsk",
            "packet_caches",
            "remote_logging",
            "logging",
            "load_balancing_policies",
            "backends",
            "pools",
            "binds",
            "selectors",
            "query_rules",
            "cache_miss_rules",
            "response_rules",
            "cache_hit_response_rules",
            "cache_inserted_response_rules",
            "self_answered_response_rules",
            "xfr_response_rules",
            "timeout_response_rules",
            "query_count",
            "dynamic_rules");

    private final Calls calls;

    private YamlConfiguration(Context context, Vocabulary vocabulary) {
        this.calls = new Calls(context, vocabulary);
    }

    /**
     * Does what a file says.
     *
     * @throws YamlException if that can't be done
     */
    public static void load(Section root, Context context, Vocabulary vocabulary) {
        try {
            new YamlConfiguration(context, vocabulary).apply(root);
        } finally {
            context.at("");
        }
    }

    private void apply(Section root) {
        for (Field field : root.type().fields()) {
            if (!LATER.contains(field.name())) {
                apply(root, field);
            }
        }
        for (String name : LATER) {
            apply(root, Objects.requireNonNull(root.type().field(name)));
        }
    }

    private void apply(Section root, Field field) {
        Value value = root.value(field.name());
        if (value == null) {
            return;
        }
        ListenSections listeners = new ListenSections(calls);
        BackendSections backends = new BackendSections(calls);
        switch (field.name()) {
            case "backends" -> value.elements().forEach(each -> backends.backend(each.section()));
            case "pools" -> value.elements().forEach(each -> backends.pool(each.section()));
            case "binds" -> value.elements().forEach(each -> listeners.bind(each.section()));
            case "dynamic_rules" -> {
                DynamicRuleSections groups = new DynamicRuleSections(calls);
                value.elements().forEach(each -> groups.group(each.section()));
            }
            case "selectors" -> value.elements().forEach(each -> selector(each.section()));
            case "load_balancing_policies" -> {
                value.section().list("custom_policies").forEach(each -> backends.policy(each.section()));
                calls.settings(field, value);
            }
            default -> calls.settings(field, value);
        }
    }

    private void selector(Section section) {
        if (!section.has("name")) {
            throw new YamlException(section.place(), "'name' is missing: rules find a selector by it");
        }
        if (calls.context.named.find("selector", section.text("name")) != null) {
            throw new YamlException(section.place("name"), "'" + section.text("name") + "' stands twice");
        }
        var _ = calls.variants().selector(section);
    }
}
