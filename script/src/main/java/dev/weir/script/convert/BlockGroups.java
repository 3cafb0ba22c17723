package dev.weir.script.convert;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.YamlTable;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Result;
import dev.weir.engine.block.BlockGroup;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaTable;
import dev.weir.lua.ScriptFunction;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Journal.Call;
import dev.weir.wire.RecordType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code dynamic_rules}: groups of limits that are applied each second by a function which does nothing else. */
final class BlockGroups {
    private static final Pattern COMMENT = Pattern.compile("--\\[(=*)\\[.*?\\]\\1\\]|--[^\\n]*", Pattern.DOTALL);
    private static final Pattern APPLYING =
            Pattern.compile("function\\s*\\(\\s*\\)\\s*(?:\\w+\\s*:\\s*apply\\s*\\(\\s*\\)[\\s;]*)+end");
    private static final Pattern APPLY = Pattern.compile("(\\w+)\\s*:\\s*apply");

    /** Where the arguments of a limit stand, and the word for it. */
    private enum Kind {
        QUERY_RATE("setQueryRate", "query-rate", "", "rate", false, false),
        BYTE_RATE("setResponseByteRate", "response-byte-rate", "", "rate", false, false),
        TYPE_RATE("setQTypeRate", "qtype-rate", "qtype", "rate", false, false),
        RCODE_RATE("setRCodeRate", "rcode-rate", "rcode", "rate", false, false),
        RCODE_RATIO("setRCodeRatio", "rcode-ratio", "rcode", "ratio", true, false),
        ALLOWED_RCODES_RATIO("setAllowedRCodesRatio", "allowed-rcodes-ratio", "allowed_rcodes", "ratio", true, false),
        CACHE_MISS_RATIO("setCacheMissRatio", "cache-miss-ratio", "", "ratio", true, true);

        final String method;
        final String word;
        final String subject;
        final String measure;
        final boolean least;
        final boolean hitRatio;

        Kind(String method, String word, String subject, String measure, boolean least, boolean hitRatio) {
            this.method = method;
            this.word = word;
            this.subject = subject;
            this.measure = measure;
            this.least = least;
            this.hitRatio = hitRatio;
        }
    }

    private final Origins origins;
    private final Sources sources;
    private final Scalar scalars;
    private final IdentityHashMap<LuaFunction, List<BlockGroup>> applying = new IdentityHashMap<>();
    private final IdentityHashMap<BlockGroup, String> names = new IdentityHashMap<>();
    private final List<Object> written = new ArrayList<>();
    private final IdentityHashMap<Map<String, Object>, LuaFunction> visitors = new IdentityHashMap<>();

    BlockGroups(Origins origins, Sources sources, Scalar scalars) {
        this.origins = origins;
        this.sources = sources;
        this.scalars = scalars;
        consider(sources.global("maintenance"));
        origins.all("addMaintenanceCallback").forEach(call -> consider(call.value(1)));
    }

    /** Whether a function does nothing that {@code dynamic_rules} don't do by themselves. */
    boolean isApplying(LuaFunction function) {
        return applying.containsKey(function);
    }

    /** The groups as YAML has them. */
    List<Object> written() {
        return written;
    }

    private void consider(@Nullable Object value) {
        if (!(value instanceof ScriptFunction function)) {
            return;
        }
        try {
            List<BlockGroup> groups = applied(function);
            List<Object> fresh = new ArrayList<>();
            for (BlockGroup group : groups) {
                if (!names.containsKey(group)) {
                    fresh.add(group(group));
                }
            }
            written.addAll(fresh);
            applying.put(function, groups);
        } catch (Unsayable e) {
            // Then it stays Lua, and the groups with it.
        }
    }

