package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.wire.Header;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What do functions in the configuration see of queries, and what becomes of what they return? */
class LuaInTheWalkTest {
    private static final String SERVERS = "newServer({address='127.0.0.1:5301', name='one', healthCheckMode='up'})\n"
            + "newServer({address='127.0.0.1:5302', name='two', healthCheckMode='up', pool='other'})\n";

    private static World world(String config) {
        return new World().with("seen = {}\n" + SERVERS + config);
    }

    private static long errors(World world) {
        return world.model.engine().statistics().value(Counter.LUA_ERRORS);
    }

    @Test
    void actionSeesTheQuestion() {
        World world = world("""
                addAction(AllRule(), LuaAction(function(dq)
                  seen = {dq.qname:toString(), dq.qtype, dq.qclass, dq.remoteaddr:toStringWithPort(),
                          dq.localaddr:toStringWithPort(), dq.tcp, dq.opcode, dq.rcode, dq.dh:getRD(), dq:getDO(),
                          dq:getProtocol(), dq.len == #dq:getContent(), dq.pool, dq.skipCache, dq.useECS,
                          dq.ecsOverride, dq.ecsPrefixLength, dq.tempFailureTTL == nil, dq:getTag("none"),
                          dq:getTrailingData(), dq:getHTTPPath(), dq:getQueryTime().tv_sec > 0,
                          dq:getElapsedUs() >= 0}
                  return DNSAction.None, ""
                end))
                """);
        Walk walk = new Walk(world);
        assertThat(walk.ask("Www.Example.ORG.", RecordType.AAAA)).isEqualTo(WalkVerdict.PARK);
        assertThat(errors(world)).isZero();
        assertThat(world.ask("(function() local t = {} for i = 1, 23 do t[i] = tostring(seen[i]) end "
                        + "return table.concat(t, ' ') end)()"))
                .isEqualTo("Www.Example.ORG. 28 1 127.0.0.9:4242 127.0.0.1:5300 false 0 0 true false Do53 UDP true "
                        + " false true false 24 true    true true\n");
    }

    /** Scripts subtract one from the other. */
    @Test
    void bothSidesOfAQuerySeeTheTimeOfTheQuery() {
        World world = world("""
                addAction(AllRule(), LuaAction(function(dq) asked = dq:getQueryTime() return DNSAction.None end))
                addResponseAction(AllRule(), LuaResponseAction(function(dr)
                  local time = dr:getQueryTime()
                  same = time.tv_sec == asked.tv_sec and time.tv_nsec == asked.tv_nsec
                  return DNSResponseAction.None
                end))
                """);
        Walk walk = new Walk(world);
        for (int i = 0; i < 3; i++) {
            walk.ask("a.example.", RecordType.A);
            walk.answer(Rcode.NOERROR);
            assertThat(world.ask("tostring(same)")).isEqualTo("true\n");
            world.ask("same = nil");
        }
    }

    @Test
    void theInterfaceIsTheListenersOption() {
        World world =
                world("addAction(AllRule(), LuaAction(function(dq) seen = dq:getIncomingInterface() return 0 end))");
        new Walk(world, "lo").ask("a.example.", RecordType.A);
        assertThat(world.ask("seen")).isEqualTo("lo\n");
        new Walk(world, "").ask("a.example.", RecordType.A);
        assertThat(world.ask("'[' .. seen .. ']'")).isEqualTo("[]\n");
    }

