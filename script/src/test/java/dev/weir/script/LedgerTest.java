package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Ledger;
import dev.weir.config.Ledger.Entry;
import dev.weir.config.Ledger.Status;
import dev.weir.config.Ledger.Table;
import dev.weir.script.lang.ObjectType;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Does the ledger say of each name what the program really has? */
class LedgerTest {
    /** Names that configurations define and we call. */
    private static final Set<String> HOOKS = Set.of("maintenance", "threadmessage");

    /** Statistics that dnsdist has not. */
    private static final Set<String> OURS = Set.of(
            "global:descriptor-refusals",
            "global:dyn-block-overflows",
            "global:dyn-block-unseen",
            "global:export-records-lost",
            "global:log-lines-lost",
            "global:lua-errors",
            "global:query-count-overflows",
            "global:rate-table-evictions",
            "global:survived-errors",
            "global:tcp-client-overflows",
            "global:tcp-clients-evicted");

    /** Functions that dnsdist has not. */
    private static final Set<String> OUR_FUNCTIONS = Set.of("explain", "reloadConfig", "setLuaTimeLimit");

    /** Options that dnsdist has not, or has elsewhere. */
    private static final Set<String> OUR_OPTIONS = Set.of(
            "addDNSCryptBind:enableProxyProtocol",
            "newBPFFilter:optional",
            "newBPFFilter:qtypeAny",
            "newBPFFilter:ratesMaxItems",
            "newBPFFilter:suffixesMaxItems",
            "newBPFFilter:suffixesPinnedPath",
            "topCacheHitResponseRules:truncateRuleWidth",
            "topCacheInsertedResponseRules:truncateRuleWidth",
            "topCacheMissRules:truncateRuleWidth",
            "topResponseRules:truncateRuleWidth",
            "topRules:truncateRuleWidth",
            "topSelfAnsweredResponseRules:truncateRuleWidth",
            "topTimeoutResponseRules:truncateRuleWidth",
            "topXFRResponseRules:truncateRuleWidth");

    /** Methods that dnsdist has not. */
    private static final Set<String> OUR_METHODS = Set.of(
            "BPFFilter:blockSuffix", "BPFFilter:rateLimit", "BPFFilter:removeRateLimit", "BPFFilter:unblockSuffix");

    private final World world = new World();

    private static Set<String> having(Table table, Predicate<Entry> wanted) {
        Set<String> names = new TreeSet<>();
        Ledger.all(table).stream().filter(wanted).forEach(entry -> names.add(entry.name()));
        return names;
    }

    @Test
    void functions() {
        Set<String> claimed = having(Table.FUNCTIONS, entry -> entry.status() != Status.NOT_YET);
        claimed.removeAll(HOOKS);
        Set<String> there = new TreeSet<>(world.lua.names());
        there.removeAll(OUR_FUNCTIONS);
        assertThat(claimed).isEqualTo(there);
    }

    @Test
    void methodsAndAttributes() {
        Set<String> there = new TreeSet<>();
        for (ObjectType<?> type : world.lua.context().objects.all()) {
            type.members().forEach(member -> there.add(type.name() + ":" + member));
        }
        Set<String> claimed = having(Table.METHODS, entry -> entry.status() != Status.NOT_YET);
        claimed.removeIf(name -> name.endsWith(":__tostring"));
        there.removeAll(OUR_METHODS);
        assertThat(claimed).isEqualTo(there);
    }

    /** Which options are asked for is seen by a table that answers for itself. */
    @Test
    void options() {
        Set<String> claimed = new TreeSet<>();
        Set<String> read = new TreeSet<>();
        for (String owner : owners()) {
            having(Table.OPTIONS, entry -> belongs(entry, owner) && entry.status() != Status.NOT_YET)
                    .forEach(claimed::add);
            for (String key : asked(owner)) {
                read.add(owner + ":" + key);
            }
        }
        claimed.remove("newSVCRecordParameters:keyNNNNN"); // any number: only those that are there are asked for
        read.removeIf(this::refused);
        read.removeAll(OUR_OPTIONS);
        assertThat(read).isEqualTo(claimed);
    }

    /** The functions with an option that is not simply missing. */
    private static Set<String> owners() {
        Set<String> owners = new TreeSet<>();
        having(Table.OPTIONS, entry -> entry.status() != Status.NOT_YET)
                .forEach(name -> owners.add(name.substring(0, name.lastIndexOf(':'))));
        return owners;
    }

    private static boolean belongs(Entry entry, String owner) {
        return entry.name().startsWith(owner + ":") && entry.name().indexOf(':', owner.length() + 1) < 0;
    }

    /** The keys that a function reads from its options. */
    private static List<String> asked(String owner) {
        World world = new World();
        String line = "keys = {} local o = setmetatable({}, {__index = function(_, k) keys[#keys + 1] = k"
                + " if k == 'address' then return '192.0.2.1' end end}) ";
        assertThat(world.ask(line + call(owner, "o"))).as(owner).doesNotStartWith("Error");
        return world.ask("for _, k in ipairs(keys) do show(k) end").lines().toList();
    }

