package dev.weir.script.function;

import static dev.weir.lua.Values.NONE;

import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.RuleChain;
import dev.weir.engine.rule.Selector;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Options;
import dev.weir.script.listing.RuleListing;
import dev.weir.script.object.Context;
import dev.weir.script.object.RuleType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The eight chains of rules. Each has the same functions under names made from its own: {@code addCacheHitResponseAction},
 * {@code rmCacheHitResponseRule}, {@code showCacheHitResponseRules} and so on.
 */
public final class RuleFunctions implements Area {
    private enum Verb {
        ADD,
        REMOVE,
        MOVE,
        MOVE_TO_TOP,
        SHOW,
        TOP,
        GET_TOP,
        GET_FIRST_OF_TOP,
        GET,
        GET_ACTION,
        CLEAR,
        SET
    }

    private record Chain<A>(RuleChain<A> rules, Class<A> actionType, RuleType ruleType) {}

    private record Function(Verb verb, Chain<?> chain) {}

    private final Context context;
    private final Map<String, Function> functions = new LinkedHashMap<>();

    public RuleFunctions(Context context) {
        this.context = context;
        var model = context.model;
        queryChain("", model.rules());
        queryChain("CacheMiss", model.cacheMissRules());
        responseChain("", model.responseRules());
        responseChain("CacheHit", model.cacheHitRules());
        responseChain("CacheInserted", model.cacheInsertedRules());
        responseChain("SelfAnswered", model.selfAnsweredRules());
        responseChain("XFR", model.xfrRules());
        responseChain("Timeout", model.timeoutRules());
        names();
    }

    /** Names that dnsdist's documentation has, or had, beside those that follow from a chain's. */
    private void names() {
        Chain<ResponseAction> responses = responses(context.model.responseRules());
        functions.put("setResponseRules", new Function(Verb.SET, responses));
        functions.put("topResponseRule", new Function(Verb.MOVE_TO_TOP, responses));
        functions.put(
                "getTopSelfAnsweredRules", new Function(Verb.GET_TOP, responses(context.model.selfAnsweredRules())));
        functions.put(
                "getTopTimeoutResponseRule",
                new Function(Verb.GET_FIRST_OF_TOP, responses(context.model.timeoutRules())));
    }

    private Chain<ResponseAction> responses(RuleChain<ResponseAction> rules) {
        return new Chain<>(rules, ResponseAction.class, context.objects.responseRule);
    }

    private void queryChain(String name, RuleChain<Action> rules) {
        Chain<Action> chain = new Chain<>(rules, Action.class, context.objects.rule);
        chain("add" + name + "Action", name + "Rule", chain);
        functions.put("set" + name + "Rules", new Function(Verb.SET, chain));
        functions.put("get" + name + "Action", new Function(Verb.GET_ACTION, chain));
    }

    private void responseChain(String name, RuleChain<ResponseAction> rules) {
        Chain<ResponseAction> chain = responses(rules);
        chain("add" + name + "ResponseAction", name + "ResponseRule", chain);
    }

    private void chain(String add, String rule, Chain<?> chain) {
        functions.put(add, new Function(Verb.ADD, chain));
        functions.put("rm" + rule, new Function(Verb.REMOVE, chain));
        functions.put("mv" + rule, new Function(Verb.MOVE, chain));
        functions.put("mv" + rule + "ToTop", new Function(Verb.MOVE_TO_TOP, chain));
        functions.put("show" + rule + "s", new Function(Verb.SHOW, chain));
        functions.put("top" + rule + "s", new Function(Verb.TOP, chain));
        functions.put("getTop" + rule + "s", new Function(Verb.GET_TOP, chain));
        functions.put("get" + rule, new Function(Verb.GET, chain));
        functions.put("clear" + rule + "s", new Function(Verb.CLEAR, chain));
    }

    @Override
    public List<String> functions() {
        List<String> names = new ArrayList<>(functions.keySet());
        names.add("newRuleAction");
        return names;
    }

    @Override
    public @Nullable Object call(String name, Args args) {
        if (name.equals("newRuleAction")) {
            return Args.objectOrNull(args.at(2), ResponseAction.class) != null
                    ? context.objects.responseRule.wrap(rule(args, ResponseAction.class))
                    : context.objects.rule.wrap(rule(args, Action.class));
        }
        Function function = functions.get(name);
        if (function == null) {
            throw Area.unknown(name);
        }
        return call(function.verb, function.chain, args);
    }

