package dev.weir.script.object;

import dev.weir.config.Ledger;
import dev.weir.engine.action.ResponseResult;
import dev.weir.engine.action.Result;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.lua.LibraryFunction;
import dev.weir.lua.LuaFunction;
import dev.weir.lua.LuaState;
import dev.weir.lua.LuaTable;
import dev.weir.script.lang.ToLua;
import dev.weir.wire.RecordType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names that exist without being registered: tables of constants, made when first used, and functions that dnsdist has or had and we
 * have not, which say so when called.
 */
public final class Constants {
    private static final String OPCODES = "Query 0 IQuery 1 Status 2 Notify 4 Update 5";
    private static final String CLASSES = "IN 1 CHAOS 3 NONE 254 ANY 255";
    private static final String SECTIONS = "Question 0 Answer 1 Authority 2 Additional 3";
    private static final String OPTIONS =
            "NSID 3 DAU 5 DHU 6 N3U 7 ECS 8 EXPIRE 9 COOKIE 10 TCPKEEPALIVE 11 " + "PADDING 12 CHAIN 13 KEYTAG 14";
    private static final String RCODES = "NOERROR 0 FORMERR 1 SERVFAIL 2 NXDOMAIN 3 NOTIMP 4 REFUSED 5 YXDOMAIN 6 "
            + "YXRRSET 7 NXRRSET 8 NOTAUTH 9 NOTZONE 10 BADVERS 16 BADSIG 16 BADKEY 17 BADTIME 18 BADMODE 19 "
            + "BADNAME 20 BADALG 21 BADTRUNC 22 BADCOOKIE 23";

    private static final List<String> TABLES = List.of(
            "BPFAction",
            "DNSAction",
            "DNSCryptExchangeVersion",
            "DNSResponseAction",
            "DNSQType",
            "DNSRCode",
            "DNSClass",
            "DNSOpcode",
            "DNSSection",
            "EDNSOptionCode",
            "pdns_features");

    /** Functions that older configurations call, and what took their place. */
    private static final Map<String, String> REMOVED = Map.ofEntries(
            Map.entry("addAnyTCRule", "addAction(AndRule({QTypeRule(DNSQType.ANY), TCPRule(false)}), TCAction())"),
            Map.entry("addDelay", "addAction(selector, DelayAction(milliseconds))"),
            Map.entry("addDisableValidationRule", "addAction(selector, SetDisableValidationAction())"),
            Map.entry("addDomainBlock", "addAction(domain, DropAction())"),
            Map.entry("addDomainCNAMESpoof", "addAction(domain, SpoofCNAMEAction(target))"),
            Map.entry("addDomainSpoof", "addAction(domain, SpoofAction(addresses))"),
            Map.entry("addLuaAction", "addAction(selector, LuaAction(function))"),
            Map.entry("addLuaResponseAction", "addResponseAction(selector, LuaResponseAction(function))"),
            Map.entry("addNoRecurseRule", "addAction(selector, SetNoRecurseAction())"),
            Map.entry("addPoolRule", "addAction(selector, PoolAction(pool))"),
            Map.entry("addQPSLimit", "addAction(selector, QPSAction(limit))"),
            Map.entry("addQPSPoolRule", "addAction(selector, QPSPoolAction(limit, pool))"),
            Map.entry("DisableECSAction", "SetDisableECSAction()"),
            Map.entry("DisableValidationAction", "SetDisableValidationAction()"),
            Map.entry("ECSOverrideAction", "SetECSOverrideAction(override)"),
            Map.entry("ECSPrefixLengthAction", "SetECSPrefixLengthAction(v4, v6)"),
            Map.entry("getTLSContext", "getTLSFrontend(index)"),
            Map.entry("getTopSelfAnsweredRules", "getTopSelfAnsweredResponseRules(top)"),
            Map.entry("getTopTimeoutResponseRule", "getTopTimeoutResponseRules(top)"),
            Map.entry("MacAddrAction", "SetMacAddrAction(option)"),
            Map.entry("newXSK", "newXsk(options)"),
            Map.entry("NoRecurseAction", "SetNoRecurseAction()"),
            Map.entry("RegexpRule", "RegexRule(expression)"),
            Map.entry("removeServer", "rmServer(server)"),
            Map.entry("setMaxCachedDoHConnectionsPerDownstream", "setMaxIdleDoHConnectionsPerDownstream(max)"),
            Map.entry("setResponseRules", "clearResponseRules() and addResponseAction(selector, action)"),
            Map.entry("setTCPUseSinglePipe", "nothing: there is only one way now"),
            Map.entry("showTLSContexts", "showTLSFrontends()"),
            Map.entry("SkipCacheAction", "SetSkipCacheAction()"),
            Map.entry("TagAction", "SetTagAction(name, value)"),
            Map.entry("TagResponseAction", "SetTagResponseAction(name, value)"),
            Map.entry("TempFailureCacheTTLAction", "SetTempFailureCacheTTLAction(ttl)"),
            Map.entry("topCacheHitResponseRule", "mvCacheHitResponseRuleToTop()"),
            Map.entry("topResponseRule", "mvResponseRuleToTop()"),
            Map.entry("topRule", "mvRuleToTop()"));

