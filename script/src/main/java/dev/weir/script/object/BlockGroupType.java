package dev.weir.script.object;

import static dev.weir.engine.block.Limit.Kind.ALLOWED_RCODES_RATIO;
import static dev.weir.engine.block.Limit.Kind.BYTE_RATE;
import static dev.weir.engine.block.Limit.Kind.CACHE_MISS_RATIO;
import static dev.weir.engine.block.Limit.Kind.QUERY_RATE;
import static dev.weir.engine.block.Limit.Kind.RCODE_RATE;
import static dev.weir.engine.block.Limit.Kind.RCODE_RATIO;
import static dev.weir.engine.block.Limit.Kind.TYPE_RATE;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Result;
import dev.weir.engine.block.BlockGroup;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.Limit;
import dev.weir.engine.block.Masks;
import dev.weir.engine.block.SuffixRule;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaOperators;
import dev.weir.lua.LuaString;
import dev.weir.lua.Values;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.LuaObject;
import dev.weir.script.lang.ObjectType;
import dev.weir.script.lang.Options;
import dev.weir.script.lang.ToLua;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** DynBlockRulesGroup: limits that find whom to block. */
public final class BlockGroupType extends ObjectType<BlockGroup> {
    private static final Result[] ACTIONS = Result.values();
    private static final int MOST_TYPE = 0xffff;
    private static final int MOST_RCODE = 0xff;

    private final Context context;

    BlockGroupType(Context context) {
        super(
                "DynBlockRulesGroup",
                BlockGroup.class,
                "apply excludeDomains excludeRange includeRange removeRange setAllowedRCodesRatio setCacheMissRatio "
                        + "setMasks setNewBlockInsertedHook setQTypeRate setQueryRate setQuiet setRCodeRate "
                        + "setRCodeRatio setResponseByteRate setSuffixMatchRule setSuffixMatchRuleFFI "
                        + "toString",
                "");
        this.context = context;
    }

    @Override
    protected @Nullable Object call(BlockGroup self, LuaObject object, String method, Args args) {
        switch (method) {
            case "apply" -> context.model.later(() -> self.apply(System.nanoTime()));
            case "excludeDomains" -> {
                for (@Nullable Object name : Args.oneOrMore(args.at(1))) {
                    self.exclude(NameType.name(args, name, "domains"));
                }
            }
            case "excludeRange" -> ranges(args).forEach(self::exclude);
            case "includeRange" -> ranges(args).forEach(self::include);
            case "removeRange" -> ranges(args).forEach(self::forget);
            case "setMasks" -> self.masks(new Masks(bits(args, 1, "v4"), bits(args, 2, "v6"), bits(args, 3, "port")));
            case "setNewBlockInsertedHook" -> self.hook(hook(args.function(1, "hook")));
            case "setQuiet" -> self.quiet(args.bool(1, "quiet"));
            case "setSuffixMatchRule" -> self.suffixRule(suffixRule(args));
            case "setSuffixMatchRuleFFI" -> self.suffixRule(suffixRuleFfi(args));
            case "toString" -> {
                return ToLua.of(self.toString());
            }
            default -> self.limit(limit(method, args));
        }
        return Values.NONE;
    }

    // ---- limits

    private Limit limit(String method, Args args) {
        return switch (method) {
            case "setQueryRate" -> rate(QUERY_RATE, 0, args, 1);
            case "setResponseByteRate" -> rate(BYTE_RATE, 0, args, 1);
            case "setQTypeRate" -> rate(TYPE_RATE, (int) args.integer(1, "qtype", 0, MOST_TYPE), args, 2);
            case "setRCodeRate" -> rate(RCODE_RATE, rcode(args), args, 2);
            case "setRCodeRatio" -> ratio(RCODE_RATIO, rcode(args), Set.of(), args, 2, 0);
            case "setAllowedRCodesRatio" -> {
                Set<Integer> allowed = new HashSet<>(args.integers(1, "rcodes"));
                yield ratio(ALLOWED_RCODES_RATIO, 0, allowed, args, 2, 0);
            }
            case "setCacheMissRatio" -> ratio(CACHE_MISS_RATIO, 0, Set.of(), args, 1, 1);
            default -> throw unknown(method);
        };
    }

    private static int rcode(Args args) {
        return (int) args.integer(1, "rcode", 0, MOST_RCODE);
    }