    /** The groups that a function applies, and nothing else. */
    private List<BlockGroup> applied(ScriptFunction function) {
        String text = COMMENT.matcher(sources.text(function)).replaceAll(" ");
        if (!APPLYING.matcher(text).matches()) {
            throw new Unsayable("it does something else");
        }
        List<BlockGroup> groups = new ArrayList<>();
        Matcher each = APPLY.matcher(text);
        while (each.find()) {
            if (!(Origins.thing(value(function, each.group(1))) instanceof BlockGroup group)) {
                throw new Unsayable("it applies something else");
            }
            groups.add(group);
        }
        return groups;
    }

    private @Nullable Object value(ScriptFunction function, String name) {
        for (int i = 1; i <= function.upvalueCount(); i++) {
            if (function.upvalueName(i).is(name)) {
                return function.upvalue(i);
            }
        }
        return sources.global(name);
    }

    // ---- a group

    private Map<String, Object> group(BlockGroup group) {
        Map<String, Object> keys = new LinkedHashMap<>();
        String name = free(group);
        keys.put("name", name);
        List<Object> excluded = new ArrayList<>();
        List<Object> included = new ArrayList<>();
        List<Object> domains = new ArrayList<>();
        Map<String, Object> rules = new LinkedHashMap<>();
        for (Call call : origins.calls()) {
            if (call.object() == null || Origins.thing(call.object()) != group) {
                continue;
            }
            String method = call.function().substring(call.function().indexOf(':') + 1);
            switch (method) {
                case "apply", "toString" -> {}
                case "setMasks" -> {
                    keys.put("mask_ipv4", Scalar.number(call.value(1)));
                    keys.put("mask_ipv6", Scalar.number(call.value(2)));
                    keys.put("mask_port", Scalar.number(call.value(3)));
                }
                case "excludeRange" -> ranges(call, excluded);
                case "includeRange" -> ranges(call, included);
                case "excludeDomains" -> Args.oneOrMore(call.value(1)).forEach(each -> domains.add(Scalar.text(each)));
                case "setSuffixMatchRule", "setSuffixMatchRuleFFI" ->
                    rules.put("suffix", suffixRule(method.endsWith("FFI"), call));
                default -> {
                    Map<String, Object> rule = rule(method, call);
                    rules.put(rule.get("type") + " " + rule.get("qtype") + rule.get("rcode"), rule);
                }
            }
        }
        if (excluded.stream().anyMatch(included::contains)) {
            throw new Unsayable("a range is excluded and included");
        }
        putUnlessEmpty(keys, "exclude_ranges", excluded);
        putUnlessEmpty(keys, "include_ranges", included);
        putUnlessEmpty(keys, "exclude_domains", domains);
        keys.put("rules", new ArrayList<>(rules.values()));
        names.put(group, name);
        return keys;
    }

    private String free(BlockGroup group) {
        for (String name : sources.theirs()) {
            if (Origins.thing(sources.global(name)) == group) {
                return name;
            }
        }
        return "group-" + (names.size() + 1);
    }

    private static void putUnlessEmpty(Map<String, Object> keys, String key, List<Object> list) {
        if (!list.isEmpty()) {
            keys.put(key, list);
        }
    }

    private static void ranges(Call call, List<Object> into) {
        Object thing = Origins.thing(call.value(1));
        if (thing instanceof NetmaskGroup group) {
            group.masks().forEach(mask -> into.add(mask.toString()));
        } else {
            Args.oneOrMore(call.value(1)).forEach(each -> into.add(FromLua.text(each)));
        }
    }

    // ---- a limit

    private static Kind kind(String method) {
        for (Kind kind : Kind.values()) {
            if (kind.method.equals(method)) {
                return kind;
            }
        }
        throw new Unsayable(method + " has no twin in YAML");
    }

