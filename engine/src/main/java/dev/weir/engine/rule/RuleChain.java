package dev.weir.engine.rule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An ordered list of rules while people change it; data threads see the immutable chain that {@link #compiled} returns. Locks the model
 * it belongs to.
 *
 * @param <A> {@link dev.weir.engine.action.Action} or {@link dev.weir.engine.action.ResponseAction}
 */
public final class RuleChain<A> {
    private final Runnable changed;
    private final Object lock;
    private final List<Rule<A>> rules = new ArrayList<>();
    private @Nullable List<Rule<A>> frozen = List.of();
    private @Nullable CompiledChain<A> compiled;

    /** @param changed to be told of each change */
    public RuleChain(Runnable changed, Object lock) {
        this.changed = changed;
        this.lock = lock;
    }

    /** The rules in their order; this list never changes. */
    public List<Rule<A>> rules() {
        synchronized (lock) {
            if (frozen == null) {
                frozen = List.copyOf(rules);
            }
            return frozen;
        }
    }

    /** The rules as data threads walk them; made when it is first asked for after a change. */
    public CompiledChain<A> compiled() {
        synchronized (lock) {
            List<Rule<A>> now = rules();
            CompiledChain<A> made = compiled;
            if (made == null) {
                made = CompiledChain.of(now);
            } else if (made.rules().size() != now.size()) {
                made = made.with(now);
            }
            compiled = made;
            return made;
        }
    }

    public void add(Rule<A> rule) {
        synchronized (lock) {
            rules.add(rule);
            frozen = null; // and what is compiled grows when it is asked for
            changed.run();
        }
    }

    /** Replaces all rules. */
    public void set(List<Rule<A>> newRules) {
        edit(list -> {
            list.clear();
            list.addAll(newRules);
        });
    }

    public void clear() {
        edit(List::clear);
    }

    /**
     * Has its rules go on counting where those of another chain are: those with the same UUID, else with the same name, else without a name and
     * with the same words, one after the other. To be called before any data thread knows this chain.
     *
     * @param words an action in words
     */
    public void countOn(RuleChain<A> former, Function<A, String> words) {
        List<Rule<A>> known = new ArrayList<>(former.rules());
        edit(list -> {
            List<Function<Rule<A>, Object>> likenesses =
                    List.of(Rule::uuid, rule -> rule.name().isEmpty() ? rule : rule.name(), rule -> text(rule, words));
            Set<Integer> done = new HashSet<>();
            for (Function<Rule<A>, Object> likeness : likenesses) {
                Map<Object, Deque<Rule<A>>> byLikeness = new HashMap<>();
                known.forEach(rule -> byLikeness
                        .computeIfAbsent(likeness.apply(rule), any -> new ArrayDeque<>())
                        .add(rule));
                for (int i = 0; i < list.size(); i++) {
                    Deque<Rule<A>> alike = done.contains(i) ? null : byLikeness.get(likeness.apply(list.get(i)));
                    Rule<A> before = alike == null ? null : alike.poll();
                    if (before != null) {
                        list.set(i, list.get(i).countingWith(before));
                        known.remove(before);
                        done.add(i);
                    }
                }
            }
        });
    }

    private static <A> Object text(Rule<A> rule, Function<A, String> words) {
        return rule.name().isEmpty() ? rule.selector().text() + '\n' + words.apply(rule.action()) : rule;
    }

    /** The rule at a position, or {@code null}. */
    public @Nullable Rule<A> at(int position) {
        List<Rule<A>> list = rules();
        return position >= 0 && position < list.size() ? list.get(position) : null;
    }

    /** Takes out the rule at a position; false if there is none. */
    public boolean remove(int position) {
        synchronized (lock) {
            if (position < 0 || position >= rules.size()) {
                return false;
            }
            edit(list -> list.remove(position));
            return true;
        }
    }

    /** The rule with that UUID or name, or {@code null}. */
    public @Nullable Rule<A> at(String id) {
        List<Rule<A>> list = rules();
        int position = find(list, id);
        return position < 0 ? null : list.get(position);
    }

    /** Takes out the rule with that UUID or name; false if there is none. */
    public boolean remove(String id) {
        synchronized (lock) {
            return remove(find(rules, id));
        }
    }

    private static int find(List<? extends Rule<?>> list, String id) {
        for (int i = 0; i < list.size(); i++) {
            Rule<?> rule = list.get(i);
            if (rule.uuid().toString().equalsIgnoreCase(id)
                    || !rule.name().isEmpty() && rule.name().equals(id)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Moves a rule in front of the one that is now at {@code to}; {@code to} may be the number of rules. False if a position is out of
     * bounds.
     */
    public boolean move(int from, int to) {
        synchronized (lock) {
            if (from < 0 || from >= rules.size() || to < 0 || to > rules.size()) {
                return false;
            }
            edit(list -> {
                Rule<A> rule = list.remove(from);
                list.add(to > from ? to - 1 : to, rule);
            });
            return true;
        }
    }

    /** Moves the last rule to the front. */
    public void moveLastToTop() {
        synchronized (lock) {
            move(rules.size() - 1, 0);
        }
    }

    /** The rules that matched most, most first. */
    public List<Rule<A>> top(int count) {
        List<Rule<A>> sorted = new ArrayList<>(rules());
        sorted.sort(
                Comparator.comparingLong((Rule<A> rule) -> rule.matches().sum()).reversed());
        return sorted.subList(0, Math.min(count, sorted.size()));
    }

    private void edit(java.util.function.Consumer<List<Rule<A>>> change) {
        synchronized (lock) {
            change.accept(rules);
            frozen = null;
            compiled = null;
            changed.run();
        }
    }
}