    /** Whether an option ends the call as not implemented. Its value is a file that nobody can write. */
    private boolean refused(String name) {
        int colon = name.lastIndexOf(':');
        String options = "{address='192.0.2.1', " + name.substring(colon + 1) + "='/dev/null/x'}";
        return world.ask(call(name.substring(0, colon), options)).contains("not implemented yet");
    }

    private static String call(String owner, String options) {
        String arguments =
                switch (owner) {
                    case "addLocal", "setLocal", "SpoofAction" -> "'192.0.2.1', ";
                    case "addTLSLocal", "addDOQLocal", "addDOH3Local" -> "'192.0.2.1', newTLSCertificate('/c'), nil, ";
                    case "addDOHLocal" -> "'192.0.2.1', newTLSCertificate('/c'), nil, '/a', ";
                    case "HTTPStatusAction" -> "200, 'a', 'b', ";
                    case "addDNSCryptBind" -> "'192.0.2.1', '2.a.', {}, {}, ";
                    case "newTLSCertificate" -> "'/c', ";
                    case "newPacketCache" -> "100, ";
                    case "newBPFFilter", "newServer", "setRingBuffersOptions", "setWebserverConfig", "showServers" ->
                        "";
                    case "grepq" -> "'a.', 0, ";
                    case "declareMetric" -> "'m', 'counter', 'd', ";
                    case "incMetric", "decMetric", "getMetric" -> "declareMetric('m', 'counter', 'd') and 'm', ";
                    case "setMetric" -> "declareMetric('m', 'gauge', 'd') and 'm', 1, ";
                    case "newSVCRecordParameters" -> "1, 'a.', ";
                    case "SpoofSVCAction" -> "{}, ";
                    case "openMMDB" -> "'/nowhere', ";
                    case "RCodeAction", "ERCodeAction" -> "0, ";
                    case "NegativeAndSOAAction" -> "true, 'a.', 1, 'b.', 'c.', 1, 2, 3, 4, 5, ";
                    case "SpoofCNAMEAction", "SpoofRawAction" -> "'a.', ";
                    case "setStructuredLogging" -> "true, ";
                    case "Server:setHealthCheckParams" -> {
                        yield null;
                    }
                    case "DynBlockRulesGroup:setAllowedRCodesRatio" -> "{0}, 1, 1, 'r', 1, 1, 0, 0, ";
                    case "DynBlockRulesGroup:setCacheMissRatio" -> "1, 1, 'r', 1, 1, 0, 0, 0, ";
                    case "DynBlockRulesGroup:setQTypeRate", "DynBlockRulesGroup:setRCodeRate" ->
                        "1, 1, 1, 'r', 1, 0, 0, ";
                    case "DynBlockRulesGroup:setQueryRate", "DynBlockRulesGroup:setResponseByteRate" ->
                        "1, 1, 'r', 1, 0, 0, ";
                    case "DynBlockRulesGroup:setRCodeRatio" -> "1, 1, 1, 'r', 1, 1, 0, 0, ";
                    case "DynBlockRulesGroup:setSuffixMatchRule", "DynBlockRulesGroup:setSuffixMatchRuleFFI" ->
                        "1, 'r', 1, 0, function() end, ";
                    default -> {
                        if (owner.startsWith("show")) {
                            yield "";
                        }
                        if (owner.startsWith("top")) {
                            yield "1, ";
                        }
                        yield "AllRule(), "
                                + (owner.contains("Response") ? "AllowResponseAction(), " : "AllowAction(), ");
                    }
                };
        if (owner.equals("newBPFFilter(v4Parameters,v6Parameters,qnamesParameters)")) {
            return "newBPFFilter(" + options + ", 1, 1)";
        }
        return arguments == null
                ? "newServer({address='192.0.2.1'}):setHealthCheckParams(" + options + ")"
                : owner.replace("DynBlockRulesGroup:", "dynBlockRulesGroup():") + "(" + arguments + options + ")";
    }

    @Test
    void constants() {
        for (Entry entry : Ledger.all(Table.CONSTANTS)) {
            String value = world.ask("tostring(" + entry.name() + ")").strip();
            boolean there = !value.equals("nil") && !value.startsWith("Error");
            assertThat(there).as(entry.name()).isEqualTo(entry.status() == Status.WORKS);
        }
    }

    @Test
    void globalMetrics() {
        Set<String> claimed = having(
                Table.METRICS,
                entry -> entry.status() != Status.NOT_YET && entry.name().startsWith("global:"));
        Set<String> there = new TreeSet<>();
        for (String line : world.ask("for n in pairs(getStatisticsCounters()) do show(n) end")
                .split("\n", -1)) {
            if (!line.isEmpty()) {
                there.add("global:" + line);
            }
        }
        there.removeAll(OURS);
        claimed.remove("global:(custom metrics)"); // whichever are declared
        claimed.remove("global:latency"); // a histogram: /metrics only
        assertThat(claimed).isEqualTo(there);
    }

    @Test
    void everyFunctionThatWeLackRefusesByName() {
        for (String name : having(Table.FUNCTIONS, entry -> entry.status() == Status.NOT_YET)) {
            assertThat(world.ask(name + "()")).startsWith("Error: " + name);
        }
    }
}