    /** In front of the names of functions that only refuse. */
    private static final String REFUSES = "no ";

    /** Functions that configurations define for us to call. */
    private static final List<String> HOOKS = List.of("maintenance", "threadmessage");

    /** Behind a name that dnsdist has and we don't. */
    public static final String LACKING = ": not implemented yet in Weir";

    private final LuaState state;

    public Constants(LuaState state) {
        this.state = state;
    }

    private LuaFunction refusing(String name, String refusal) {
        return state.function(REFUSES + name, (world, args) -> {
            throw world.error(refusal);
        });
    }

    /** The tables of constants. */
    public static List<String> names() {
        return TABLES;
    }

    /** What stands behind a name that is not registered; {@code null}: nothing. */
    public @Nullable Object find(String name) {
        LuaTable table = table(name);
        if (table != null) {
            return table;
        }
        String refusal = refusal(name);
        return refusal == null ? null : refusing(name, refusal);
    }

    /** Whether a value is what {@link #find} gives for a function that dnsdist has or had and we have not. */
    public static boolean isRefusal(@Nullable Object value) {
        return value instanceof LibraryFunction function && function.name().startsWith(REFUSES);
    }

    /** What is said of a function that dnsdist has or had and we have not; {@code null} if there is no such function. */
    public static @Nullable String refusal(String name) {
        String replacement = REMOVED.get(name);
        if (replacement != null) {
            return name + " was removed from dnsdist; use " + replacement;
        }
        return Ledger.find(Ledger.Table.FUNCTIONS, name) == null || HOOKS.contains(name) ? null : name + LACKING;
    }

    private static @Nullable LuaTable table(String name) {
        return switch (name) {
            case "BPFAction" -> packetActions();
            case "DNSAction" -> actions();
            case "DNSCryptExchangeVersion" -> parse("VERSION1 0 VERSION2 1");
            case "DNSResponseAction" -> responseActions();
            case "DNSQType" -> types();
            case "DNSRCode" -> parse(RCODES);
            case "DNSClass" -> parse(CLASSES);
            case "DNSOpcode" -> parse(OPCODES);
            case "DNSSection" -> parse(SECTIONS);
            case "EDNSOptionCode" -> parse(OPTIONS);
            case "pdns_features" -> new LuaTable(); // nothing to detect yet
            default -> null;
        };
    }

    private static LuaTable actions() {
        LuaTable table = new LuaTable();
        for (Result result : Result.values()) {
            table.put(result.luaName(), ToLua.of(result.ordinal()));
        }
        return table;
    }

    /** Ours: dnsdist has only the numbers. */
    private static LuaTable packetActions() {
        LuaTable table = new LuaTable();
        for (MatchAction action : MatchAction.values()) {
            table.put(action.toString(), ToLua.of(action.number()));
        }
        return table;
    }

    private static LuaTable responseActions() {
        LuaTable table = new LuaTable();
        for (ResponseResult result : ResponseResult.values()) {
            table.put(result.luaName(), ToLua.of(result.ordinal()));
        }
        return table;
    }

    private static LuaTable types() {
        LuaTable table = new LuaTable();
        RecordType.all().forEach((name, number) -> table.put(name, ToLua.of(number)));
        return table;
    }

    private static LuaTable parse(String pairs) {
        LuaTable table = new LuaTable();
        String[] words = pairs.split(" ", -1);
        for (int i = 0; i < words.length; i += 2) {
            table.put(words[i], ToLua.of(Integer.parseInt(words[i + 1])));
        }
        return table;
    }
}
