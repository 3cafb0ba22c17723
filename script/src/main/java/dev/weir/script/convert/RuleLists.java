package dev.weir.script.convert;

import dev.weir.engine.model.Model;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.RuleChain;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Journal.Call;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The eight lists of rules, each rule where it stands at last. */
final class RuleLists {
    private final Workshop workshop;
    private final Map<String, RuleChain<?>> chains = new LinkedHashMap<>();
    private final Set<String> givenIds = new HashSet<>();

    RuleLists(Workshop workshop) {
        this.workshop = workshop;
        Model model = workshop.context.model;
        chains.put("query_rules", model.rules());
        chains.put("cache_miss_rules", model.cacheMissRules());
        chains.put("response_rules", model.responseRules());
        chains.put("cache_hit_response_rules", model.cacheHitRules());
        chains.put("cache_inserted_response_rules", model.cacheInsertedRules());
        chains.put("self_answered_response_rules", model.selfAnsweredRules());
        chains.put("xfr_response_rules", model.xfrRules());
        chains.put("timeout_response_rules", model.timeoutRules());
        for (Call call : workshop.origins.calls()) {
            if (call.value(3) instanceof LuaTable options && options.get("uuid") != null) {
                givenIds.add(FromLua.text(options.get("uuid")).toLowerCase(Locale.ROOT));
            }
        }
        chains.values().forEach(chain -> chain.rules().forEach(rule -> {
            workshop.parts.count(rule.selector());
            workshop.parts.count(java.util.Objects.requireNonNull((Object) rule.action()));
        }));
    }

    /** The lists that are not empty, by their keys. */
    Map<String, List<Object>> written() {
        Map<String, List<Object>> all = new LinkedHashMap<>();
        chains.forEach((key, chain) -> {
            List<Object> rules = new ArrayList<>();
            int number = 0;
            for (Rule<?> rule : chain.rules()) {
                try {
                    rules.add(written(rule));
                } catch (Unsayable e) {
                    workshop.left.add(new Leftover(
                            place(rule), "rule " + number + " of " + key + ": " + e.getMessage() + ", left out"));
                }
                number++;
            }
            if (!rules.isEmpty()) {
                all.put(key, rules);
            }
        });
        return all;
    }

    private String place(Rule<?> rule) {
        Call action = workshop.origins.of(java.util.Objects.requireNonNull((Object) rule.action()));
        Call selector = workshop.origins.of(rule.selector());
        @Nullable Call call = action == null ? selector : action;
        return call == null ? "" : call.place();
    }

    private Map<String, Object> written(Rule<?> rule) {
        Map<String, Object> written = new LinkedHashMap<>();
        if (!rule.name().isEmpty()) {
            written.put("name", rule.name());
        }
        if (givenIds.contains(rule.uuid().toString())) {
            written.put("uuid", rule.uuid().toString());
        }
        written.put("selector", workshop.parts.selector(rule.selector()));
        written.put("action", workshop.parts.ofAction(java.util.Objects.requireNonNull((Object) rule.action())));
        return written;
    }
}
