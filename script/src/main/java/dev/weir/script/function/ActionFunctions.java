package dev.weir.script.function;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.action.LogAction;
import dev.weir.engine.action.Result;
import dev.weir.engine.action.TeeAction;
import dev.weir.engine.export.ExportSpec;
import dev.weir.engine.export.QueryCopier;
import dev.weir.engine.query.HttpAnswer;
import dev.weir.engine.rate.TokenBucket;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaString;
import dev.weir.lua.LuaTable;
import dev.weir.script.ffi.ThreadScripts;
import dev.weir.script.lang.Area;
import dev.weir.script.lang.Args;
import dev.weir.script.lang.FromLua;
import dev.weir.script.lang.Options;
import dev.weir.script.object.Context;
import dev.weir.script.object.NameType;
import dev.weir.script.object.SoaArguments;
import dev.weir.wire.Name;
import dev.weir.wire.ProxyHeader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Actions: what query rules do. */
public final class ActionFunctions implements Area {
    private static final int DNS_PORT = 53;
    private static final int U16 = 0xffff;
    private static final long U32 = 0xffff_ffffL;
    private static final int MAX = Integer.MAX_VALUE;

    private final Context context;

    public ActionFunctions(Context context) {
        this.context = context;
    }

    @Override
    public List<String> functions() {
        return List.of(
                "AllowAction",
                "ContinueAction",
                "DelayAction",
                "DropAction",
                "ERCodeAction",
                "LogAction",
                "LuaAction",
                "LuaFFIAction",
                "LuaFFIPerThreadAction",
                "NegativeAndSOAAction",
                "NoneAction",
                "PoolAction",
                "QPSAction",
                "QPSPoolAction",
                "HTTPStatusAction",
                "RCodeAction",
                "SetAdditionalProxyProtocolValueAction",
                "SetDisableECSAction",
                "SetDisableValidationAction",
                "SetECSAction",
                "SetECSOverrideAction",
                "SetECSPrefixLengthAction",
                "SetEDNSOptionAction",
                "SetExtendedDNSErrorAction",
                "SetMacAddrAction",
                "SetMaxReturnedTTLAction",
                "SetNoRecurseAction",
                "SetProxyProtocolValuesAction",
                "SetSkipCacheAction",
                "SetTagAction",
                "SetTempFailureCacheTTLAction",
                "SpoofAction",
                "SpoofCNAMEAction",
                "SpoofPacketAction",
                "SpoofRawAction",
                "SpoofSVCAction",
                "TCAction",
                "TeeAction",
                "UnsetTagAction");
    }

    @Override
    public @Nullable Object call(String function, Args args) {
        return context.objects.action.wrap(action(function, args));
    }

    private static ExportSpec queryLog(Args args) {
        return new ExportSpec.LogFile(
                args.stringOr(1, "filename", ""),
                args.boolOr(2, "binary", true),
                args.boolOr(3, "append", false),
                args.boolOr(4, "buffered", false),
                args.boolOr(5, "verboseOnly", true),
                args.boolOr(6, "includeTimestamp", false));
    }

    private Action action(String function, Args args) {
        return switch (function) {
            case "AllowAction" -> new Action.Allow();
            case "DropAction" -> new Action.Drop();
            case "NoneAction" -> new Action.None();
            case "TCAction" -> new Action.Truncate();
            case "ContinueAction" -> new Action.Continue(args.object(1, "action", Action.class));
            case "DelayAction" -> new Action.Delay((int) args.integer(1, "milliseconds", 0, MAX));
            case "LuaAction" -> {
                LuaFunction code = args.function(1, "function");
                yield new Action.Custom("Lua script", query -> context.calls.action(code, query));
            }
            case "LogAction" -> new LogAction(context.open(queryLog(args)));
            case "PoolAction" -> new Action.ToPool(pool(args, 1), args.boolOr(2, "stop", true));
            case "QPSAction" -> new Action.Qps(limit(args));
            case "QPSPoolAction" -> new Action.QpsPool(limit(args), pool(args, 2), args.boolOr(3, "stop", true));
            case "LuaFFIAction" -> {
                LuaFunction code = args.function(1, "function");
                yield new Action.Custom("Lua FFI script", query -> context.calls.ffiAction(code, query));
            }
            case "LuaFFIPerThreadAction" -> {
                ThreadScripts.Code code = context.threadCode(function, args, 1, "function");
                yield new Action.Custom(
                        "Lua FFI per-thread script",
                        query -> code.call((scripts, f) -> scripts.action(f, query), Result.SERVFAIL));
            }
            case "SetTagAction" -> new Action.SetTag(args.string(1, "name"), args.string(2, "value"));
            case "UnsetTagAction" -> new Action.UnsetTag(args.string(1, "name"));
            case "SetNoRecurseAction" -> new Action.SetNoRecurse();
            case "SetDisableValidationAction" -> new Action.SetDisableValidation();
            case "SetSkipCacheAction" -> new Action.SetSkipCache();
            case "SetTempFailureCacheTTLAction" -> new Action.SetTempFailureCacheTtl(args.integer(1, "ttl", 0, MAX));
            case "SetMaxReturnedTTLAction" -> new Action.SetMaxReturnedTtl(args.integer(1, "max", 0, U32));
            case "SetExtendedDNSErrorAction" ->
                new Action.SetExtendedError(
                        (int) args.integer(1, "infoCode", 0, U16),
                        args.has(2) ? args.octets(2, "extraText") : new byte[0],
                        args.boolOr(3, "clearExistingEntries", true));
            default -> subnetOrAnswer(function, args);
        };
    }