    /** No message has fewer octets than its header, or more than TCP can count. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "return DNSAction.SpoofPacket, 'xx'",
                "return DNSAction.SpoofPacket, ('x'):rep(70000)",
                "dq:setContent('xx') return DNSAction.HeaderModify",
                "dq:setContent(('x'):rep(70000)) return DNSAction.HeaderModify",
                "dq.len = 2 return DNSAction.HeaderModify",
                "dq.len = 0/0 return DNSAction.HeaderModify",
                "dq:setEDNSOption(65001, ('x'):rep(65500)) return DNSAction.HeaderModify",
                "dq:setEDNSOption(70000, 'x') return DNSAction.HeaderModify",
                "dq:setProxyProtocolValues({[300]='x'}) return DNSAction.None",
                "dq.tempFailureTTL = -1 return DNSAction.None",
            })
    void whatCannotBeAMessageIsServfail(String code) {
        World world = world("addAction(AllRule(), LuaAction(function(dq) " + code + " end))");
        Walk walk = new Walk(world);
        assertThat(walk.ask("a.example.", RecordType.A)).isEqualTo(WalkVerdict.ANSWER);
        assertThat(walk.rcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(errors(world)).isEqualTo(1);
        assertThat(walk.query.length()).isLessThan(100);
    }

    @Test
    void theShortestAndTheLongestMessageGoOut() {
        World world = world("""
                addAction(AllRule(), LuaAction(function(dq)
                  local n = dq.qname:toStringNoDot() == "short" and 12 or 65535
                  return DNSAction.SpoofPacket, ("\\128"):rep(n)
                end))
                """);
        Walk walk = new Walk(world);
        for (String name : List.of("short.", "long.")) {
            assertThat(walk.ask(name, RecordType.A)).isEqualTo(WalkVerdict.ANSWER);
            assertThat(walk.query.length()).isEqualTo(name.equals("short.") ? 12 : 65_535);
        }
        assertThat(errors(world)).isZero();
    }

    @Test
    void actionsReturnWhatTheyWant() {
        World world = world("""
                local wants = {pool={DNSAction.Pool, "other"}, nx={DNSAction.Nxdomain, ""}, drop={DNSAction.Drop, ""},
                               spoof={DNSAction.Spoof, "192.0.2.1"}, refused={DNSAction.Refused}}
                addAction(AllRule(), LuaAction(function(dq) return unpack(wants[dq.qname:toStringNoDot()]) end))
                """);
        Walk walk = new Walk(world);
        assertThat(walk.ask("pool.", RecordType.A)).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.sentTo).isNotNull().satisfies(to -> assertThat(to.name())
                .isEqualTo("two"));
        assertThat(walk.ask("nx.", RecordType.A)).isEqualTo(WalkVerdict.ANSWER);
        assertThat(walk.rcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(walk.ask("drop.", RecordType.A)).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.ask("spoof.", RecordType.A)).isEqualTo(WalkVerdict.ANSWER);
        assertThat(Header.ancount(walk.query.packet())).isEqualTo(1);
        assertThat(walk.ask("refused.", RecordType.A)).isEqualTo(WalkVerdict.ANSWER);
        assertThat(walk.rcode()).isEqualTo(Rcode.REFUSED);
    }

    @Test
    void queriesCanBeChanged() {
        World world = world("""
                addAction(QNameRule("spoof."), LuaAction(function(dq)
                  dq:spoof({newCA("192.0.2.1"), newCA("192.0.2.2")})
                  return DNSAction.HeaderModify, ""
                end))
                addAction(QNameRule("negative."), LuaAction(function(dq)
                  dq:setNegativeAndAdditionalSOA(true, "zone.", 60, "mname.", "rname.", 1, 2, 3, 4, 5)
                  return DNSAction.HeaderModify, ""
                end))
                addAction(QNameRule("old."), LuaAction(function(dq)
                  dq:changeName(newDNSName("new.name."))
                  dq:setTag("k", "v") dq:setTagArray({a="b"}) dq:unsetTag("a")
                  dq.dh:setCD(true) dq.skipCache = true dq.pool = "other"
                  seen = dq.qname:toString() .. dq:getTag("k") .. dq:getTag("a")
                  return DNSAction.None, ""
                end))
                """);
        Walk walk = new Walk(world);
        assertThat(walk.ask("spoof.", RecordType.A)).isEqualTo(WalkVerdict.ANSWER);
        assertThat(Header.ancount(walk.query.packet())).isEqualTo(2);
        assertThat(walk.ask("negative.", RecordType.A)).isEqualTo(WalkVerdict.ANSWER);
        assertThat(walk.rcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(Header.arcount(walk.query.packet())).isEqualTo(1);
        assertThat(walk.ask("old.", RecordType.A)).isEqualTo(WalkVerdict.PARK);
        assertThat(world.ask("seen")).isEqualTo("new.name.v\n");
        assertThat(walk.query.decided().poolName()).isEqualTo("other");
        assertThat(Header.has(walk.query.packet(), Header.CD)).isTrue();
        assertThat(errors(world)).isZero();
    }

    @Test
    void responseActionsSeeTheAnswer() {
        World world = world("""
                addResponseAction(AllRule(), LuaResponseAction(function(dr)
                  seen = dr.qname:toString() .. dr.rcode .. dr:getSelectedBackend():getName() .. dr:getRestartCount()
                         .. tostring(dr:getStaleCacheHit()) .. tostring(dr.dh:getRD())
                  dr:editTTLs(function(section, class, type, ttl) return 1 end)
                  return DNSResponseAction.ServFail, ""
                end))
                """);
        Walk walk = new Walk(world);
        walk.ask("name.", RecordType.A);
        walk.answer(Rcode.NXDOMAIN);
        assertThat(world.ask("seen")).isEqualTo("name.3one0falsetrue\n");
        assertThat(walk.rcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(errors(world)).isZero();
    }

    @Test
    void errorsAreCountedAndDoAsDocumented() {
        World world = world("""
                addAction(LuaRule(function(dq) error("boom") end), DropAction())
                addAction(QNameRule("action."), LuaAction(function(dq) return nothing.at.all end))
                addResponseAction(AllRule(), LuaResponseAction(function(dr) return "99 bottles" end))
                """);
        Walk walk = new Walk(world);
        assertThat(walk.ask("rule.", RecordType.A)).isEqualTo(WalkVerdict.PARK);
        assertThat(errors(world)).isEqualTo(1);
        walk.answer(Rcode.NOERROR);
        assertThat(walk.rcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(errors(world)).isEqualTo(2);
        assertThat(walk.ask("action.", RecordType.A)).isEqualTo(WalkVerdict.ANSWER);
        assertThat(walk.rcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(errors(world)).isEqualTo(4);
    }

    /** Seen with dnsdist 1.7.3 and 2.2: of what functions return, a number out of range is None. */
    @Test
    void anUnknownNumberSaysNothing() {
        World world = world("""
                addAction(QNameRule("high."), LuaAction(function(dq) return 99, "" end))
                addAction(QNameRule("low."), LuaAction(function(dq) return -1, "" end))
                addAction(AllRule(), LuaAction(function(dq) later = dq.qname:toString() return DNSAction.None, "" end))
                addResponseAction(AllRule(), LuaResponseAction(function(dr) return 99, "" end))
                addResponseAction(AllRule(), LuaResponseAction(function(dr) seen = later return -1, "" end))
                """);
        Walk walk = new Walk(world);
        for (String name : new String[] {"high.", "low."}) {
            assertThat(walk.ask(name, RecordType.A)).isEqualTo(WalkVerdict.PARK);
            walk.answer(Rcode.NXDOMAIN);
            assertThat(walk.rcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(world.ask("seen")).isEqualTo(name + "\n");
        }
        assertThat(errors(world)).isZero();
    }

    @Test
    void aRuleMatchesWithTrueOnly() {
        World world = world("""
                values = {yes="yes", one=1, zero=0, table={}, no=false, yea=true}
                addAction(LuaRule(function(dq) return values[dq.qname:toStringNoDot()] end), DropAction())
                """);
        Walk walk = new Walk(world);
        assertThat(walk.ask("yea.", RecordType.A)).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.ask("no.", RecordType.A)).isEqualTo(WalkVerdict.PARK);
        assertThat(errors(world)).isZero();
        for (String name : new String[] {"yes.", "one.", "zero.", "table.", "nothing."}) {
            assertThat(walk.ask(name, RecordType.A)).as(name).isEqualTo(WalkVerdict.PARK);
        }
        assertThat(errors(world)).as("mistakes of the function").isEqualTo(5);
    }

