package dev.weir.config.change;

import dev.weir.config.Configuration;
import dev.weir.config.change.Change.Kind;
import dev.weir.config.change.Change.Subject;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.pool.PoolModel;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.RuleChain;
import dev.weir.engine.view.RuleView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** In what a configuration that was read differs from the one that runs. Looks, and changes nothing. */
public final class Difference {
    private final Side running;
    private final Side next;
    private final List<Change> changes = new ArrayList<>();

    /**
     * One of the two.
     *
     * @param model of the running one, or {@linkplain Model#staged staged} by that
     * @param listeners where it listens, also if that is because it says nothing
     */
    public record Side(Model model, Configuration configuration, List<ListenSpec> listeners) {
        public Side {
            listeners = List.copyOf(listeners);
        }
    }

    private Difference(Side running, Side next) {
        this.running = running;
        this.next = next;
    }

    /** All differences. */
    public static List<Change> between(Side running, Side next) {
        Difference difference = new Difference(running, next);
        difference.listeners();
        difference.servers();
        difference.pools();
        difference.rules();
        difference.changes.addAll(SettingDifference.between(running, next));
        return difference.changes;
    }

    private void add(Kind kind, Subject subject, String text) {
        changes.add(new Change(kind, subject, text));
    }

    private void listeners() {
        List<ListenSpec> gone = new ArrayList<>(running.listeners);
        next.listeners.forEach(gone::remove);
        List<ListenSpec> fresh = new ArrayList<>(next.listeners);
        running.listeners.forEach(fresh::remove);
        for (ListenSpec spec : fresh) {
            boolean instead = gone.removeIf(other -> name(other).equals(name(spec)));
            add(instead ? Kind.CHANGED : Kind.ADDED, Subject.LISTENER, name(spec));
        }
        gone.forEach(spec -> add(Kind.REMOVED, Subject.LISTENER, name(spec)));
    }

    private static String name(ListenSpec spec) {
        return spec.protocol() + " " + spec.address();
    }

    // ---- servers

    private void servers() {
        List<Backend> gone = new ArrayList<>(running.model.backends());
        List<Backend> known = List.copyOf(gone);
        gone.removeAll(next.model.backends());
        for (Backend server : next.model.backends()) {
            if (known.contains(server)) {
                String how = how(server);
                if (!how.isEmpty()) {
                    add(Kind.CHANGED, Subject.SERVER, server.nameWithAddress() + ": " + how);
                }
                continue;
            }
            Backend instead = gone.stream()
                    .filter(other -> other.address().equals(server.address()))
                    .findFirst()
                    .orElse(null);
            gone.remove(instead);
            String text = server.nameWithAddress() + (instead == null ? "" : ": with new connections and counters");
            add(instead == null ? Kind.ADDED : Kind.CHANGED, Subject.SERVER, text);
        }
        gone.forEach(server -> add(Kind.REMOVED, Subject.SERVER, server.nameWithAddress()));
    }

    /** What becomes different of a server that goes on. */
    private String how(Backend server) {
        BackendSpec before = server.spec();
        BackendSpec after = next.model.descriptionOf(server);
        Map<String, Function<BackendSpec, Object>> parts = new LinkedHashMap<>();
        parts.put("name", BackendSpec::name);
        parts.put("weight", BackendSpec::weight);
        parts.put("order", BackendSpec::order);
        parts.put("qps", BackendSpec::qps);
        List<String> all = new ArrayList<>();
        parts.forEach((name, part) -> {
            if (!part.apply(before).equals(part.apply(after))) {
                all.add(name + " " + part.apply(before) + " → " + part.apply(after));
            }
        });
        List<String> poolsBefore = pools(running.model, server);
        List<String> poolsAfter = pools(next.model, server);
        if (!poolsBefore.equals(poolsAfter)) {
            all.add("pools " + poolsBefore + " → " + poolsAfter);
        }
        return String.join(", ", all);
    }

    private static List<String> pools(Model model, Backend server) {
        return model.pools().stream()
                .filter(pool -> pool.servers().contains(server))
                .map(pool -> '\'' + pool.name() + '\'')
                .toList();
    }

