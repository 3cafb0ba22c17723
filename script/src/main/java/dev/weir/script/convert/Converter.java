package dev.weir.script.convert;

import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.SectionType;
import dev.weir.config.yaml.YamlTable;
import dev.weir.config.yaml.YamlText;
import dev.weir.engine.model.Model;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.RuleChain;
import dev.weir.engine.rule.Selector;
import dev.weir.script.lang.Journal;
import dev.weir.script.lang.Journal.Call;
import dev.weir.script.object.Context;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Writes down in YAML what a configuration in Lua has made of its model. The model says what there is, and in which order; the {@link Journal} says
 * how each thing was made, and the table of YAML, read backwards, what stands for that. With the Lua lock.
 */
public final class Converter {
    /** Keys of the first level in the order in which people look for them; the others come before the rules. */
    private static final List<String> FIRST = List.of(
            "binds",
            "acl",
            "proxy_protocol",
            "console",
            "webserver",
            "backends",
            "packet_caches",
            "cache_settings",
            "load_balancing_policies",
            "pools");

    private static final List<String> LAST = List.of(
            "mmdbs",
            "key_value_stores",
            "netmask_groups",
            "timed_ip_sets",
            "selectors",
            "query_rules",
            "cache_miss_rules",
            "response_rules",
            "cache_hit_response_rules",
            "cache_inserted_response_rules",
            "self_answered_response_rules",
            "xfr_response_rules",
            "timeout_response_rules",
            "dynamic_rules");

    private static final Set<String> OF_THINGS = Set.of("binds", "backends", "pools", "packet_caches", "ebpf");

    private final Workshop workshop;
    private final Sources sources;
    private final BlockGroups groups;
    private final boolean beside;
    private final Map<String, Object> root = new LinkedHashMap<>();

    private Converter(Context context, Journal journal, Sources sources, boolean beside) {
        Origins origins = new Origins(journal.calls());
        this.sources = sources;
        this.beside = beside;
        groups = new BlockGroups(origins, sources, new Scalar(context));
        sets(context.model);
        workshop = new Workshop(context, origins, new FunctionTexts(sources, origins, beside, groups::isApplying));
    }

    /** Sets that rules look into. */
    private void sets(Model model) {
        List<RuleChain<?>> chains = List.of(
                model.rules(),
                model.cacheMissRules(),
                model.responseRules(),
                model.cacheHitRules(),
                model.cacheInsertedRules(),
                model.selfAnsweredRules(),
                model.xfrRules(),
                model.timeoutRules());
        chains.forEach(chain -> chain.rules().forEach(rule -> sets(rule.selector())));
    }

    private void sets(Selector selector) {
        switch (selector) {
            case LogicSelector.And and -> and.all().forEach(this::sets);
            case LogicSelector.Or or -> or.any().forEach(this::sets);
            case LogicSelector.Not not -> sets(not.other());
            case NameSelector.Suffix suffix -> sources.isOfRules(suffix.names());
            case NameSelector.QNameSet set -> sources.isOfRules(set.names());
            case ClientSelector.Netmasks masks -> sources.isOfRules(masks.group());
            case ClientSelector.TimedSource timed -> sources.isOfRules(timed.addresses());
            default -> {}
        }
    }

    /**
     * @param name of the configuration, for comments
     * @param beside whether what YAML has no words for may go into a Lua file beside it
     * @throws IllegalArgumentException if that can't be written
     */
    public static Converted convert(Context context, Journal journal, Sources sources, String name, boolean beside) {
        try {
            return new Converter(context, journal, sources, beside).converted(name);
        } catch (Unsayable e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private Converted converted(String name) {
        RuleLists rules = new RuleLists(workshop);
        Pools pools = new Pools(workshop);
        put("binds", new BindList(workshop).written());
        put("backends", new Servers(workshop).written());
        put("pools", pools.written());
        rules.written().forEach(this::put);
        put("selectors", workshop.parts.named());
        SettingKeys settings = new SettingKeys(workshop);
        for (Field field : YamlTable.table().root().fields()) {
            if (!OF_THINGS.contains(field.name()) && !LAST.contains(field.name())) {
                Object value = settings.value(field, new HashSet<>());
                if (value != null) {
                    root.put(field.name(), value);
                }
            }
        }
        policies(pools);
        filter();
        workshop.names.definitions().forEach(this::define);
        groups.visitors(workshop);
        put("dynamic_rules", groups.written());
        BesideFile lua = beside ? new BesideFile(sources, workshop.origins) : null;
        new OtherCalls(workshop, groups, lua).find(sources);
        String text = "";
        if (lua != null) {
            workshop.functions.exported().forEach((function, global) -> lua.global(global, function));
            text = lua.text("-- Functions for the configuration in YAML beside, from " + name + ".\n");
        }
        return new Converted(YamlText.of(ordered()), text, List.copyOf(workshop.left));
    }

    private void put(String key, List<Object> list) {
        if (!list.isEmpty()) {
            root.put(key, list);
        }
    }

    private void policies(Pools pools) {
        String global = pools.global();
        Map<String, Object> policies = below(root, "load_balancing_policies");
        if (global != null) {
            policies.put("default_policy", global);
        }
        if (!pools.policies().isEmpty()) {
            policies.put("custom_policies", pools.policies());
        }
        if (policies.isEmpty()) {
            root.remove("load_balancing_policies");
        }
    }

    /** The packet filter that all listeners have. */
    private void filter() {
        Call call = workshop.origins.last("setDefaultBPFFilter");
        Object filter = call == null ? null : Origins.thing(call.value(1));
        Call maker = filter == null ? null : workshop.origins.of(filter);
        if (maker == null) {
            return;
        }
        SectionType type = Objects.requireNonNull(
                Objects.requireNonNull(YamlTable.table().root().field("ebpf")).map());
        try {
            root.put("ebpf", workshop.unpacking.keys(type, maker));
        } catch (Unsayable e) {
            workshop.leave(maker, String.valueOf(e.getMessage()));
        }
    }

    @SuppressWarnings("unchecked") // only such maps are put below keys
    private static Map<String, Object> below(Map<String, Object> map, String key) {
        return (Map<String, Object>) map.computeIfAbsent(key, any -> new LinkedHashMap<String, Object>());
    }

    private void define(String path, List<Object> definitions) {
        String[] keys = path.replace("[]", "").split("\\.", -1);
        Map<String, Object> map = root;
        for (int i = 0; i < keys.length - 1; i++) {
            map = below(map, keys[i]);
        }
        map.put(keys[keys.length - 1], definitions);
    }

    private Map<String, Object> ordered() {
        Map<String, Object> ordered = new LinkedHashMap<>();
        Set<String> last = new HashSet<>(LAST);
        FIRST.forEach(key -> move(key, ordered));
        List.copyOf(root.keySet()).stream().filter(key -> !last.contains(key)).forEach(key -> move(key, ordered));
        LAST.forEach(key -> move(key, ordered));
        return ordered;
    }

    private void move(String key, Map<String, Object> to) {
        Object value = root.remove(key);
        if (value != null) {
            to.put(key, value);
        }
    }
}