    /** An address of the other family, or of any where no address was asked for, ends the rules and leaves the query as it is. */
    @Test
    void spoofingAnswersOnlyWhatTheAddressesCanAnswer() {
        World world = world("""
                addAction(QNameRule("returned."), LuaAction(function(dq) return DNSAction.Spoof, "192.0.2.7" end))
                addAction(QNameRule("called."), LuaAction(function(dq)
                  dq:spoof({newCA("192.0.2.7")})
                  return DNSAction.HeaderModify, ""
                end))
                addAction(AllRule(), DropAction())
                """);
        Walk walk = new Walk(world);
        for (String name : new String[] {"returned.", "called."}) {
            assertThat(walk.ask(name, RecordType.A)).isEqualTo(WalkVerdict.ANSWER);
            assertThat(walk.ask(name, RecordType.ANY)).isEqualTo(WalkVerdict.ANSWER);
            assertThat(walk.ask(name, RecordType.AAAA)).isEqualTo(WalkVerdict.PARK);
            assertThat(walk.ask(name, RecordType.MX)).isEqualTo(WalkVerdict.PARK);
        }
    }

    /** Up to 4,096 octets of a datagram in all, as dnsdist 1.7.3; what does not fit changes nothing. */
    @Test
    void trailingDataHasTheRoomOfADatagram() {
        World world = world("""
                addAction(AllRule(), LuaAction(function(dq)
                  local records = dq.len
                  seen = {dq:setTrailingData(string.rep("x", 4096 - records)), dq.len,
                          dq:setTrailingData(string.rep("y", 4097 - records)), dq.len,
                          dq:getTrailingData() == string.rep("x", 4096 - records),
                          dq:setTrailingData(""), dq.len == records}
                  return DNSAction.None, ""
                end))
                """);
        assertThat(new Walk(world).ask("tail.", RecordType.A)).isEqualTo(WalkVerdict.PARK);
        assertThat(world.ask("(function() local t = {} for i = 1, 7 do t[i] = tostring(seen[i]) end "
                        + "return table.concat(t, ' ') end)()"))
                .isEqualTo("true 4096 false 4096 true true true\n");
        assertThat(errors(world)).isZero();
    }

