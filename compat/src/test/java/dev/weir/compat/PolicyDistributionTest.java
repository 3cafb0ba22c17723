package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.BulkExchange;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.UdpClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Does every policy spread queries as computed? Shares of random choices are allowed five standard deviations: a right
 * policy fails about once in a million runs.
 */
class PolicyDistributionTest {
    private static final int QUERIES = 3_000;

    private final List<FakeBackend> backends = new ArrayList<>();

    @AfterEach
    void stopBackends() {
        backends.forEach(FakeBackend::close);
    }

    /** Three backends with these options and a policy. */
    private DnsProcess start(String policy, String... options) {
        StringBuilder config = new StringBuilder();
        for (int i = 0; i < options.length; i++) {
            FakeBackend backend = FakeBackend.answering("192.0.2." + (i + 1));
            backends.add(backend);
            config.append("newServer({address=\"%s\", name=\"s%d\", checkInterval=3600, %s})\n"
                    .formatted(backend.hostPort(), i + 1, options[i]));
        }
        return DnsProcess.start(config + policy + "\n");
    }

    /** Asks for different names, and returns how many each backend got. */
    private List<Integer> spread(DnsProcess subject) {
        List<byte[]> queries = new ArrayList<>();
        for (int i = 0; i < QUERIES; i++) {
            queries.add(DnsQuery.of("n" + i + ".example.", A).packet());
        }
        BulkExchange.udp(subject.address(), queries);
        return counts();
    }

    private List<Integer> counts() {
        return backends.stream().map(FakeBackend::queryCount).toList();
    }

    private static void assertShare(int count, double share) {
        double deviation = Math.sqrt(QUERIES * share * (1 - share));
        assertThat((double) count).isBetween(QUERIES * share - 5 * deviation, QUERIES * share + 5 * deviation);
    }

    @Test
    void roundRobinIsEven() {
        try (DnsProcess subject = start("setServerPolicy(roundrobin)", "weight=1", "weight=5", "weight=9")) {
            assertThat(spread(subject))
                    .allSatisfy(count -> assertThat(count).isBetween(QUERIES / 3 - 2, QUERIES / 3 + 2));
        }
    }

    @Test
    void weightedRandomFollowsWeights() {
        try (DnsProcess subject = start("setServerPolicy(wrandom)", "weight=1", "weight=2", "weight=7")) {
            List<Integer> counts = spread(subject);
            assertShare(counts.get(0), 0.1);
            assertShare(counts.get(1), 0.2);
            assertShare(counts.get(2), 0.7);
        }
    }

    @Test
    void weightedHashFollowsWeights() {
        try (DnsProcess subject =
                start("setServerPolicy(whashed) setWHashedPertubation(42)", "weight=1", "weight=2", "weight=7")) {
            List<Integer> counts = spread(subject);
            assertShare(counts.get(0), 0.1);
            assertShare(counts.get(1), 0.2);
            assertShare(counts.get(2), 0.7);
        }
    }

    @Test
    void consistentHashFollowsWeightsRoughly() {
        try (DnsProcess subject = start(
                "setServerPolicy(chashed) setWHashedPertubation(42)",
                "weight=500, id=\"00000000-0000-0000-0000-000000000001\"",
                "weight=1000, id=\"00000000-0000-0000-0000-000000000002\"",
                "weight=1500, id=\"00000000-0000-0000-0000-000000000003\"")) {
            List<Integer> counts = spread(subject);
            // The points of a server divide the circle at random: its share varies by about 1/sqrt(weight) more.
            assertThat(counts.get(0)).isBetween(QUERIES / 6 - 180, QUERIES / 6 + 180);
            assertThat(counts.get(1)).isBetween(QUERIES / 3 - 240, QUERIES / 3 + 240);
            assertThat(counts.get(2)).isBetween(QUERIES / 2 - 300, QUERIES / 2 + 300);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"whashed", "chashed"})
    void hashesKeepANameAtItsServerWhateverItsCase(String policy) {
        try (DnsProcess subject =
                        start("setServerPolicy(%s)".formatted(policy), "weight=10", "weight=10", "weight=10");
                UdpClient client = subject.udp()) {
            for (int i = 0; i < 50; i++) {
                List<String> lower =
                        client.ask(DnsQuery.of("name" + i + ".example.", A)).answerTexts();
                List<String> upper =
                        client.ask(DnsQuery.of("NAME" + i + ".EXAMPLE.", A)).answerTexts();
                assertThat(upper).isEqualTo(lower);
            }
        }
    }

    @Test
    void consistentHashMovesOnlyTheNamesOfALostServer() {
        try (DnsProcess subject = start("setServerPolicy(chashed)", "weight=1000", "weight=1000", "weight=1000");
                UdpClient client = subject.udp()) {
            Map<String, String> before = homes(client);
            subject.console("getServer(1):setDown()");
            Map<String, String> after = homes(client);
            before.forEach((name, home) -> {
                if (home.equals("192.0.2.2")) {
                    assertThat(after.get(name)).isNotEqualTo("192.0.2.2");
                } else {
                    assertThat(after).containsEntry(name, home);
                }
            });
            assertThat(before).containsValue("192.0.2.2");
        }
    }

