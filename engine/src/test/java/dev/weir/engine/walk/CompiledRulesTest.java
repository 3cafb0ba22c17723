package dev.weir.engine.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.Result;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.model.Model;
import dev.weir.engine.query.Query;
import dev.weir.engine.rule.CompiledChain;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.RuleChain;
import dev.weir.engine.rule.RuleWalk;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Does a compiled chain do what walking from rule to rule does, whatever rules and queries there are? */
class CompiledRulesTest {
    private static final int CHAINS = 1000;
    private static final int QUERIES_PER_CHAIN = 1000;
    private static final long SEED = 20_261_122;

    /** One of two worlds that are made from the same random numbers: one walks compiled rules, the other asks each. */
    private static final class World {
        final Worker worker = new Worker(new Model().engine(), new Random(5));
        final RandomRules rules;
        final RuleChain<Action> chain = new RuleChain<>(() -> {}, this);
        final RuleWalk walk = new RuleWalk(worker);
        final Query query = new Query();
        final byte[] packet = new byte[1024];
        final Frontend udp = new Frontend(Walk.SERVER, Protocol.DO_UDP, false);

        World(long seed, boolean compileMeanwhile) {
            rules = new RandomRules(new Random(seed));
            int count = rules.ruleCount();
            for (int i = 0; i < count; i++) {
                chain.add(rules.rule());
                if (compileMeanwhile && i % 5 == seed % 5) {
                    chain.compiled();
                }
            }
        }

        void begin(DnsQuery question, Endpoint client, Endpoint destination, long nowNanos) {
            byte[] octets = question.packet();
            System.arraycopy(octets, 0, packet, 0, octets.length);
            worker.beginBatch(nowNanos);
            query.origin().client().set(client);
            query.origin().destination().set(destination);
            query.begin(Protocol.DO_UDP, udp, packet, octets.length, nowNanos);
            query.lendKey(worker.nameKey());
            assertThat(worker.question().parse(packet, octets.length)).isPositive();
            query.question(worker.question(), worker.parseEdns(query), 512);
        }

        void walkCompiled() {
            CompiledChain<Action> compiled = chain.compiled();
            for (int at = walk.first(compiled, query); at >= 0; at = walk.next()) {
                if (act(compiled.rule(at), at)) {
                    return;
                }
            }
        }

        void walkEach() {
            List<Rule<Action>> all = chain.rules();
            for (int at = 0; at < all.size(); at++) {
                if (all.get(at).selector().matches(query, worker) && act(all.get(at), at)) {
                    return;
                }
            }
        }

        private boolean act(Rule<Action> rule, int at) {
            rule.matches().increment();
            rules.events.add("rule " + at);
            Result result = rule.action().perform(query, worker);
            rules.events.add(result.luaName());
            return result != Result.NONE;
        }

        /** All that an operator could notice. */
        List<String> events() {
            List<String> events = new ArrayList<>(rules.events);
            events.add("tags " + query.decided().tags() + " pool "
                    + query.decided().poolName() + " cache " + query.decided().skipCache() + " name " + query.name()
                    + " flags " + Header.flags(query.packet()));
            events.add("next random number " + worker.random().nextInt());
            rules.events.clear();
            return events;
        }

        List<Long> matches() {
            return chain.rules().stream().map(rule -> rule.matches().sum()).toList();
        }
    }

    @Test
    void compiledChainsDoWhatWalkingFromRuleToRuleDoes() {
        long matches = 0;
        for (int i = 0; i < CHAINS; i++) {
            long seed = SEED + i;
            World compiled = new World(seed, true);
            World naive = new World(seed, false);
            Random queries = new Random(~seed);
            long nowNanos = 1_000_000_000L;
            for (int q = 0; q < QUERIES_PER_CHAIN; q++) {
                DnsQuery question = RandomRules.question(queries);
                Endpoint client = RandomRules.client(queries);
                Endpoint destination = RandomRules.client(queries);
                nowNanos += queries.nextInt(20_000_000);
                compiled.begin(question, client, destination, nowNanos);
                naive.begin(question, client, destination, nowNanos);
                compiled.walkCompiled();
                naive.walkEach();
                List<String> expected = naive.events();
                List<String> found = compiled.events();
                matches += expected.size() > 2 ? 1 : 0;
                if (!found.equals(expected)) {
                    assertThat(found)
                            .as("seed %d, query %d: %s from %s, rules %s", seed, q, question, client, texts(naive))
                            .isEqualTo(expected);
                }
            }
            assertThat(compiled.matches()).as("counters, seed %d", seed).isEqualTo(naive.matches());
        }
        assertThat(matches).as("queries that met a rule").isGreaterThan(CHAINS * QUERIES_PER_CHAIN / 4);
    }

    private static String texts(World world) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (Rule<Action> rule : world.chain.rules()) {
            text.append('\n').append(at++).append(": ").append(rule.selector().text());
            text.append(" -> ").append(rule.action().text());
        }
        return text.toString();
    }
}