    private Action subnetOrAnswer(String function, Args args) {
        return switch (function) {
            case "SetEDNSOptionAction" ->
                new Action.SetEdnsOption((int) args.integer(1, "option", 0, U16), args.octets(2, "data"));
            case "SetMacAddrAction" ->
                new Action.SetMacAddress((int) args.integer(1, "option", 0, U16), context.host.linkAddresses());
            case "SetAdditionalProxyProtocolValueAction" ->
                new Action.AddProxyValue((int) args.integer(1, "type", 0, 255), args.octets(2, "value"));
            case "SetProxyProtocolValuesAction" -> new Action.SetProxyValues(tlvs(args));
            case "SetDisableECSAction" -> new Action.SetDisableEcs();
            case "SetECSOverrideAction" -> new Action.SetEcsOverride(args.bool(1, "override"));
            case "SetECSPrefixLengthAction" ->
                new Action.SetEcsPrefixLength((int) Math.min(32, args.integer(1, "v4", 0, U16)), (int)
                        Math.min(128, args.integer(2, "v6", 0, U16)));
            case "SetECSAction" ->
                new Action.SetEcs(
                        Netmask.parse(args.string(1, "v4")), args.has(2) ? Netmask.parse(args.string(2, "v6")) : null);
            case "HTTPStatusAction" -> {
                boolean typed = FromLua.isText(args.at(3));
                HttpAnswer answer = new HttpAnswer(
                        (int) args.integer(1, "status", 100, 999),
                        args.octets(2, "body"),
                        typed ? args.string(3, "contentType") : "");
                yield new Answering.HttpStatus(answer, flags(args.options(4, context), false));
            }
            case "RCodeAction" -> new Answering.RCode(headerRcode(args), flags(args.options(2, context), false));
            case "ERCodeAction" ->
                new Answering.ExtendedRCode(
                        (int) args.integer(1, "rcode", 0, 0xfff), flags(args.options(2, context), false));
            case "SpoofAction" -> spoof(args);
            case "SpoofCNAMEAction" ->
                new Answering.SpoofCname(NameType.name(args, 1, "cname"), flags(args.options(2, context), true));
            case "SpoofRawAction" -> spoofRaw(args);
            case "SpoofPacketAction" -> spoofPacket(args);
            case "SpoofSVCAction" ->
                new Answering.SpoofService(ServiceFunctions.bindings(args), flags(args.options(2, context), true));
            case "TeeAction" -> tee(args);
            case "NegativeAndSOAAction" -> negativeAndSoa(args);
            default -> throw Area.unknown(function);
        };
    }

    /** A pool that a rule sends queries to exists from then on; queries to it find no server until it has one. */
    private String pool(Args args, int index) {
        String name = args.string(index, "poolname");
        context.model.pool(name);
        return name;
    }

    private static List<ProxyHeader.Tlv> tlvs(Args args) {
        List<ProxyHeader.Tlv> tlvs = new ArrayList<>();
        LuaTable table = args.table(1, "values");
        for (FromLua.Entry entry : FromLua.entries(table)) {
            Args pair = new Args(args.function(), new Object[] {entry.key(), entry.value()}, 0);
            tlvs.add(new ProxyHeader.Tlv((int) pair.integer(1, "type", 0, 255), pair.octets(2, "value")));
        }
        return tlvs;
    }