    @Test
    void anOptionsOptIsNoLargerThanTheClient() {
        World world = world("""
                addAction(AllRule(), LuaAction(function(dq)
                  dq:setEDNSOption(65001, "x")
                  return DNSAction.None, ""
                end))
                """);
        Walk walk = new Walk(world);
        assertThat(walk.ask("option.", RecordType.A)).isEqualTo(WalkVerdict.PARK);
        assertThat(DnsMessage.parse(walk.query.packetCopy()).payloadSize()).isEqualTo(512);
        walk.answer(Rcode.NXDOMAIN);
        assertThat(Header.arcount(walk.query.packet())).isZero();
    }

    @Test
    void policiesChooseByNumberAndElseNobody() {
        World world = world("""
                newServer({address='127.0.0.1:5303', name='three', healthCheckMode='up'})
                getPool(""):setCache(newPacketCache(100))
                setServerPolicyLua("mine", function(servers, dq)
                  if dq.qname == newDNSName("second.") then return 2 end
                  if dq.qname == newDNSName("object.") then return servers[1] end
                  if dq.qname == newDNSName("out.") then return #servers + 1 end
                  error("boom")
                end)
                """);
        Walk walk = new Walk(world);
        walk.ask("second.", RecordType.A);
        assertThat(walk.sentTo).isNotNull().satisfies(to -> assertThat(to.name())
                .isEqualTo("three"));
        walk.ask("object.", RecordType.A);
        assertThat(walk.sentTo).isNotNull().satisfies(to -> assertThat(to.name())
                .isEqualTo("one"));
        assertThat(walk.ask("out.", RecordType.A)).isEqualTo(WalkVerdict.DROP);
        assertThat(errors(world)).isZero();
        assertThat(walk.ask("bad.", RecordType.A)).isEqualTo(WalkVerdict.DROP);
        assertThat(errors(world)).isEqualTo(1);
        assertThat(world.ask("showServerPolicy()")).isEqualTo("mine\n");
    }

