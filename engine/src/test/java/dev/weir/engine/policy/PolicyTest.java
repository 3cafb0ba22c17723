package dev.weir.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each policy's distribution is the computed one. */
class PolicyTest {
    private static final StatShard MINE = new Statistics().takeShard();

    private static final int MANY = 40_000;

    private static final class Context implements PolicyContext {
        private final Random random = new Random(1);
        private int turn;
        long nowNanos;
        double weightedFactor;
        double consistentFactor;
        boolean failOnNoServer;

        @Override
        public long nowNanos() {
            return nowNanos;
        }

        @Override
        public RandomGenerator random() {
            return random;
        }

        @Override
        public int hashSeed() {
            return 17;
        }

        @Override
        public double weightedBalancingFactor() {
            return weightedFactor;
        }

        @Override
        public double consistentHashingBalancingFactor() {
            return consistentFactor;
        }

        @Override
        public boolean roundRobinFailOnNoServer() {
            return failOnNoServer;
        }

        @Override
        public int nextTurn() {
            return turn++;
        }
    }

    private final Context context = new Context();

    private static Backend server(String name, int order, int weight) {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("192.0.2.1:53", 53));
        spec.healthMode = BackendSpec.HealthMode.UP;
        spec.name = name;
        spec.id = "00000000-0000-0000-0000-" + String.format("%012d", name.hashCode());
        spec.order = order;
        spec.weight = weight;
        return new Backend(spec.build());
    }

    private static Query query(String name) {
        Query query = new Query();
        Frontend frontend = new Frontend(Endpoint.parse("127.0.0.1:53", 53), Protocol.DO_UDP, false);
        query.begin(Protocol.DO_UDP, frontend, new byte[512], 12, 0);
        query.rename(Name.parse(name));
        return query;
    }

    private Map<String, Integer> distribution(Policy policy, List<Backend> servers) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < MANY; i++) {
            Backend chosen = policy.select(servers, query("n" + i + ".example."), context);
            counts.merge(chosen == null ? "none" : chosen.name(), 1, Integer::sum);
        }
        return counts;
    }

    private @Nullable Backend once(Policy policy, List<Backend> servers) {
        return policy.select(servers, query("www.example."), context);
    }

    @Test
    void fewestOutstandingThenOrderThenLatency() {
        Backend a = server("a", 1, 1);
        Backend b = server("b", 1, 1);
        Backend c = server("c", 2, 1);
        List<Backend> servers = List.of(a, b, c);
        Policy policy = new Policy.LeastOutstanding();
        a.querySent(MINE);
        assertThat(once(policy, servers)).isSameAs(b);
        b.querySent(MINE);
        assertThat(once(policy, servers)).isSameAs(c);
        c.querySent(MINE);
        a.answered(MINE, 900, false);
        b.answered(MINE, 100, false);
        assertThat(once(policy, servers)).as("lower latency").isSameAs(b);
        b.health().force(false);
        assertThat(once(policy, servers)).isSameAs(a);
        a.health().force(false);
        c.health().force(false);
        assertThat(once(policy, servers)).isNull();
    }

    @Test
    void firstAvailableKeepsToTheQpsLimit() {
        Backend a = server("a", 1, 1);
        a.setQpsLimit(10);
        Backend b = server("b", 2, 1);
        context.nowNanos = System.nanoTime();
        Map<String, Integer> counts = distribution(new Policy.FirstAvailable(), List.of(a, b));
        assertThat(counts.get("a")).isEqualTo(10);
        assertThat(counts.get("b")).isEqualTo(MANY - 10);
    }

    @Test
    void weightedPoliciesFollowTheWeights() {
        List<Backend> servers = List.of(server("a", 1, 1), server("b", 1, 3), server("c", 1, 6));
        for (Policy policy :
                List.of(new Policy.WeightedRandom(), new Policy.WeightedHashed(), new Policy.OrderedWrandUntag())) {
            Map<String, Integer> counts = distribution(policy, servers);
            assertThat(counts.get("a")).as(policy.name()).isCloseTo(MANY / 10, within(MANY / 50));
            assertThat(counts.get("b")).as(policy.name()).isCloseTo(MANY * 3 / 10, within(MANY / 50));
            assertThat(counts.get("c")).as(policy.name()).isCloseTo(MANY * 6 / 10, within(MANY / 50));
        }
    }

    @Test
    void hashingSendsANameToTheSameServerWhateverItsCase() {
        List<Backend> servers = List.of(server("a", 1, 1000), server("b", 1, 1000), server("c", 1, 1000));
        for (Policy policy : List.of(new Policy.WeightedHashed(), new Policy.ConsistentHashed())) {
            Backend first = policy.select(servers, query("www.example."), context);
            assertThat(policy.select(servers, query("WWW.EXAMPLE."), context)).isSameAs(first);
        }
    }

    @Test
    void consistentHashingMovesOnlyTheLostServersShare() {
        List<Backend> servers = List.of(server("a", 1, 1000), server("b", 1, 1000), server("c", 1, 1000));
        Policy policy = new Policy.ConsistentHashed();
        Map<String, Integer> counts = distribution(policy, servers);
        counts.forEach((name, count) -> assertThat(count).as(name).isCloseTo(MANY / 3, within(MANY / 20)));

        List<Backend> before = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            before.add(policy.select(servers, query("n" + i + ".example."), context));
        }
        servers.get(1).health().force(false);
        for (int i = 0; i < 2000; i++) {
            Backend after = policy.select(servers, query("n" + i + ".example."), context);
            if (before.get(i) == servers.get(1)) {
                assertThat(after).isNotSameAs(servers.get(1));
            } else {
                assertThat(after).isSameAs(before.get(i));
            }
        }
    }

    @Test
    void roundRobinTakesTurnsAmongUsableServers() {
        Backend a = server("a", 1, 1);
        Backend b = server("b", 1, 1);
        Backend c = server("c", 1, 1);
        List<Backend> servers = List.of(a, b, c);
        Policy policy = new Policy.RoundRobin();
        assertThat(List.of(once(policy, servers), once(policy, servers), once(policy, servers)))
                .containsExactly(a, b, c);
        b.health().force(false);
        assertThat(distribution(policy, servers)).containsOnlyKeys("a", "c").containsEntry("a", MANY / 2);
        a.health().force(false);
        c.health().force(false);
        assertThat(once(policy, servers))
                .as("one is returned although none is up")
                .isNotNull();
        context.failOnNoServer = true;
        assertThat(once(policy, servers)).isNull();
    }

    @Test
    void orderedWrandUntagLeavesOutTaggedServers() {
        Backend a = server("a", 1, 1);
        Backend b = server("b", 2, 1);
        Query query = query("www.example.");
        Policy policy = new Policy.OrderedWrandUntag();
        assertThat(policy.select(List.of(a, b), query, context)).isSameAs(a);
        query.decided().setTag(a.nameWithAddress(), "1");
        assertThat(policy.select(List.of(a, b), query, context)).isSameAs(b);
    }

    @Test
    void boundedLoadSkipsTheOverloaded() {
        Backend a = server("a", 1, 1);
        Backend b = server("b", 1, 1);
        for (int i = 0; i < 10; i++) {
            a.querySent(MINE);
        }
        context.weightedFactor = 1.1;
        context.consistentFactor = 1.1;
        for (Policy policy :
                List.of(new Policy.WeightedRandom(), new Policy.WeightedHashed(), new Policy.ConsistentHashed())) {
            assertThat(distribution(policy, List.of(a, b))).as(policy.name()).containsOnlyKeys("b");
        }
    }

    @Test
    void outstandingLimitMakesAServerUnusable() {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("192.0.2.1:53", 53));
        spec.healthMode = BackendSpec.HealthMode.UP;
        spec.maxOutstandingQueries = 1;
        Backend only = new Backend(spec.build());
        assertThat(once(new Policy.LeastOutstanding(), List.of(only))).isSameAs(only);
        only.querySent(MINE);
        assertThat(once(new Policy.LeastOutstanding(), List.of(only))).isNull();
        only.queryEnded(MINE);
        assertThat(once(new Policy.LeastOutstanding(), List.of(only))).isSameAs(only);
    }
}
