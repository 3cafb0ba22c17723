package dev.weir.engine.explain;

import dev.weir.engine.action.Action;
import dev.weir.engine.action.LogAction;
import dev.weir.engine.action.LogResponseAction;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.action.ResponseResult;
import dev.weir.engine.action.Result;
import dev.weir.engine.action.TeeAction;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.explain.Explanation.Stage;
import dev.weir.engine.explain.Explanation.Step;
import dev.weir.engine.model.Engine;
import dev.weir.engine.model.Snapshot;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.policy.PolicyContext;
import dev.weir.engine.pool.Pool;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.RuleContext;
import dev.weir.engine.rule.CompiledChain;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.rule.StatefulSelector;
import dev.weir.engine.walk.Worker;
import dev.weir.wire.Header;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The running configuration for a walk that is only rehearsed: the same rules and policies, which note that they were asked and what they did,
 * without what they do to the world. Limiters are looked at and take nothing, logs and copies are left out, the turn of a round robin stays. The
 * operator's own functions are called: what they do besides, they do. For one query.
 */
final class Rehearsal {
    /** From this probability on, a rule that matches by chance is taken to match. */
    private static final double LIKELY = 0.5;

    /** Queries that start again and again make no longer list than this. */
    private static final int MOST_STEPS = 1000;

    /** Results that say no more than the effects do. */
    private static final Set<String> UNTOLD =
            Set.of(Result.NONE.luaName(), Result.NO_OP.luaName(), Result.POOL.luaName(), Result.SET_TAG.luaName());

    private final Engine engine;
    private final long nowNanos;
    private final List<Step> steps = new ArrayList<>();
    private final BitSet matched = new BitSet();
    private @Nullable Worker worker;
    private int endedBy = Integer.MAX_VALUE;
    private String stoppedBy = "";
    private String answeredBy = "";
    private boolean suspended;
    private boolean policyAsked;

    Rehearsal(Engine engine, long nowNanos) {
        this.engine = engine;
        this.nowNanos = nowNanos;
    }

    /** Whoever walks: known after the snapshot that it goes by. */
    void walker(Worker walker) {
        worker = walker;
    }

    private Worker walker() {
        return Objects.requireNonNull(worker);
    }

    /** What rules have said, in order. */
    List<Step> steps() {
        return steps;
    }

    /** The rule that drops or suspends the query, in words; empty if none does. */
    String stoppedBy() {
        return stoppedBy;
    }

    /** The rule that made the answer, in words; empty if none did. */
    String answeredBy() {
        return answeredBy;
    }

    boolean isSuspended() {
        return suspended;
    }

    /** Whether a backend was looked for. */
    boolean policyAsked() {
        return policyAsked;
    }

    /** The positions of query rules that were passed and do not match. */
    List<Integer> passed(int rules) {
        List<Integer> passed = new ArrayList<>();
        for (int at = matched.nextClearBit(0); at < Math.min(rules, endedBy); at = matched.nextClearBit(at + 1)) {
            passed.add(at);
        }
        return passed;
    }

    Snapshot snapshot(Snapshot real) {
        Map<String, Pool> pools = new HashMap<>();
        real.pools().forEach((name, pool) -> pools.put(name, rehearsed(pool)));
        return new Snapshot(
                real.settings(),
                real.acl(),
                real.proxyAcl(),
                queries(Stage.RULE, real.rules()),
                queries(Stage.CACHE_MISS_RULE, real.cacheMissRules()),
                real.responseRules(),
                responses(Stage.CACHE_HIT_RULE, real.cacheHitRules()),
                real.cacheInsertedRules(),
                responses(Stage.SELF_ANSWERED_RULE, real.selfAnsweredRules()),
                real.xfrRules(),
                real.timeoutRules(),
                pools,
                rehearsed(real.defaultPool()),
                rehearsed(real.policy()),
                real.backends());
    }