    private static TokenBucket limit(Args args) {
        long rate = args.integer(1, "maxqps", 0, MAX);
        return new TokenBucket(rate, rate, System.nanoTime());
    }

    private static AnswerFlags flags(Options options, boolean withTtl) {
        @Nullable Boolean aa = options.bool("aa");
        @Nullable Boolean ad = options.bool("ad");
        @Nullable Boolean ra = options.bool("ra");
        long ttl = withTtl ? options.longInteger("ttl", 60) : 60;
        options.done();
        return new AnswerFlags(aa, ad, ra, ttl);
    }

    /** The header has four bits for it. */
    private static int headerRcode(Args args) {
        int rcode = (int) args.integer(1, "rcode", 0, 255);
        if (rcode > 15) {
            args.complain(rcode + " has more than the header's four bits and is answered as " + (rcode & 15)
                    + "; ERCodeAction answers all of it");
        }
        return rcode & 15;
    }

    /** One or more addresses. Old configurations give an IPv4 and an IPv6 address as two arguments. */
    private Action spoof(Args args) {
        List<@Nullable Object> values = new ArrayList<>(Args.oneOrMore(args.at(1)));
        int next = 2;
        if (FromLua.isText(args.at(2))) {
            values.add(args.at(2));
            next = 3;
        }
        AnswerFlags flags = flags(args.options(next, context), true);
        List<IpAddress> addresses = new ArrayList<>();
        for (@Nullable Object value : values) {
            addresses.add(spoofed(args, value));
        }
        return new Answering.SpoofAddresses(List.copyOf(addresses), flags);
    }

    private static IpAddress spoofed(Args args, @Nullable Object value) {
        Endpoint endpoint = Args.objectOrNull(value, Endpoint.class);
        if (endpoint != null) {
            return endpoint.ip();
        }
        if (!FromLua.isText(value)) {
            return args.fail("addresses", "an address or a list of addresses", value);
        }
        try {
            return Endpoint.parse(FromLua.text(value), 0).ip();
        } catch (IllegalArgumentException e) {
            throw args.error(e.getMessage() + "; names are for SpoofCNAMEAction");
        }
    }

    private Action spoofRaw(Args args) {
        List<byte[]> rdata = new ArrayList<>();
        for (@Nullable Object value : Args.oneOrMore(args.at(1))) {
            LuaString octets = FromLua.string(value);
            rdata.add(octets != null ? octets.toByteArray() : args.fail("rawAnswers", "raw RDATA", value));
        }
        Options options = args.options(2, context);
        int typeForAny = options.integer("typeForAny", -1, 0, U16);
        return new Answering.SpoofRaw(List.copyOf(rdata), typeForAny, flags(options, true));
    }

    /** Where the copies come from may be said in the third place, as text. */
    private Action tee(Args args) {
        Endpoint remote = Endpoint.parse(args.string(1, "remote"), DNS_PORT);
        String local = args.stringOr(3, "local", "");
        QueryCopier.Spec spec = new QueryCopier.Spec(remote, local.isEmpty() ? null : Endpoint.parse(local, 0));
        QueryCopier copier = context.open(spec);
        return new TeeAction(copier, args.boolOr(2, "addECS", false), args.boolOr(4, "addProxyProtocol", false));
    }

    private static Action spoofPacket(Args args) {
        byte[] packet = args.octets(1, "rawPacket");
        int length = args.has(2) ? (int) args.integer(2, "len", 0, packet.length) : packet.length;
        return new Answering.SpoofPacket(java.util.Arrays.copyOf(packet, length));
    }

    private Action negativeAndSoa(Args args) {
        boolean nxdomain = args.bool(1, "nxd");
        Name zone = NameType.name(args, 2, "zone");
        long ttl = args.integer(3, "ttl", 0, U32);
        Options options = args.at(11) instanceof LuaTable table
                ? new Options(args, table, context)
                : new Options(args, new LuaTable(), context);
        boolean inAuthority = options.bool("soaInAuthoritySection", false);
        return new Answering.NegativeAndSoa(
                nxdomain, zone, ttl, SoaArguments.read(args, 4), inAuthority, flags(options, false));
    }
}
