package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.model.Setting;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.script.convert.Converted;
import dev.weir.script.host.Purpose;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Does a configuration in Lua mean the same when it has been written down in YAML? */
class ConvertTest {
    private static final List<String> QUESTIONS = List.of(
            "showRules()",
            "showCacheMissRules()",
            "showResponseRules()",
            "showCacheHitResponseRules()",
            "showCacheInsertedResponseRules()",
            "showSelfAnsweredResponseRules()",
            "showXFRResponseRules()",
            "showTimeoutResponseRules()",
            "showPools()",
            "showACL()",
            "showConsoleACL()",
            "showServerPolicy()",
            "showServers()",
            "showWebserverConfig()",
            "for _, p in ipairs(getPoolNames()) do show(p .. ': ') showPoolServerPolicy(p) end",
            "show(getServerID())");

    @TempDir
    Path directory;

    /** Whether a Lua file may stand beside. */
    private boolean beside;

    private final World lua = new World(Purpose.CONVERT);
    private final World yaml = new World(Purpose.CONVERT);

    private Converted convert(String text) throws IOException {
        Path file = directory.resolve("test.lua");
        Files.writeString(file, text);
        return convert(file);
    }

    private Converted convert(Path file) {
        LoadResult result = lua.lua.loadToConvert(file);
        assertThat(result.error()).isNull();
        assertThat(result.complaints()).isEmpty();
        lua.model.start();
        lua.lua.started();
        return lua.lua.converted("test.lua", beside);
    }

    /** Loads what was written, and compares what both have become. */
    private void check(Converted converted) {
        LoadResult result = converted.lua().isEmpty()
                ? yaml.lua.loadYaml("weir.yml", converted.yaml().getBytes(StandardCharsets.UTF_8))
                : yaml.lua.loadBoth("weir.lua", converted.lua(), "weir.yml", converted.yaml());
        assertThat(result.error()).as(converted.yaml()).isNull();
        assertThat(result.complaints()).as(converted.yaml()).isEmpty();
        yaml.model.start();
        yaml.lua.started();
        for (String question : QUESTIONS) {
            assertThat(yaml.ask(question))
                    .as(question + " of " + converted.yaml())
                    .isEqualTo(lua.ask(question));
        }
        assertThat(yaml.configuration)
                .as(converted.yaml())
                .usingRecursiveComparison()
                .ignoringFields("settingPlaces", "listenerPlaces", "webHandlers")
                .isEqualTo(lua.configuration);
        for (Setting each : Setting.values()) {
            if (each != Setting.HASH_PERTURBATION) {
                assertThat(yaml.model.settings().bits(each))
                        .as(each.name())
                        .isEqualTo(lua.model.settings().bits(each));
            }
        }
        assertThat(yaml.model.ringSpec()).isEqualTo(lua.model.ringSpec());
        servers();
        lua.model.pools().forEach(pool -> {
            var other = java.util.Objects.requireNonNull(yaml.model.findPool(pool.name()));
            assertThat(other.cache() == null ? null : other.cache().spec())
                    .isEqualTo(pool.cache() == null ? null : pool.cache().spec());
            assertThat(other.ecs()).isEqualTo(pool.ecs());
            assertThat(other.zeroScope()).isEqualTo(pool.zeroScope());
        });
    }

    private void servers() {
        assertThat(yaml.model.backends()).hasSameSizeAs(lua.model.backends());
        for (int i = 0; i < lua.model.backends().size(); i++) {
            assertThat(yaml.model.backends().get(i).spec())
                    .usingRecursiveComparison()
                    // Those of these that were changed later are listed by showServers().
                    .ignoringFields(
                            "id",
                            "identity.id",
                            "identity.name",
                            "name",
                            "pools",
                            "order",
                            "weight",
                            "checks.mode",
                            "checks.function",
                            "checks.timeoutMillis",
                            "checks.rise")
                    .isEqualTo(lua.model.backends().get(i).spec());
        }
    }