    private Pool rehearsed(Pool pool) {
        Policy own = pool.policy();
        return new Pool(
                pool.name(),
                pool.cache(),
                own == null ? null : rehearsed(own),
                pool.servers(),
                pool.ecs(),
                pool.zeroScope(),
                pool.uniform());
    }

    // ---- rules

    private CompiledChain<Action> queries(Stage stage, CompiledChain<Action> chain) {
        return rehearsed(chain, (number, rule) -> {
            Action action = rule.action();
            return new Action.Custom(action.text(), query -> perform(stage, number, rule, query));
        });
    }

    private CompiledChain<ResponseAction> responses(Stage stage, CompiledChain<ResponseAction> chain) {
        return rehearsed(chain, (number, rule) -> {
            ResponseAction action = rule.action();
            return new ResponseAction.Custom(action.text(), query -> respond(stage, number, rule, query));
        });
    }

    private <A> CompiledChain<A> rehearsed(CompiledChain<A> chain, BiFunction<Integer, Rule<A>, A> action) {
        List<Rule<A>> rules = new ArrayList<>();
        for (Rule<A> rule : chain.rules()) {
            A noting = action.apply(rules.size(), rule);
            rules.add(Rule.of(rehearsed(rule.selector()), noting, rule.uuid(), rule.name()));
        }
        return CompiledChain.of(rules);
    }

    private Result perform(Stage stage, int number, Rule<Action> rule, Query query) {
        RuleEffects before = RuleEffects.of(query);
        Result result = perform(rule.action(), query, walker());
        boolean waits = forgetSuspension(query);
        if (stage == Stage.RULE) {
            matched.set(number);
            if (waits || endsWalk(result, query)) {
                endedBy = number;
            }
        }
        if (answeredBy.isEmpty() && (Header.has(query.packet(), Header.QR) || answers(result, query))) {
            answeredBy = stage.word() + " " + number;
        }
        note(stage, number, rule, rule.action().text(), before, query, waits ? "suspended" : result.luaName());
        if (waits || result == Result.DROP) {
            stop(stage, number, waits);
            return Result.DROP;
        }
        return result;
    }

    private static Result perform(Action action, Query query, RuleContext context) {
        return switch (action) {
            case Action.Qps limit -> limit.bucket().hasToken(context.nowNanos()) ? Result.NONE : Result.DROP;
            case Action.QpsPool limit ->
                limit.bucket().hasToken(context.nowNanos())
                        ? new Action.ToPool(limit.pool(), limit.stop()).perform(query, context)
                        : Result.NONE;
            case Action.Continue goesOn ->
                perform(goesOn.action(), query, context) == Result.NO_OP ? Result.NO_OP : Result.NONE;
            case LogAction _, TeeAction _ -> Result.NONE;
            default -> action.perform(query, context);
        };
    }

    /** Whether the walk makes an answer of what an action returned. */
    private static boolean answers(Result result, Query query) {
        return switch (result) {
            case NXDOMAIN, REFUSED, SERVFAIL, SPOOF, SPOOF_RAW, SPOOF_PACKET -> true;
            case TRUNCATE -> query.origin().overUdp();
            default -> false;
        };
    }

    private static boolean endsWalk(Result result, Query query) {
        return switch (result) {
            case NONE, NO_OP, SET_TAG, DELAY -> false;
            case TRUNCATE -> query.origin().overUdp();
            default -> true;
        };
    }

    private ResponseResult respond(Stage stage, int number, Rule<ResponseAction> rule, Query query) {
        RuleEffects before = RuleEffects.of(query);
        ResponseResult result = rule.action() instanceof LogResponseAction
                ? ResponseResult.NONE
                : rule.action().perform(query, walker());
        boolean waits = forgetSuspension(query);
        note(stage, number, rule, rule.action().text(), before, query, waits ? "suspended" : result.luaName());
        if (waits || result == ResponseResult.DROP) {
            stop(stage, number, waits);
            return ResponseResult.DROP;
        }
        return result;
    }

    private boolean forgetSuspension(Query query) {
        boolean waits = query.decided().suspension() != null;
        if (waits) {
            engine.suspensions().forget(query);
        }
        return waits;
    }

