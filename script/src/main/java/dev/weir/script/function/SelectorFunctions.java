package dev.weir.script.function;

import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.acl.TimedAddresses;
import dev.weir.engine.expression.Expression;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.rate.RateTable;
import dev.weir.engine.rate.TokenBucket;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.ContextSelector;
import dev.weir.engine.rule.HttpSelector;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.MessageSelector;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.NameSet;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.rule.StatefulSelector;
import dev.weir.engine.rule.SuffixSet;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaNumber;
import dev.weir.lua.LuaTable;
import dev.weir.script.ffi.ThreadScripts;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Options;
import dev.weir.script.object.Context;
import dev.weir.script.object.NameType;
import dev.weir.script.object.SelectorType;
import dev.weir.wire.Name;
import dev.weir.wire.RecordClass;
import dev.weir.wire.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Selectors: what rules look for. */
public final class SelectorFunctions implements Area {
    private static final int U8 = 0xff;
    private static final int U16 = 0xffff;
    private static final int MAX = Integer.MAX_VALUE;

    private final Context context;

    public SelectorFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "AllRule",
                "AndRule",
                "DNSSECRule",
                "DSTPortRule",
                "ERCodeRule",
                "EDNSOptionRule",
                "EDNSVersionRule",
                "HTTPHeaderRule",
                "HTTPPathRegexRule",
                "HTTPPathRule",
                "IncomingProtocolRule",
                "LuaFFIPerThreadRule",
                "LuaFFIRule",
                "LuaRule",
                "makeRule",
                "MaxQPSIPRule",
                "MaxQPSRule",
                "NetmaskGroupRule",
                "NotRule",
                "OpcodeRule",
                "OrRule",
                "PayloadSizeRule",
                "PoolAvailableRule",
                "PoolOutstandingRule",
                "ProbaRule",
                "ProxyProtocolValueRule",
                "QClassRule",
                "QNameLabelsCountRule",
                "QNameRule",
                "QNameSetRule",
                "QNameSuffixRule",
                "QNameWireLengthRule",
                "QTypeRule",
                "RCodeRule",
                "RDRule",
                "RE2Rule",
                "RecordsCountRule",
                "RecordsTypeCountRule",
                "RegexRule",
                "SNIRule",
                "SuffixMatchNodeRule",
                "TagRule",
                "TCPRule",
                "TimedIPSetRule",
                "TrailingDataRule");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        return function.equals("TimedIPSetRule")
                ? context.objects.timedSet.wrap(new TimedAddresses())
                : context.objects.selector.wrap(selector(function, args));
    }

    private Selector selector(String function, Args args) {
        return switch (function) {
            case "AllRule" -> new LogicSelector.All();
            case "AndRule" -> new LogicSelector.And(selectors(args));
            case "OrRule" -> new LogicSelector.Or(selectors(args));
            case "NotRule" -> new LogicSelector.Not(of(args, 1, "selector"));
            case "LuaRule" -> {
                LuaFunction code = args.function(1, "function");
                yield new StatefulSelector.Custom("Lua script", query -> context.calls.matches(code, query));
            }
            case "LuaFFIRule" -> {
                LuaFunction code = args.function(1, "function");
                yield new StatefulSelector.Custom("Lua FFI script", query -> context.calls.ffiMatches(code, query));
            }
            case "LuaFFIPerThreadRule" -> {
                ThreadScripts.Code code = context.threadCode(function, args, 1, "function");
                yield new StatefulSelector.Custom(
                        "Lua FFI per-thread script",
                        query -> code.call((scripts, f) -> scripts.matches(f, query), false));
            }
            case "makeRule" -> Shorthand.selector(args, args.at(1));
            case "MaxQPSIPRule" -> perClient(args);
            case "MaxQPSRule" -> new StatefulSelector.MaxQps(limit(args, args.integerOr(2, "burst", 0)));
            case "NetmaskGroupRule" -> netmasks(args);
            case "PoolAvailableRule" -> new ContextSelector.PoolAvailable(args.string(1, "pool"));
            case "PoolOutstandingRule" ->
                new ContextSelector.PoolOutstanding(args.string(1, "pool"), args.integer(2, "limit", 0, MAX));
            case "ProbaRule" -> new StatefulSelector.Probability(args.number(1, "probability"));
            case "HTTPHeaderRule" ->
                new HttpSelector.Header(
                        args.string(1, "name").toLowerCase(Locale.ROOT), Expression.posix(args.string(2, "regex")));
            case "HTTPPathRegexRule" -> new HttpSelector.PathRegex(Expression.posix(args.string(1, "regex")));
            case "HTTPPathRule" -> new HttpSelector.Path(args.string(1, "path"));
            case "SNIRule" -> new ClientSelector.ServerName(args.string(1, "name"));
            case "IncomingProtocolRule" -> new ClientSelector.IncomingProtocol(protocol(args));
            case "ProxyProtocolValueRule" ->
                new ClientSelector.ProxyValue(
                        (int) args.integer(1, "type", 0, 255), args.has(2) ? args.octets(2, "value") : null);
            case "TagRule" ->
                new ContextSelector.Tag(args.string(1, "name"), args.has(2) ? args.string(2, "value") : null);
            case "TCPRule" -> new ClientSelector.Tcp(args.bool(1, "tcp"));
            default -> onMessage(function, args);
        };
    }

    /** Selectors that look at names, types and bits. */
    private Selector onMessage(String function, Args args) {
        return switch (function) {
            case "DNSSECRule" -> new MessageSelector.Dnssec();
            case "RDRule" -> new MessageSelector.Rd();
            case "TrailingDataRule" -> new MessageSelector.TrailingData();
            case "EDNSOptionRule" -> new MessageSelector.EdnsOption(u16(args, "optcode"));
            case "EDNSVersionRule" -> new MessageSelector.EdnsVersion((int) args.integer(1, "version", 0, 255));
            case "PayloadSizeRule" ->
                new MessageSelector.PayloadSize(comparison(args), (int) args.integer(2, "size", 0, U16));
            case "RecordsCountRule" ->
                new MessageSelector.RecordsCount(
                        (int) args.integer(1, "section", 0, 3), (int) args.integer(2, "minCount", 0, U16), (int)
                                args.integer(3, "maxCount", 0, U16));
            case "RecordsTypeCountRule" ->
                new MessageSelector.RecordsTypeCount(
                        (int) args.integer(1, "section", 0, 3),
                        typeOrNumber(args, 2, "qtype"),
                        (int) args.integer(3, "minCount", 0, U16),
                        (int) args.integer(4, "maxCount", 0, U16));
            case "DSTPortRule" -> new ClientSelector.DstPort(u16(args, "port"));
            // Numbers that need more bits than the header has match nothing, and DNSRCode and DNSOpcode have such
            // numbers.
            case "OpcodeRule" -> new MessageSelector.Opcode((int) args.integer(1, "code", 0, U8));
            case "RCodeRule" -> new MessageSelector.RCode((int) args.integer(1, "rcode", 0, U8));
            case "ERCodeRule" -> new MessageSelector.ExtendedRCode((int) args.integer(1, "rcode", 0, 0xfff));
            case "QClassRule" -> new MessageSelector.QClass(classOrNumber(args));
            case "QTypeRule" -> new MessageSelector.QType(typeOrNumber(args, 1, "qtype"));
            case "QNameRule" -> new NameSelector.QName(NameType.name(args, 1, "qname"));
            case "QNameSetRule" -> new NameSelector.QNameSet(args.object(1, "set", NameSet.class));
            case "QNameSuffixRule", "SuffixMatchNodeRule" ->
                new NameSelector.Suffix(suffixes(args), args.boolOr(2, "quiet", false));
            case "QNameLabelsCountRule" ->
                new NameSelector.LabelsCount(u16(args, "min"), (int) args.integer(2, "max", 0, U16));
            case "QNameWireLengthRule" ->
                new NameSelector.WireLength(u16(args, "min"), (int) args.integer(2, "max", 0, U16));
            case "RegexRule" -> new NameSelector.Regex(Expression.posix(args.string(1, "regex")));
            case "RE2Rule" -> new NameSelector.Regex(Expression.re2(args.string(1, "regex")));
            default -> throw Area.unknown(function);
        };
    }

    private static int u16(Args args, String parameter) {
        return (int) args.integer(1, parameter, 0, U16);
    }

    /** The selector given as an object. */
    static Selector of(Args args, int index, String parameter) {
        return args.object(index, parameter, SelectorType.Selection.class).selector();
    }

    private static List<Selector> selectors(Args args) {
        List<Selector> all = new ArrayList<>();
        for (@Nullable Object value : Args.oneOrMore(args.table(1, "selectors"))) {
            SelectorType.Selection selection = Args.objectOrNull(value, SelectorType.Selection.class);
            all.add(selection != null ? selection.selector() : args.fail("selectors", "a list of selectors", value));
        }
        return all;
    }

    /** A set of suffixes, which may still change, or one or more names. */
    private static SuffixSet suffixes(Args args) {
        SuffixSet set = Args.objectOrNull(args.at(1), SuffixSet.class);
        if (set != null) {
            return set;
        }
        List<Name> names = new ArrayList<>();
        for (@Nullable Object value : Args.oneOrMore(args.at(1))) {
            names.add(
                    Args.objectOrNull(value, Name.class) != null || FromLua.isText(value)
                            ? NameType.name(args, value, "suffixes")
                            : args.fail("suffixes", "a SuffixMatchNode, a name or a list of names", value));
        }
        return SuffixSet.of(names);
    }

    private static TokenBucket limit(Args args, int burst) {
        long rate = args.integer(1, "qps", 0, MAX);
        return new TokenBucket(rate, burst == 0 ? rate : burst, System.nanoTime());
    }

    /** dnsdist's eight numbers, of which the last two say how its tables are cleaned, and a table of our own options behind the last one. */
    private Selector perClient(Args args) {
        int last = args.count();
        boolean withOptions = last > 1 && args.at(last) instanceof LuaTable;
        int numbers = withOptions ? last - 1 : last;
        Options options = args.options(withOptions ? last : last + 1, context);
        int cells = options.integer("cells", RateTable.USUAL_CELLS, 1, RateTable.MOST_CELLS);
        options.done();
        // dnsdist looks for networks that are past their expiration so often, and ours are past it when they come back.
        long forgottenSeconds = number(args, numbers, 5, "expiration", 300, Integer.MAX_VALUE)
                + number(args, numbers, 6, "cleanupDelay", 60, Integer.MAX_VALUE);
        number(args, numbers, 7, "scanFraction", 10, Integer.MAX_VALUE);
        number(args, numbers, 8, "shards", 10, Integer.MAX_VALUE);
        return new StatefulSelector.MaxQpsIp(new RateTable(new RateTable.Spec(
                args.integer(1, "qps", 0, MAX),
                (int) Math.min(32, number(args, numbers, 2, "v4Mask", 32, U8)), // more bits than there are: all
                (int) Math.min(128, number(args, numbers, 3, "v6Mask", 64, U8)),
                number(args, numbers, 4, "burst", 0, MAX),
                forgottenSeconds,
                cells)));
    }

    private static long number(Args args, int numbers, int index, String parameter, long otherwise, long most) {
        return index <= numbers && args.has(index) ? args.integer(index, parameter, 0, most) : otherwise;
    }

    /** A set of networks, or networks in text. */
    private static Selector netmasks(Args args) {
        NetmaskGroup group = Args.objectOrNull(args.at(1), NetmaskGroup.class);
        if (group == null) {
            boolean texts = FromLua.isText(args.at(1)) || args.at(1) instanceof LuaTable;
            group = texts ? NetmaskGroup.parse(args.strings(1, "nmg")) : args.object(1, "nmg", NetmaskGroup.class);
        }
        return new ClientSelector.Netmasks(group, args.boolOr(2, "src", true), args.boolOr(3, "quiet", false));
    }

    private static MessageSelector.Comparison comparison(Args args) {
        String word = args.string(1, "comparison");
        for (MessageSelector.Comparison comparison : MessageSelector.Comparison.values()) {
            if (comparison.word().equals(word)) {
                return comparison;
            }
        }
        throw args.error("'comparison' must be equal, greater, greaterOrEqual, smaller or smallerOrEqual");
    }

    private static Protocol protocol(Args args) {
        String name = args.string(1, "protocol");
        for (Protocol protocol : Protocol.values()) {
            if (protocol.shortName().equalsIgnoreCase(name)) {
                return protocol;
            }
        }
        throw args.error("'" + name + "' is not a protocol");
    }

    /** A type's number or mnemonic. */
    static int typeOrNumber(Args args, int index, String parameter) {
        if ((LuaNumber.coerce(args.at(index)) != null)) {
            return (int) args.integer(index, parameter, 0, U16);
        }
        int type = RecordType.parse(args.string(index, parameter));
        if (type < 0) {
            throw args.error("'" + FromLua.text(args.at(index)) + "' is not a record type");
        }
        return type;
    }

    private static int classOrNumber(Args args) {
        if ((LuaNumber.coerce(args.at(1)) != null)) {
            return u16(args, "qclass");
        }
        int recordClass = RecordClass.parse(args.string(1, "qclass"));
        if (recordClass < 0) {
            throw args.error("'" + FromLua.text(args.at(1)) + "' is not a class");
        }
        return recordClass;
    }
}