    /** {@code rate, seconds, reason, blockingTime [, action [, warningRate [, options]]]} from an argument on. */
    private Limit rate(Limit.Kind kind, int code, Args args, int first) {
        double most = (double) args.integer(first, "rate", 0, 0xffff_ffffL);
        int seconds = seconds(args, first + 1);
        double warning = args.has(first + 5) ? (double) args.integer(first + 5, "warningRate", 0, 0xffff_ffffL) : 0;
        BlockSpec block = block(args, first + 2, first + 4, first + 6);
        return Limit.rate(kind, code, most, warning, seconds, block);
    }

    /** {@code ratio, seconds, reason, blockingTime, minimum …[, action [, warningRatio [, options]]]} from an argument on. */
    private Limit ratio(Limit.Kind kind, int code, Set<Integer> allowed, Args args, int first, int more) {
        double most = args.number(first, "ratio");
        int seconds = seconds(args, first + 1);
        long least = args.integer(first + 4, "minimumNumberOfResponses", 0, Integer.MAX_VALUE);
        double leastHitRatio = more == 0 ? 0 : args.number(first + 5, "minimumGlobalCacheHitRatio");
        int action = first + 5 + more;
        double warning = args.has(action + 1) ? args.number(action + 1, "warningRatio") : 0;
        BlockSpec block = block(args, first + 2, action, action + 2);
        return new Limit(kind, code, allowed, most, warning, seconds, least, leastHitRatio, block);
    }

    private static int seconds(Args args, int index) {
        return (int) args.integer(index, "seconds", 0, Integer.MAX_VALUE);
    }

    /** @param reason index of the reason; the duration comes next */
    private BlockSpec block(Args args, int reason, int action, int options) {
        Options more = args.options(options, context);
        String tagName = more.string("tagName", "");
        String tagValue = more.string("tagValue", "");
        more.done();
        return new BlockSpec(
                args.string(reason, "reason"),
                (int) args.integer(reason + 1, "blockingTime", 0, Integer.MAX_VALUE),
                action(args, action),
                false,
                tagName,
                tagValue);
    }

    /** A number of {@code DNSAction}; {@link Result#NONE} if it is not given. */
    public static Result action(Args args, int index) {
        return args.has(index) ? ACTIONS[(int) args.integer(index, "action", 0, ACTIONS.length - 1)] : Result.NONE;
    }

    // ---- names

    private SuffixRule suffixRule(Args args) {
        LuaFunction visitor = args.function(5, "visitor");
        BlockSpec block = block(args, 2, 4, 6);
        return new SuffixRule(seconds(args, 1), block, (node, self, subtree, usual) -> {
            Object said = context.state.call(
                    visitor,
                    context.objects.statNode.wrap(node),
                    context.objects.statNodeStats.wrap(self),
                    context.objects.statNodeStats.wrap(subtree));
            return LuaOperators.isTrue(Values.first(said)) ? changed(usual, Values.all(said)) : null;
        });
    }

    private SuffixRule suffixRuleFfi(Args args) {
        LuaFunction visitor = args.function(5, "visitor");
        BlockSpec block = block(args, 2, 4, 6);
        return new SuffixRule(
                seconds(args, 1),
                block,
                (node, self, subtree, usual) -> context.ffi.visit(visitor, node, self, subtree, usual));
    }

    /** The visitor may return a reason and an action of its own. */
    private static BlockSpec changed(BlockSpec usual, @Nullable Object[] said) {
        LuaString reason = said.length > 1 ? FromLua.string(said[1]) : null;
        BlockSpec block = reason == null ? usual : usual.withReason(reason.toString());
        Double action = said.length > 2 ? LuaNumber.coerce(said[2]) : null;
        int number = action == null ? -1 : LuaNumber.toInteger(action);
        return number >= 0 && number < ACTIONS.length ? block.withAction(ACTIONS[number]) : block;
    }

    // ---- exceptions

    private static List<Netmask> ranges(Args args) {
        NetmaskGroup group = Args.objectOrNull(args.at(1), NetmaskGroup.class);
        return group != null
                ? group.masks()
                : args.strings(1, "netmasks").stream().map(Netmask::parse).toList();
    }

    private static int bits(Args args, int index, String parameter) {
        return args.integer(index, parameter);
    }

    /** Called without the group's lock, possibly from the thread that looks between two applications, which does not wait for Lua. */
    private BlockGroup.Hook hook(LuaFunction function) {
        return (name, key, block) -> context.callbacks.tell(() -> {
            try {
                var _ = context.state.call(
                        function,
                        ToLua.of(name ? 1 : 0),
                        ToLua.of(key),
                        ToLua.of(block.reason()),
                        ToLua.of(block.action().ordinal()),
                        ToLua.of(block.seconds()),
                        ToLua.of(block.warning()));
            } catch (Throwable e) {
                context.calls.failed("new block hook", function, e);
            }
        });
    }
}