    /** {@code leastOutstanding.policy(getPoolServers("other"), dq)} stands in many configurations. */
    @ParameterizedTest
    @CsvSource({
        "least., two",
        "first., one",
        "own., three",
        "nobody., ",
        "hashed., one",
    })
    void functionsMayAskOtherPolicies(String name, @Nullable String server) {
        World world = world("""
                newServer({address='127.0.0.1:5303', name='three', healthCheckMode='up'})
                own = newServerPolicy("own", function(servers, dq) return #servers end)
                setServerPolicyLua("mine", function(servers, dq)
                  if dq.qname == newDNSName("least.") then return leastOutstanding.policy(getPoolServers("other"), dq) end
                  if dq.qname == newDNSName("own.") then return own.policy(servers, dq) end
                  if dq.qname == newDNSName("nobody.") then return wrandom.policy({}, dq) end
                  if dq.qname == newDNSName("hashed.") then return chashed.policy({servers[1]}, dq) end
                  return firstAvailable.policy(servers, dq)
                end)
                """);
        Walk walk = new Walk(world);
        for (int i = 0; i < 2; i++) {
            walk.ask(name, RecordType.A);
            assertThat(walk.sentTo == null ? null : walk.sentTo.name()).isEqualTo(server);
        }
        assertThat(errors(world)).isZero();
    }

    @Test
    void policiesTakeTurnsAmongAllWhoAsk() {
        World world = world("""
                newServer({address='127.0.0.1:5303', name='three', healthCheckMode='up'})
                setServerPolicyLua("mine", function(servers, dq) return roundrobin.policy(servers, dq) end)
                """);
        Walk walk = new Walk(world);
        Set<String> chosen = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            walk.ask("a.", RecordType.A);
            assertThat(walk.sentTo).isNotNull().satisfies(to -> chosen.add(to.name()));
        }
        assertThat(chosen).containsExactlyInAnyOrder("one", "three");
    }

    @Test
    void whatPoliciesCannotBeAskedIsAMistake() {
        World world = world("");
        assertThat(world.ask("firstAvailable.policy(getServers(), nil)"))
                .contains("ServerPolicy.policy: 'dq' must be a DNSQuestion");
        assertThat(world.ask("firstAvailable.policy({1}, nil)"))
                .contains("ServerPolicy.policy: 'servers' must be a list of Servers");
        assertThat(world.ask("tostring(roundrobin.ffipolicy)")).isEqualTo("nil\n");
    }

    @Test
    void questionIsGoneAfterTheCall() {
        World world = world("addAction(AllRule(), LuaAction(function(dq) kept = dq return DNSAction.None, '' end))");
        new Walk(world).ask("name.", RecordType.A);
        assertThat(world.ask("kept.qname")).contains("this DNSQuestion is gone");
    }

    @Test
    void callbacksRunAndTheirErrorsHarmNobody() {
        World world = world("""
                count = 0
                function maintenance() count = count + 1 error("boom") end
                addMaintenanceCallback(function() count = count + 10 end)
                addExitCallback(function() count = count + 100 end)
                addServerStateChangeCallback(function(name, up) seen = name .. tostring(up) end)
                """);
        world.lua.maintenance();
        assertThat(world.ask("count")).isEqualTo("11\n");
        world.lua.exitCallbacks();
        assertThat(world.ask("count")).isEqualTo("111\n");
        world.lua.serverStateChanged("one (127.0.0.1:5301)", false);
        Await.until("told", Duration.ofSeconds(10), () -> world.ask("seen").equals("one (127.0.0.1:5301)false\n"));
        assertThat(errors(world)).isEqualTo(1);
    }

    /** Table of 8 cells: the ninth client takes the place of the first one, which starts again. */
    @Test
    void ratesOfClientsAreKeptForAsManyAsTheOptionSays() {
        World world = world("addAction(MaxQPSIPRule(1, 32, 64, 1, {cells=8}), DropAction())");
        Walk walk = new Walk(world);
        for (int i = 1; i <= 9; i++) {
            walk.client = Endpoint.parse("127.0.0." + i, 4242);
            assertThat(walk.ask("a.", RecordType.A)).isEqualTo(WalkVerdict.PARK);
            assertThat(walk.ask("a.", RecordType.A)).isEqualTo(WalkVerdict.DROP);
        }
        assertThat(world.model.engine().statistics().value(Counter.RATE_TABLE_EVICTIONS))
                .isEqualTo(1);
        assertThat(world.ask("getStatisticsCounters()['rate-table-evictions']")).isEqualTo("1\n");
    }
}