    static List<Path> examples() throws IOException {
        List<Path> examples = new ArrayList<>();
        for (Path where : List.of(Path.of("..", "examples"), Path.of("..", "examples", "long"))) {
            try (Stream<Path> files = Files.list(where)) {
                files.filter(file -> file.toString().endsWith(".lua")).sorted().forEach(examples::add);
            }
        }
        assertThat(examples).hasSizeGreaterThanOrEqualTo(16);
        return examples;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void example(Path file) {
        beside = true;
        Converted converted = convert(file);
        assertThat(converted.left()).isEmpty();
        check(converted);
    }

    @Test
    void aDozenRules() throws IOException {
        Converted converted = convert("""
                newServer("192.0.2.1")
                newServer({address="192.0.2.2:5300", name="two", pool={"a", ""}, weight=3, checkName="example.org.", qps=7})
                setLocal("127.0.0.1:5300", {reusePort=true, maxInFlight=10})
                addLocal("[::1]:5300")
                setACL({"192.0.2.0/24"})
                addACL("2001:db8::/32")
                controlSocket("127.0.0.1:5199")
                setUDPTimeout(5)
                setServerPolicy(roundrobin)
                local cache = newPacketCache(1000, {maxTTL=60, skipOptions={10, 12}})
                getPool(""):setCache(cache)
                getPool("a"):setCache(cache)
                addAction("example.com", RefusedAction and RCodeAction(DNSRCode.REFUSED) or RCodeAction(5))
                addAction({"192.0.2.0/24", "2001:db8::/32"}, PoolAction("a"))
                addAction(AndRule({QTypeRule(DNSQType.ANY), NotRule(TCPRule(true))}), TCAction(), {name="no ANY"})
                addAction(MaxQPSIPRule(20, 24, 48), DropAction())
                addAction(makeRule({"a.example", "b.example"}), SpoofAction({"192.0.2.3", "2001:db8::1"}, {ttl=10}))
                addAction(RegexRule("^ads[0-9]+\\\\."), SpoofCNAMEAction("blocked.example."))
                local smn = newSuffixMatchNode()
                smn:add({"x.example", newDNSName("y.example")})
                addAction(SuffixMatchNodeRule(smn, true), SetTagAction("k", "v"))
                addAction(TagRule("k", ""), AllowAction())
                addResponseAction(AllRule(), SetMaxReturnedTTLResponseAction(300))
                addAction(LuaRule(function(dq) return dq.qname:countLabels() > 5 end), DropAction())
                mvRule(0, 2)
                rmRule(1)
                """.replace(
                "RefusedAction and RCodeAction(DNSRCode.REFUSED) or RCodeAction(5)", "RCodeAction(DNSRCode.REFUSED)"));
        assertThat(converted.left()).isEmpty();
        check(converted);
    }

    @Test
    void functionsThatShare() throws IOException {
        beside = true;
        Converted converted = convert("""
                local limit = 5
                local seen = 0
                local names = {["a.example."] = true, list = {1, 2, "x"}}
                local function count(dq)
                  seen = seen + 1 -- all of them
                  return seen
                end
                function top() return "seen " .. seen end
                counter = {n = 3}
                addAction(LuaRule(function(dq) return dq.qname:countLabels() > limit end), DropAction())
                addAction(AllRule(), LuaAction(function(dq) if count(dq) > 3 then return DNSAction.Drop end
                  return DNSAction.None, "" end))
                addAction(AllRule(), LuaAction(function(dq) counter.n = counter.n + names.list[1] return DNSAction.None end))
                function maintenance() counter.n = counter.n * 2 end
                for i = 1, 2 do
                  addAction("d" .. i .. ".example", LuaAction(function(dq) return DNSAction.Spoof, "192.0.2." .. i end))
                end
                addExitCallback(function() counter = nil end)
                declareMetric("own", "counter", "of our own")
                """);
        assertThat(converted.left()).isEmpty();
        check(converted);
        assertThat(yaml.ask("show(top())")).isEqualTo(lua.ask("show(top())"));
        yaml.lua.maintenance();
        assertThat(yaml.ask("show(counter.n)")).isEqualTo("6\n");
    }

    @Test
    void dynamicRules() throws IOException {
        Converted converted = convert("""
                local dbr = dynBlockRulesGroup()
                dbr:setQueryRate(30, 10, "too many", 60)
                dbr:setRCodeRate(DNSRCode.NXDOMAIN, 20, 10, "names", 30, DNSAction.Truncate, 10)
                dbr:setRCodeRatio(DNSRCode.SERVFAIL, 0.2, 10, "ratio", 60, 100, DNSAction.Refused, 0.1)
                dbr:setQTypeRate(DNSQType.ANY, 5, 10, "ANY", 60, DNSAction.NoRecurse)
                dbr:setResponseByteRate(10000, 10, "octets", 60, DNSAction.SetTag, 0, {tagName="t", tagValue="v"})
                dbr:setCacheMissRatio(0.5, 10, "misses", 60, 100, 0.3)
                dbr:setAllowedRCodesRatio({DNSRCode.NOERROR, DNSRCode.NXDOMAIN}, 0.9, 10, "allowed", 60, 50)
                dbr:setSuffixMatchRule(10, "suffixes", 60, DNSAction.Truncate, function(node, self, subtree)
                  return self.queries > 100
                end)
                dbr:setMasks(24, 56, 0)
                dbr:excludeRange({"192.0.2.0/24"})
                dbr:includeRange("192.0.2.1/32")
                dbr:excludeDomains({"example.org"})
                setDynBlocksAction(DNSAction.Refused)
                function maintenance()
                  dbr:apply() -- each second
                end
                """);
        assertThat(converted.yaml()).contains("type: suffix-match", "return self.queries > 100");
        assertThat(converted.left()).isEmpty();
        check(converted);
    }

    @Test
    void whatStaysLua() throws IOException {
        Converted converted = convert("""
                local seen = 0
                addAction(AllRule(), LuaAction(function(dq) seen = seen + 1 return DNSAction.None end))
                addAction(AllRule(), LuaAction(function(dq) seen = seen + 2 return DNSAction.None end))
                setLuaTimeLimit(3)
                function unused() end
                """);
        assertThat(converted.left())
                .map(Object::toString)
                .map(text -> text.substring(text.lastIndexOf('/') + 1))
                .containsExactly(
                        "test.lua:2: rule 0 of query_rules: a function that shares 'seen' with others, left out",
                        "test.lua:3: rule 1 of query_rules: a function that shares 'seen' with others, left out",
                        "test.lua:4: setLuaTimeLimit: YAML has no words for it",
                        "test.lua:5: function unused: no key needs it");
    }

    @Test
    void whatIsSaidOnlyWhenItRuns() throws IOException {
        Converted converted =
                convert("if not inConfigCheck() and not inClientStartup() then newServer('192.0.2.1') end");
        assertThat(converted.yaml()).contains("192.0.2.1");
        check(converted);
    }

    @Test
    void whatIsSharedStaysOneThing() throws IOException {
        Converted converted = convert("""
                local limit = MaxQPSRule(5)
                addAction(AndRule({QTypeRule("A"), limit}), DropAction())
                addAction(AndRule({QTypeRule("AAAA"), limit}), DropAction())
                local qps = QPSAction(7)
                addAction("a.example", qps)
                addCacheMissAction("b.example", qps)
                local networks = newNMG()
                networks:addMask("192.0.2.0/24")
                addAction(NetmaskGroupRule(networks), NoneAction())
                addResponseAction(NetmaskGroupRule(networks, false), AllowResponseAction())
                """);
        assertThat(converted.left()).isEmpty();
        check(converted);
        var rules = yaml.model.rules().rules();
        var first = (LogicSelector.And) rules.get(0).selector();
        var second = (LogicSelector.And) rules.get(1).selector();
        assertThat(first.all().get(1)).isSameAs(second.all().get(1));
        assertThat(rules.get(2).action())
                .isSameAs(yaml.model.cacheMissRules().rules().getFirst().action());
        var source = (ClientSelector.Netmasks) rules.get(3).selector();
        var destination = (ClientSelector.Netmasks)
                yaml.model.responseRules().rules().getFirst().selector();
        assertThat(source.group()).isSameAs(destination.group());
    }

    @Test
    void functionsThatChangeWhatRulesLookInto() throws IOException {
        beside = true;
        Converted converted = convert("""
                local bad = newNMG({"192.0.2.0/24"})
                addAction(NetmaskGroupRule(bad), DropAction())
                addAction(AllRule(), LuaAction(function(dq) bad:addMask(dq.remoteaddr:toString()) return DNSAction.None end))
                addAction(AllRule(), LuaAction(function(dq)
                  return bad:match(dq.remoteaddr) and DNSAction.Drop or DNSAction.None
                end))
                """);
        assertThat(converted.left()).hasSize(1);
        assertThat(converted.left().getFirst().toString())
                .endsWith(
                        "test.lua:3: rule 1 of query_rules: a function that may change a NetmaskGroup which rules look"
                                + " into, left out");
        assertThat(converted.yaml()).contains("bad = newNMG({\"192.0.2.0/24\"})");
    }

    @Test
    void librariesStayLibraries() throws IOException {
        Files.writeString(
                directory.resolve("mine.lua"), "local n = 0 return {count = function() n = n + 1 return n end}");
        Converted converted = convert("package.path = '" + directory + "/?.lua'\n" + """
                local ffi = require("ffi")
                local C = ffi.C
                local mine = require("mine")
                local floor = math.floor
                addAction(LuaFFIRule(function(dq) return C.dnsdist_ffi_dnsquestion_get_qtype(dq) == 1 end), NoneAction())
                addAction(LuaRule(function(dq) return floor(mine.count()) > 1 end), NoneAction())
                addAction(LuaRule(mine.count), NoneAction())
                setSyslogFacility(17)
                """);
        assertThat(converted.left()).isEmpty();
        assertThat(converted.yaml())
                .contains("C = require(\"ffi\").C", "mine = require(\"mine\")", "floor = math.floor")
                .contains("return require(\"mine\").count", "syslog_facility: local1");
        yaml.load("package.path = '" + directory + "/?.lua'");
        check(converted);
    }

    @Test
    void everythingElse() throws IOException {
        Converted converted = convert("""
                setDefaultBPFFilter(newBPFFilter({ipv4MaxItems=100, ipv6MaxItems=50, qnamesMaxItems=10}))
                setKey("d2Vpci10ZXN0LWtleS0wMTIzNDU2Nzg5YWJjZGVmISE=")
                addConsoleACL("192.0.2.0/24")
                setConsoleMaximumConcurrentConnections(3)
                setConsoleOutputMaxMsgSize(1000)
                setConsoleConnectionsLogging(false)
                setConsoleBindFatal(true)
                webserver("127.0.0.1:8083", "password", "key", {["X-One"]="1", ["X-Two"]="2: two"}, "192.0.2.0/24")
                setAPIWritable(true, "/nowhere/dir")
                setWebserverBindFatal(true)
                setStructuredLogging(true, {backend="json", timeFormat="ISO8601", setInstanceFromServerID=true})
                setVerboseLogDestination("/dev/null")
                setVerbose(false)
                setServerID("one: two # three")
                addCapabilitiesToRetain({"CAP_NET_RAW"})
                setTCPFastOpenKey("00000000-00000000-00000000-00000000")
                carbonServer("192.0.2.1:2003", "name", 10, "space", "instance")
                carbonServer("192.0.2.2")
                setRingBuffersSize(100, 2)
                setRingBuffersLockRetries(7)
                setRingBuffersOptions({recordQueries=false})
                loadTLSProvider("one") loadTLSProvider("two") loadTLSEngine("engine", "default")
                setQueryCount(true)
                setSecurityPollSuffix("")
                setProxyProtocolACL({"192.0.2.0/24"})
                setServerPolicyLua("mine", function(servers, dq) return servers[1] end)
                setPoolServerPolicyLuaFFI("ffi", function(servers, dq) return 0 end, "pool")
                setPoolServerPolicyLuaFFIPerThread("thread", "return function(servers, dq) return 0 end", "other")
                getPool("other"):setECS(true)
                local s = newServer({address="192.0.2.1", checkFunction=function(qname, qtype, qclass, dh) return qname, qtype, qclass end})
                s:setHealthCheckResponseValidator(function(overlay) return true end)
                s:setHealthCheckParams({checkTimeout=200, rise=3})
                """);
        assertThat(converted.left()).isEmpty();
        check(converted);
        assertThat(yaml.model.filters().standard()).isNotNull();
        assertThat(converted.yaml()).contains("ipv4: {max_entries: 100}", "default_policy: mine", "per_thread: true");
        assertThat(converted.yaml()).contains("validation_lua", "timeout: 200", "rise: 3", "engines:");
    }

    @Test
    void whatCanBeNowhere() throws IOException {
        beside = true;
        Converted converted = convert("""
                local server = newServer("192.0.2.1")
                function lookAt(dq) return server:isUp() and DNSAction.None or DNSAction.Drop end
                addAction(AllRule(), LuaAction(lookAt))
                addAction(AllRule(), DropAction())
                """);
        assertThat(converted.left())
                .map(left -> left.toString().replaceFirst("^.*/", ""))
                .containsExactly(
                        "test.lua:3: rule 0 of query_rules: a Server, which belongs to the configuration, left out",
                        "test.lua:2: function lookAt: a Server, which belongs to the configuration");
        assertThat(converted.yaml()).contains("{selector: {type: All}, action: {type: Drop}}");
    }

    @Test
    void functionsBeginAtTheLeft() throws IOException {
        Converted converted = convert("""
                for _ = 1, 1 do
                    addAction(AllRule(), LuaAction(function(dq)
                      if dq.tcp then

                        return DNSAction.Drop
                      end
                      return DNSAction.None
                    end))
                    addAction(AllRule(), LuaAction(function(dq)
                      return DNSAction.Spoof, [[
                      text]]
                    end))
                end
                """);
        assertThat(converted.left()).isEmpty();
        assertThat(converted.yaml())
                .contains(
                        "        return function (dq)\n          if dq.tcp then\n\n            return DNSAction.Drop\n")
                .contains("          return DNSAction.None\n        end\n")
                .contains("              return DNSAction.Spoof, [[\n              text]]\n");
        check(converted);
    }
}