    private static Map<String, String> homes(UdpClient client) {
        Map<String, String> homes = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            String name = "name" + i + ".example.";
            homes.put(name, client.ask(DnsQuery.of(name, A)).answerTexts().getFirst());
        }
        return homes;
    }

    @Test
    void firstAvailableTakesTheFirstInOrder() {
        try (DnsProcess subject = start("setServerPolicy(firstAvailable)", "order=3", "order=1", "order=2")) {
            assertThat(spread(subject)).containsExactly(0, QUERIES, 0);
        }
    }

    @Test
    void firstAvailableGoesOnWhenTheFirstIsDown() {
        try (DnsProcess subject = start("setServerPolicy(firstAvailable)", "order=1", "order=2", "order=3")) {
            subject.console("getServer(0):setDown()");
            assertThat(spread(subject)).containsExactly(0, QUERIES, 0);
        }
    }

    @Test
    void firstAvailableOverflowsAboveItsRate() {
        try (DnsProcess subject = start("setServerPolicy(firstAvailable)", "order=1, qps=10", "order=2", "order=3")) {
            List<Integer> counts = spread(subject);
            // A burst of one second's worth, and what flows in while the queries last.
            assertThat(counts.get(0)).isBetween(10, 200);
            assertThat(counts.get(1)).isEqualTo(QUERIES - counts.get(0));
        }
    }

    @Test
    void leastOutstandingAvoidsTheSlow() {
        FakeBackend.Script slow = q ->
                Reply.later(java.time.Duration.ofMillis(300), FakeBackend.addressOrNothing(q.query(), "192.0.2.1"));
        backends.add(FakeBackend.start(slow));
        backends.add(FakeBackend.answering("192.0.2.2"));
        try (DnsProcess subject = DnsProcess.start("newServer({address=\"%s\"})\nnewServer({address=\"%s\"})\n"
                .formatted(backends.get(0).hostPort(), backends.get(1).hostPort()))) {
            List<Integer> counts = spread(subject);
            assertThat(counts.get(0)).isLessThan(QUERIES / 10);
        }
    }

    @Test
    void leastOutstandingPrefersLowOrderWhenIdle() {
        try (DnsProcess subject = start("", "order=2", "order=1", "order=3");
                UdpClient client = subject.udp()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.ask(DnsQuery.of("n" + i + ".example.", A)).answerTexts())
                        .containsExactly("192.0.2.2");
            }
        }
    }

    @NewerThanDebian("has no orderedWrandUntag")
    @Test
    void orderedWeightedRandomSkipsTaggedServers() {
        backends.add(FakeBackend.answering("192.0.2.1"));
        backends.add(FakeBackend.answering("192.0.2.2"));
        try (DnsProcess subject = DnsProcess.start(
                """
                first = newServer({address="%s", name="s1", order=1})
                newServer({address="%s", name="s2", order=1})
                setServerPolicy(orderedWrandUntag)
                addAction(AllRule(), LuaAction(function(dq)
                  dq:setTag(first:getNameWithAddr(), "")
                  return DNSAction.None, ""
                end))
                """.formatted(backends.get(0).hostPort(), backends.get(1).hostPort()))) {
            assertThat(spread(subject)).containsExactly(0, QUERIES);
        }
    }

    @NewerThanDebian("wants a server from a policy, not its number")
    @Test
    void luaChoosesByNumber() {
        String policy = """
                setServerPolicyLua("byType", function(servers, dq)
                  if dq.qtype == DNSQType.A then return 2 end
                  return #servers
                end)
                """;
        try (DnsProcess subject = start(policy, "order=1", "order=2", "order=3");
                UdpClient client = subject.udp()) {
            client.ask(DnsQuery.of("x.example.", A));
            client.ask(DnsQuery.of("x.example.", DnsMessage.TXT));
            assertThat(counts()).containsExactly(0, 1, 1);
        }
    }

    @NewerThanDebian("wants a server from a policy, not its number")
    @Test
    void luaNumberOutOfRangeIsNoServer() {
        try (DnsProcess subject = start(
                        "setServFailWhenNoServer(true) setServerPolicyLua(\"none\", function(servers, dq) return 99 end)",
                        "order=1");
                UdpClient client = subject.udp()) {
            assertThat(client.ask(DnsQuery.of("x.example.", A)).rcode()).isEqualTo(DnsMessage.SERVFAIL);
            assertThat(subject.counter("no-policy")).isEqualTo(1);
        }
    }

    @Test
    void poolsHaveTheirOwnPolicy() {
        String policy = """
                setServerPolicy(firstAvailable)
                for i = 0, 2 do getServer(i):addPool("turns") end
                setPoolServerPolicy(roundrobin, "turns")
                addAction("example.", PoolAction("turns"))
                """;
        try (DnsProcess subject = start(policy, "order=1", "order=2", "order=3")) {
            assertThat(spread(subject))
                    .allSatisfy(count -> assertThat(count).isBetween(QUERIES / 3 - 2, QUERIES / 3 + 2));
        }
    }

    @Test
    void noServerIsSilenceOrServfail() {
        try (DnsProcess subject = start("", "order=1");
                UdpClient client = subject.udp()) {
            subject.console("getServer(0):setDown()");
            assertThat(client.tryExchange(DnsQuery.of("x.example.", A).packet(), java.time.Duration.ofMillis(200)))
                    .isEmpty();
            assertThat(subject.counter("no-policy")).isEqualTo(1);
            subject.console("setServFailWhenNoServer(true)");
            assertThat(client.ask(DnsQuery.of("x.example.", A)).rcode()).isEqualTo(DnsMessage.SERVFAIL);
        }
    }
}