    // ---- pools and caches

    private void pools() {
        for (PoolModel pool : next.model.pools()) {
            PoolModel before = running.model.findPool(pool.name());
            if (before == null) {
                add(Kind.ADDED, Subject.POOL, quoted(pool));
            } else if (!policy(before).equals(policy(pool))
                    || before.ecs() != pool.ecs()
                    || before.zeroScope() != pool.zeroScope()) {
                add(Kind.CHANGED, Subject.POOL, quoted(pool) + ": policy " + policy(before) + " → " + policy(pool));
            }
            PacketCache now = pool.cache();
            PacketCache cache = before == null ? null : before.cache();
            if (now != null && (cache == null || !cache.spec().equals(now.spec()))) {
                String text = "of pool " + quoted(pool) + " for " + now.spec().maxEntries();
                add(
                        cache == null ? Kind.ADDED : Kind.CHANGED,
                        Subject.CACHE,
                        text + (cache == null ? "" : ", emptied"));
            } else if (now == null && cache != null) {
                add(Kind.REMOVED, Subject.CACHE, "of pool " + quoted(pool));
            }
        }
        for (PoolModel pool : running.model.pools()) {
            if (next.model.findPool(pool.name()) == null) {
                add(Kind.REMOVED, Subject.POOL, quoted(pool));
            }
        }
    }

    private static String quoted(PoolModel pool) {
        return '\'' + pool.name() + '\'';
    }

    private static String policy(PoolModel pool) {
        Policy own = pool.policy();
        return own == null ? "of all" : own.name();
    }

    // ---- rules

    private void rules() {
        rules("rule", Model::rules);
        rules("cache-miss rule", Model::cacheMissRules);
        rules("response rule", Model::responseRules);
        rules("cache-hit response rule", Model::cacheHitRules);
        rules("cache-inserted response rule", Model::cacheInsertedRules);
        rules("self-answered response rule", Model::selfAnsweredRules);
        rules("transfer response rule", Model::xfrRules);
        rules("timeout response rule", Model::timeoutRules);
    }

    private void rules(String what, Function<Model, RuleChain<?>> chain) {
        List<String> before = texts(chain.apply(running.model).rules());
        List<String> after = texts(chain.apply(next.model).rules());
        if (before.equals(after)) {
            return;
        }
        Map<String, Long> left = before.stream().collect(Collectors.groupingBy(text -> text, Collectors.counting()));
        List<String> fresh = new ArrayList<>();
        for (String text : after) {
            if (!takeOne(left, text)) {
                fresh.add(text);
            }
        }
        List<String> gone = new ArrayList<>();
        for (String text : before.reversed()) {
            if (takeOne(left, text)) {
                gone.addFirst(text);
            }
        }
        gone.forEach(text -> add(Kind.REMOVED, Subject.RULE, prefix(what) + text));
        fresh.forEach(text -> add(Kind.ADDED, Subject.RULE, prefix(what) + text));
        if (gone.isEmpty() && fresh.isEmpty()) {
            add(Kind.CHANGED, Subject.RULE, prefix(what) + "another order");
        }
    }

    private static String prefix(String what) {
        return what.equals("rule") ? "" : '(' + what + ") ";
    }

    private static boolean takeOne(Map<String, Long> left, String text) {
        Long count = left.getOrDefault(text, 0L);
        if (count > 0) {
            left.put(text, count - 1);
        }
        return count > 0;
    }

    private static List<String> texts(List<? extends Rule<?>> rules) {
        return RuleView.of(rules).stream()
                .map(rule ->
                        (rule.name().isEmpty() ? "" : rule.name() + ": ") + rule.selector() + " → " + rule.action())
                .toList();
    }

    /** Entries of a map that another one has otherwise, or not at all. */
    static Map<String, String> differing(Map<String, Object> before, Map<String, Object> after) {
        Map<String, String> all = new LinkedHashMap<>();
        Map<String, Object> others = new HashMap<>(before);
        after.forEach((name, value) -> {
            Object other = others.remove(name);
            if (!Objects.equals(other, value)) {
                all.put(name, other + " → " + value);
            }
        });
        return all;
    }
}