    private Map<String, Object> rule(String method, Call call) {
        Kind kind = kind(method);
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("type", kind.word);
        int at = 1;
        if (!kind.subject.isEmpty()) {
            rule.put(kind.subject, subject(kind, call.value(at++)));
        }
        rule.put(kind.measure, measure(kind, call.value(at)));
        rule.put("seconds", Scalar.number(call.value(at + 1)));
        rule.put("comment", Scalar.text(call.value(at + 2)));
        rule.put("action_duration", Scalar.number(call.value(at + 3)));
        at += 4;
        if (kind.least) {
            rule.put("minimum_number_of_responses", Scalar.number(call.value(at++)));
        }
        if (kind.hitRatio) {
            rule.put("minimum_global_cache_hit_ratio", call.value(at++));
        }
        action(rule, call.value(at));
        if (call.value(at + 1) != null && !Double.valueOf(0).equals(call.value(at + 1))) {
            rule.put("warning_" + kind.measure, measure(kind, call.value(at + 1)));
        }
        tag(rule, call.value(at + 2));
        return rule;
    }

    /** Its visitor is a function, whose text comes when others are known. */
    private Map<String, Object> suffixRule(boolean ffi, Call call) {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("type", ffi ? "suffix-match-ffi" : "suffix-match");
        rule.put("seconds", Scalar.number(call.value(1)));
        rule.put("comment", Scalar.text(call.value(2)));
        rule.put("action_duration", Scalar.number(call.value(3)));
        action(rule, call.value(4));
        visitors.put(rule, (LuaFunction) Objects.requireNonNull(call.value(5)));
        tag(rule, call.value(6));
        return rule;
    }

    /** Puts the functions in place, which may be refused; then it is told. */
    void visitors(Workshop workshop) {
        visitors.forEach((rule, function) -> {
            String name = workshop.functions.name(function);
            try {
                rule.put(
                        name == null ? "visitor_function_code" : "visitor_function_name",
                        name == null ? workshop.functions.code(function) : name);
            } catch (Unsayable e) {
                workshop.left.add(new Leftover("", "a dynamic rule: " + e.getMessage() + ", left out"));
                written.forEach(group -> rulesOf(group).removeIf(one -> one == rule));
            }
        });
    }

    @SuppressWarnings("unchecked") // as they are made here
    private static List<Object> rulesOf(Object group) {
        return (List<Object>) Objects.requireNonNull(((Map<String, Object>) group).get("rules"));
    }

    private static Object measure(Kind kind, @Nullable Object value) {
        return kind.measure.equals("rate") ? (Object) Scalar.number(value) : Objects.requireNonNull(value);
    }

    private Object subject(Kind kind, @Nullable Object value) {
        return switch (kind) {
            case TYPE_RATE -> RecordType.toString((int) Scalar.number(value));
            case ALLOWED_RCODES_RATIO ->
                Args.oneOrMore(value).stream()
                        .map(each -> scalars.constant(each, "DNSRCode"))
                        .toList();
            default -> scalars.constant(value, "DNSRCode");
        };
    }

    /** YAML drops where nothing is said; Lua does what {@code setDynBlocksAction} says. */
    private void action(Map<String, Object> rule, @Nullable Object given) {
        long number = given == null ? Result.NONE.ordinal() : Scalar.number(given);
        Call usual = origins.last("setDynBlocksAction");
        if (number == Result.NONE.ordinal()) {
            number = usual == null ? Result.DROP.ordinal() : Scalar.number(usual.value(1));
        }
        if (number != Result.DROP.ordinal()) {
            rule.put("action", Scalar.action(actions(), (double) number));
        }
    }

    private static Field actions() {
        for (Field field : YamlTable.table().fields()) {
            if (field.path().equals("dynamic_rules[].rules[].action")) {
                return field;
            }
        }
        throw new IllegalStateException("the table of YAML has no actions of dynamic rules");
    }

    private static void tag(Map<String, Object> rule, @Nullable Object options) {
        if (options instanceof LuaTable table) {
            Object name = table.get("tagName");
            Object value = table.get("tagValue");
            if (name != null && !FromLua.text(name).isEmpty()) {
                rule.put("tag_name", Scalar.text(name));
                rule.put("tag_value", value == null ? "" : Scalar.text(value));
            }
        }
    }
}
