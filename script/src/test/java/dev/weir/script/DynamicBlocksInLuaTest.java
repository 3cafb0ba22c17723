package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.walk.WalkVerdict;
import dev.weir.testkit.DnsMessage;
import org.junit.jupiter.api.Test;

/** Dynamic blocks as an operator writes and reads them; the listings are those of dnsdist 1.7.3 with the column eBPF added. */
class DynamicBlocksInLuaTest {
    private static final String HEAD =
            "What                      Seconds   Blocks Warning    Action               eBPF       Reason\n";

    private static String line(String what, int seconds, String action, String reason) {
        return "%-24s %8d %8d %-10s %-20s %-10s %s\n".formatted(what, seconds, 0, "false", action, "", reason);
    }

    @Test
    void insertedByHandAndShown() {
        World world = new World().with("");
        world.ask("addDynBlocks({[newCA('192.0.2.7')]=1}, 'exceeded', 3000)");
        world.ask("addDynBlocks({[newCA('2001:db8::1')]=2}, 'a reason', 3000, DNSAction.Refused)");
        world.ask("addDynBlockSMT({'example.com.', 'x.y.Z'}, 'suffix', 300, DNSAction.Nxdomain)");
        world.ask("addDynamicBlock('198.51.100.7', 'network', DNSAction.Truncate, 60, 24)");
        world.ask("addDynamicBlock(newCA('203.0.113.1:20000'), 'ports', DNSAction.NoOp, 60, 32, 2)");
        assertThat(world.ask("showDynBlocks()").replaceAll("(?<= )2999|(?<= )299|(?<= )59", "1000"))
                .isEqualTo((HEAD
                                + line("192.0.2.7/32", 2999, "Drop", "exceeded")
                                + line("198.51.100.0/24", 59, "Truncate over UDP", "network")
                                + line("203.0.113.1:16384/2", 59, "Do nothing", "ports")
                                + line("2001:db8::1/128", 2999, "Send Refused", "a reason")
                                + line("example.com.", 299, "Send NXDomain", "suffix")
                                + line("x.y.Z.", 299, "Send NXDomain", "suffix"))
                        .replaceAll("(?<= )2999|(?<= )299|(?<= )59", "1000"));
        world.ask("clearDynBlocks()");
        assertThat(world.ask("showDynBlocks()")).isEqualTo(HEAD);
    }

    @Test
    void readAsObjects() {
        World world = new World().with("");
        world.ask("addDynBlocks({[newCA('192.0.2.7')]=1}, 'exceeded', 3000)");
        world.ask("addDynBlockSMT({'example.com.'}, 'suffix', 300, DNSAction.Refused)");
        assertThat(world.ask("b = getDynamicBlocks()['192.0.2.7/32'] return b.reason .. b.action .. b.blocks"))
                .isEqualTo("exceeded100\n");
        assertThat(world.ask("return tostring(math.abs(b['until'] - os.time() - 3000) <= 1)"))
                .isEqualTo("true\n");
        assertThat(world.ask("return tostring(b.warning) .. tostring(b.bpf)")).isEqualTo("falsefalse\n");
        assertThat(world.ask("return getDynamicBlocksSMT()['example.com.'].domain"))
                .isEqualTo("example.com.\n");
    }

    @Test
    void theDefaultActionIsOneOfSix() {
        World world = new World();
        assertThat(world.load("setDynBlocksAction(DNSAction.Spoof)").complaints())
                .singleElement()
                .asString()
                .contains("can only be Drop, NoOp, NXDomain, Refused, Truncate or NoRecurse!");
        world.ask("setDynBlocksAction(DNSAction.Refused) addDynBlocks({[newCA('192.0.2.7')]=1}, 'x')");
        assertThat(world.ask("showDynBlocks()")).contains("Send Refused");
    }

    /** What dnsdist 1.7.3 says of the same group. */
    @Test
    void groupsDescribeThemselves() {
        World world = new World().with("""
                dbr = dynBlockRulesGroup()
                dbr:setQueryRate(3, 2, "too many queries", 20, DNSAction.Refused, 1)
                dbr:setQTypeRate(DNSQType.TXT, 5, 10, "txt", 60)
                dbr:setRCodeRate(DNSRCode.NXDOMAIN, 20, 10, "nx", 60, DNSAction.Truncate)
                dbr:setRCodeRatio(DNSRCode.SERVFAIL, 0.5, 10, "sf ratio", 60, 20)
                dbr:setResponseByteRate(10000, 10, "bytes", 60)
                dbr:setSuffixMatchRule(10, "smt", 60, DNSAction.Drop, function(node, self, children) return false end)
                dbr:excludeRange({"192.0.2.0/24"})
                dbr:includeRange("192.0.2.1/32")
                dbr:excludeDomains({"a.b.", "c."})
                """);
        assertThat(world.ask("return dbr:toString()").stripTrailing()).isEqualTo("""
                Query rate rule: Send Refused for 20 seconds when over 3 during the last 2 seconds, reason: 'too many queries'
                Response rate rule: Apply the global DynBlock action for 60 seconds when over 10000 during the last 10 seconds, reason: 'bytes'
                SuffixMatch rule: Drop for 60 seconds when over 0 during the last 10 seconds, reason: 'smt'
                RCode rules:\s
                - Non-Existent domain: Truncate over UDP for 60 seconds when over 20 during the last 10 seconds, reason: 'nx'
                - Server Failure: Apply the global DynBlock action for 60 seconds when over 0.500000 ratio during the last 10 seconds, reason: 'sf ratio'
                QType rules:\s
                - TXT: Apply the global DynBlock action for 60 seconds when over 5 during the last 10 seconds, reason: 'txt'
                Excluded Subnets: !192.0.2.1/32, 192.0.2.0/24
                Excluded Domains: a.b., c.""");
    }

