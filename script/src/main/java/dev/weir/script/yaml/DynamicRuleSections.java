package dev.weir.script.yaml;

import dev.weir.config.yaml.Section;
import dev.weir.config.yaml.Value;
import dev.weir.config.yaml.YamlException;
import dev.weir.engine.action.Result;
import dev.weir.engine.block.BlockGroup;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.lua.Values;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.RecordType;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code dynamic_rules}: groups of limits, which are applied each second without a script that asks for it. */
final class DynamicRuleSections {
    private final Calls calls;
    private final Conversion conversion;

    DynamicRuleSections(Calls calls) {
        this.calls = calls;
        this.conversion = new Conversion(calls.context);
    }

    void group(Section section) {
        LuaObject group = (LuaObject) Objects.requireNonNull(calls.call("dynBlockRulesGroup", section.place()));
        calls.method(
                group,
                "setMasks",
                section.place(),
                ToLua.of(section.integer("mask_ipv4")),
                ToLua.of(section.integer("mask_ipv6")),
                ToLua.of(section.integer("mask_port")));
        // Those that are excluded stand above those that are included, in whatever order the file has them.
        list(group, section, "exclude_ranges", "excludeRange");
        list(group, section, "include_ranges", "includeRange");
        list(group, section, "exclude_domains", "excludeDomains");
        for (Value rule : section.list("rules")) {
            rule(group, rule.section());
        }
        BlockGroup applied = (BlockGroup) Objects.requireNonNull(group.instance());
        calls.context.callbacks.onMaintenance(
                calls.context.state.function("dynamic rules " + section.text("name"), (state, args) -> {
                    applied.apply(System.nanoTime());
                    return Values.NONE;
                }));
        calls.name("dynamic", section, group);
    }

    private void list(LuaObject group, Section section, String key, String method) {
        Value value = section.value(key);
        if (value != null && !value.elements().isEmpty()) {
            calls.method(group, method, value.place(), Conversion.plain(value));
        }
    }

    private void rule(LuaObject group, Section rule) {
        Object seconds = number(rule, "seconds");
        Object comment = LuaString.of(rule.text("comment"));
        Object duration = number(rule, "action_duration");
        Object action = action(rule);
        LuaTable options = new LuaTable();
        options.put(LuaString.of("tagName"), LuaString.of(rule.text("tag_name")));
        options.put(LuaString.of("tagValue"), LuaString.of(rule.text("tag_value")));
        Object rate = number(rule, "rate");
        Object warningRate = number(rule, "warning_rate");
        Object ratio = ToLua.of(rule.number("ratio"));
        Object warningRatio = ToLua.of(rule.number("warning_ratio"));
        Object least = number(rule, "minimum_number_of_responses");
        String type = rule.text("type").toLowerCase(Locale.ROOT);
        switch (type) {
            case "query-rate" ->
                set(group, rule, "setQueryRate", rate, seconds, comment, duration, action, warningRate, options);
            case "response-byte-rate" ->
                set(group, rule, "setResponseByteRate", rate, seconds, comment, duration, action, warningRate, options);
            case "qtype-rate" ->
                set(
                        group,
                        rule,
                        "setQTypeRate",
                        qtype(rule),
                        rate,
                        seconds,
                        comment,
                        duration,
                        action,
                        warningRate,
                        options);
            case "rcode-rate" ->
                set(
                        group,
                        rule,
                        "setRCodeRate",
                        rcode(rule),
                        rate,
                        seconds,
                        comment,
                        duration,
                        action,
                        warningRate,
                        options);
            case "rcode-ratio" ->
                set(
                        group,
                        rule,
                        "setRCodeRatio",
                        rcode(rule),
                        ratio,
                        seconds,
                        comment,
                        duration,
                        least,
                        action,
                        warningRatio,
                        options);
            case "allowed-rcodes-ratio" ->
                set(
                        group,
                        rule,
                        "setAllowedRCodesRatio",
                        rcodes(rule),
                        ratio,
                        seconds,
                        comment,
                        duration,
                        least,
                        action,
                        warningRatio,
                        options);
            case "cache-miss-ratio" ->
                set(
                        group,
                        rule,
                        "setCacheMissRatio",
                        ratio,
                        seconds,
                        comment,
                        duration,
                        least,
                        ToLua.of(rule.number("minimum_global_cache_hit_ratio")),
                        action,
                        warningRatio,
                        options);
            default -> suffixes(group, rule, type, options);
        }
    }

    private void suffixes(LuaObject group, Section rule, String type, LuaTable options) {
        Value code = null;
        String how = "";
        for (String key : new String[] {"name", "code", "file"}) {
            Value value = rule.value("visitor_function_" + key);
            if (value != null && !value.text().isEmpty()) {
                code = value;
                how = ":" + key;
            }
        }
        if (code == null) {
            throw new YamlException(
                    rule.place(),
                    "one of visitor_function_name, visitor_function_code and visitor_function_file is wanted");
        }
        String method = type.equals("suffix-match") ? "setSuffixMatchRule" : "setSuffixMatchRuleFFI";
        set(
                group,
                rule,
                method,
                number(rule, "seconds"),
                LuaString.of(rule.text("comment")),
                number(rule, "action_duration"),
                action(rule),
                calls.lua.function(code, how),
                options);
    }

    private void set(LuaObject group, Section rule, String method, @Nullable Object... arguments) {
        calls.method(group, method, rule.place(), arguments);
    }

    private static Object number(Section rule, String key) {
        return ToLua.of(rule.integer(key));
    }

    private static Object action(Section rule) {
        Value value = rule.value("action");
        return ToLua.of((value == null ? Result.DROP : Conversion.action(value)).ordinal());
    }

    private static Object qtype(Section rule) {
        int type = RecordType.parse(rule.text("qtype"));
        if (type < 0) {
            throw new YamlException(rule.place("qtype"), "'qtype' must be a record type");
        }
        return ToLua.of(type);
    }

    private Object rcode(Section rule) {
        Value value = rule.value("rcode");
        if (value == null) {
            throw new YamlException(rule.place(), "'rcode' is missing");
        }
        return conversion.convert(Objects.requireNonNull(rule.type().field("rcode")), value, ":rcode");
    }

    private Object rcodes(Section rule) {
        if (!rule.has("allowed_rcodes")) {
            return LuaTable.ofList(new Object[] {ToLua.of(0)});
        }
        return LuaTable.ofList(rule.list("allowed_rcodes").stream()
                .map(each ->
                        conversion.convert(Objects.requireNonNull(rule.type().field("rcode")), each, ":rcode"))
                .toArray());
    }
}