    private void stop(Stage stage, int number, boolean waits) {
        suspended = waits;
        stoppedBy = stage.word() + " " + number;
    }

    private void note(
            Stage stage, int number, Rule<?> rule, String action, RuleEffects before, Query query, String result) {
        List<String> effects = before.until(RuleEffects.of(query));
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", rule.name());
        facts.put("selector", rule.selector().text());
        facts.put("action", action);
        facts.put("result", result);
        facts.put("effects", effects);
        String name = rule.name().isEmpty() ? "" : "\"" + rule.name() + "\" ";
        String chance = chances(rule.selector()) ? " (by chance)" : "";
        List<String> told = new ArrayList<>(effects);
        if (!UNTOLD.contains(result) && effects.stream().noneMatch(effect -> effect.startsWith("answered"))) {
            told.add(result);
        }
        String tail = told.isEmpty() ? "" : "  [" + String.join(", ", told) + "]";
        if (steps.size() < MOST_STEPS) {
            steps.add(new Step(stage, number, name + rule.selector().text() + chance + " -> " + action + tail, facts));
        }
    }

    // ---- selectors

    private static boolean chances(Selector selector) {
        return switch (selector) {
            case StatefulSelector.Probability _ -> true;
            case LogicSelector.And and -> and.all().stream().anyMatch(Rehearsal::chances);
            case LogicSelector.Or or -> or.any().stream().anyMatch(Rehearsal::chances);
            case LogicSelector.Not not -> chances(not.other());
            default -> false;
        };
    }

    private Selector rehearsed(Selector selector) {
        return switch (selector) {
            case LogicSelector.And and ->
                new LogicSelector.And(and.all().stream().map(this::rehearsed).toList());
            case LogicSelector.Or or ->
                new LogicSelector.Or(or.any().stream().map(this::rehearsed).toList());
            case LogicSelector.Not not -> new LogicSelector.Not(rehearsed(not.other()));
            case StatefulSelector.MaxQps limit ->
                looking(limit, query -> limit.bucket().hasToken(nowNanos));
            case StatefulSelector.MaxQpsIp limit ->
                looking(limit, query -> limit.rates()
                        .wouldExceed(
                                query.origin().client().family(),
                                query.origin().client().hi(),
                                query.origin().client().lo(),
                                nowNanos));
            case StatefulSelector.Probability chance -> looking(chance, query -> chance.probability() >= LIKELY);
            default -> selector;
        };
    }

    private static Selector looking(Selector selector, StatefulSelector.Test test) {
        return new StatefulSelector.Custom(selector.text(), test);
    }

    // ---- policies

    private Policy rehearsed(Policy policy) {
        return new Policy.Custom(policy.name(), (servers, query, context) -> {
            policyAsked = true;
            return policy instanceof Policy.FirstAvailable
                    ? firstAvailable(servers, query, context)
                    : policy.select(servers, query, new Looking(context, engine.comingTurn()));
        });
    }

    private static @Nullable Backend firstAvailable(List<Backend> servers, Query query, PolicyContext context) {
        for (Backend server : servers) {
            if (server.isUsable() && server.hasQpsToken(context.nowNanos())) {
                return server;
            }
        }
        return new Policy.LeastOutstanding().select(servers, query, context);
    }

    /** Whose turn stays. */
    private record Looking(PolicyContext context, int nextTurn) implements PolicyContext {
        @Override
        public long nowNanos() {
            return context.nowNanos();
        }

        @Override
        public RandomGenerator random() {
            return context.random();
        }

        @Override
        public int hashSeed() {
            return context.hashSeed();
        }

        @Override
        public double weightedBalancingFactor() {
            return context.weightedBalancingFactor();
        }

        @Override
        public double consistentHashingBalancingFactor() {
            return context.consistentHashingBalancingFactor();
        }

        @Override
        public boolean roundRobinFailOnNoServer() {
            return context.roundRobinFailOnNoServer();
        }
    }
}