    private <A> @Nullable Object call(Verb verb, Chain<A> chain, Args args) {
        RuleChain<A> rules = chain.rules;
        switch (verb) {
            case ADD -> rules.add(rule(args, chain.actionType));
            case REMOVE -> remove(rules, args);
            case MOVE -> {
                if (!rules.move(args.integer(1, "from"), args.integer(2, "to"))) {
                    throw args.error("there is no rule at one of these positions");
                }
            }
            case MOVE_TO_TOP -> rules.moveLastToTop();
            case SHOW -> show(args, 1, (uuids, width) -> RuleListing.show(rules, uuids, width));
            case TOP -> {
                int count = args.integerOr(1, "top", 10);
                show(args, 2, (uuids, width) -> RuleListing.top(rules, count, uuids, width));
            }
            case GET_TOP -> {
                return list(chain, rules.top(args.integerOr(1, "top", 10)));
            }
            case GET_FIRST_OF_TOP -> {
                List<Rule<A>> first = rules.top(1);
                return first.isEmpty() ? null : chain.ruleType.wrap(first.getFirst());
            }
            case GET -> {
                Rule<A> rule = isPosition(args) ? rules.at(args.integer(1, "id")) : rules.at(args.string(1, "id"));
                return rule == null ? null : chain.ruleType.wrap(rule);
            }
            case GET_ACTION -> {
                Rule<A> rule = rules.at(args.integer(1, "n"));
                return rule != null && rule.action() instanceof Action action
                        ? context.objects.action.wrap(action)
                        : null;
            }
            case CLEAR -> rules.clear();
            case SET -> rules.set(given(chain, args));
        }
        return NONE;
    }

    private interface Listing {
        String show(boolean uuids, int ruleWidth);
    }

    private void show(Args args, int optionsIndex, Listing listing) {
        Options options = args.options(optionsIndex, context);
        boolean uuids = options.bool("showUUIDs", false);
        int width = options.integer("truncateRuleWidth", RuleListing.UNTRUNCATED, -1, Integer.MAX_VALUE);
        options.done();
        context.append(listing.show(uuids, width));
    }

    /** A rule from selector, action and options. */
    private <A> Rule<A> rule(Args args, Class<A> actionType) {
        Selector selector = Shorthand.selector(args, args.at(1));
        A action = args.object(2, "action", actionType);
        Options options = args.options(3, context);
        String uuid = options.string("uuid", "");
        String name = options.string("name", "");
        options.done();
        try {
            return Rule.of(selector, action, uuid.isEmpty() ? null : UUID.fromString(uuid), name);
        } catch (IllegalArgumentException e) {
            throw args.error("option 'uuid': '" + uuid + "' is not a UUID");
        }
    }

    /** Whether the first argument is a position, else a UUID or a name. */
    private static boolean isPosition(Args args) {
        return args.at(1) instanceof Double;
    }

    /** A rule that is not there ends no function: {@code maintenance()} goes on behind it. */
    private void remove(RuleChain<?> rules, Args args) {
        boolean removed = isPosition(args) ? rules.remove(args.integer(1, "id")) : rules.remove(args.string(1, "id"));
        if (removed) {
            return;
        }
        String message = "there is no rule '" + FromLua.text(args.at(1)) + "'";
        if (context.configuring()) {
            context.complain(args.function(), message);
        } else {
            context.print("Error: " + args.function() + ": " + message);
        }
    }

    private <A> @Nullable Object list(Chain<A> chain, List<Rule<A>> rules) {
        return LuaTable.ofList(rules.stream().map(chain.ruleType::wrap).toArray(Object[]::new));
    }

    @SuppressWarnings("unchecked") // only rules of this kind of action are let through
    private static <A> List<Rule<A>> given(Chain<A> chain, Args args) {
        List<Rule<A>> rules = new ArrayList<>();
        for (@Nullable Object value : Args.oneOrMore(args.table(1, "rules"))) {
            @Nullable Rule<?> rule = Args.objectOrNull(value, Rule.class);
            if (rule == null || !chain.actionType.isInstance(rule.action())) {
                return args.fail("rules", "a list of what newRuleAction returns", value);
            }
            rules.add((Rule<A>) rule);
        }
        return rules;
    }
}