    @Test
    void appliedFromMaintenance() {
        World world = new World().with("""
                newServer({address="192.0.2.1", healthCheckMode="up"})
                local dbr = dynBlockRulesGroup()
                dbr:setQuiet(true)
                dbr:setQueryRate(2, 1, "flood", 60, DNSAction.Refused)
                dbr:setNewBlockInsertedHook(function(kind, key, reason, action, seconds, warning)
                  heard = kind .. " " .. key .. " " .. reason .. " " .. action .. " " .. seconds .. " " .. tostring(warning)
                end)
                function maintenance() dbr:apply() end
                """);
        Walk walk = new Walk(world);
        for (int i = 0; i < 3; i++) {
            assertThat(walk.ask("www.example.net.", DnsMessage.A)).isEqualTo(WalkVerdict.PARK);
        }
        world.lua.maintenance();
        assertThat(walk.ask("www.example.net.", DnsMessage.A)).isEqualTo(WalkVerdict.ANSWER);
        assertThat(walk.rcode()).isEqualTo(5);
        assertThat(world.ask("return heard")).isEqualTo("0 127.0.0.9/32 flood 2 60 false\n");
    }

    @Test
    void visitorsGiveReasonAndAction() {
        World world = new World().with("""
                newServer({address="192.0.2.1", healthCheckMode="up"})
                dbr = dynBlockRulesGroup()
                dbr:setSuffixMatchRule(10, "usual", 60, DNSAction.Drop, function(node, self, children)
                  if node.labelsCount == 2 and children.servfails >= 2 then
                    return true, node.fullname .. " fails", DNSAction.Refused
                  end
                  return self.servfails >= 2
                end)
                """);
        Walk walk = new Walk(world);
        for (String name : new String[] {"a.one.test.", "b.one.test.", "x.two.test.", "x.two.test."}) {
            walk.ask(name, DnsMessage.A);
            walk.answer(2);
        }
        world.ask("dbr:apply()");
        assertThat(world.ask("for k, b in pairs(getDynamicBlocksSMT()) do show(k .. b.reason .. b.action) end")
                        .lines())
                .containsExactlyInAnyOrder(
                        "one.test.one.test. fails2", "two.test.two.test. fails2", "x.two.test.usual0");
    }

    @Test
    void exceedFunctionsReturnAddresses() {
        World world = new World().with("newServer({address='192.0.2.1', healthCheckMode='up'})");
        Walk walk = new Walk(world);
        for (int i = 0; i < 11; i++) {
            walk.ask("www.example.net.", DnsMessage.A);
            walk.answer(3);
        }
        String each = "for a, n in pairs(%s) do show(a:toString() .. ' ' .. n) end";
        assertThat(world.ask(each.formatted("exceedQRate(1, 10)"))).isEqualTo("127.0.0.9 11\n");
        assertThat(world.ask(each.formatted("exceedQRate(2, 10)"))).isEmpty();
        assertThat(world.ask(each.formatted("exceedQTypeRate(DNSQType.A, 1, 10)")))
                .isEqualTo("127.0.0.9 11\n");
        assertThat(world.ask(each.formatted("exceedQTypeRate(DNSQType.AAAA, 1, 10)")))
                .isEmpty();
        assertThat(world.ask(each.formatted("exceedNXDOMAINs(1, 10)"))).isEqualTo("127.0.0.9 11\n");
        assertThat(world.ask(each.formatted("exceedServFails(0, 10)"))).isEmpty();
        assertThat(world.ask(each.formatted("exceedRespByterate(1, 10)"))).startsWith("127.0.0.9 ");
        world.ask("addDynBlocks(exceedQRate(1, 10), 'Exceeded query rate', 60)");
        assertThat(walk.ask("www.example.net.", DnsMessage.A)).isEqualTo(WalkVerdict.DROP);
        assertThat(world.ask("return getStatisticsCounters()['dyn-block-nmg-size']"))
                .isEqualTo("1\n");
    }

    @Test
    void mistakesAreNamed() {
        World world = new World().with("dbr = dynBlockRulesGroup()");
        assertThat(world.ask("dbr:setMasks(24, 64, 2)")).contains("while only considering parts of IPv4 addresses");
        assertThat(world.ask("dbr:setMasks(33, 64, 0)")).contains("invalid IPv4 mask (33)");
        assertThat(world.ask("dbr:setSuffixMatchRuleFFI(1, 'x', 1, 0, f)")).contains("'visitor' must be a function");
        assertThat(world.ask("dbr:setQueryRate('many', 1, 'x', 1)")).contains("'rate' must be a number");
    }
}
