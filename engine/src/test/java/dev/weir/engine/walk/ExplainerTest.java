package dev.weir.engine.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.explain.Explainer;
import dev.weir.engine.explain.Explanation;
import dev.weir.engine.explain.Explanation.Outcome;
import dev.weir.engine.explain.Explanation.Stage;
import dev.weir.engine.explain.ImaginedQuery;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.model.Setting;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.query.Query;
import dev.weir.engine.rate.RateTable;
import dev.weir.engine.rate.TokenBucket;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.rule.StatefulSelector;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.Name;
import dev.weir.wire.RecordType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link Explainer} says, against what the walk does. */
class ExplainerTest {
    private static final Selector ALL = new LogicSelector.All();

    private final Walk walk = new Walk();

    private Explanation explain(String name, String... options) {
        Map<String, String> said = new HashMap<>();
        for (String option : options) {
            said.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        return new Explainer(walk.begin(), () -> walk.nowNanos).explain(ImaginedQuery.parse(name, "A", said));
    }

    private static String texts(Explanation explanation, Stage stage) {
        return String.join(
                "\n",
                explanation.steps().stream()
                        .filter(step -> step.stage() == stage)
                        .map(Explanation.Step::text)
                        .toList());
    }

    private static DnsMessage reply(DnsMessage query) {
        return query.reply(DnsMessage.NOERROR, DnsMessage.Rr.a(query.question().name(), 300, "192.0.2.80"));
    }

    @Test
    void tellsOfRulesPoolCacheAndServer() {
        Backend server = walk.backend("192.0.2.53");
        walk.cache();
        walk.rule(new NameSelector.QName(Name.parse("other.example.")), new Action.Drop());
        walk.rule(ALL, new Action.SetTag("a", "b"));

        Explanation explanation = explain("www.example.com", "client=10.0.2.7:4000", "all=true");

        assertThat(explanation.end().outcome()).isEqualTo(Outcome.FORWARDED);
        assertThat(explanation.end().facts())
                .containsEntry("server", server.label())
                .containsEntry("transport", "UDP");
        assertThat(texts(explanation, Stage.RULE))
                .isEqualTo("does not match: qname==other.example.\nAll -> set tag 'a' to value 'b'  [tag a=b]");
        assertThat(texts(explanation, Stage.POOL)).contains("default pool: 1 of 1 servers up");
        assertThat(texts(explanation, Stage.CACHE)).startsWith("no answer, key ");
        assertThat(explanation.text())
                .startsWith("www.example.com. A from 10.0.2.7:4000 over Do53 UDP to 127.0.0.1:53\n")
                .contains("=> sent to 192.0.2.53:53 over UDP\n");
        assertThat(walk.sent).isEmpty();
    }

    /** The one who looks must leave no trace, or a limit is used up by whoever asks what it does. */
    @Test
    void leavesNoTrace() {
        Backend server = walk.backend("192.0.2.53", spec -> {
            spec.qps = 1;
            return spec;
        });
        walk.model.setPolicy(new Policy.FirstAvailable());
        walk.cache();
        walk.rule(
                new StatefulSelector.MaxQpsIp(new RateTable(new RateTable.Spec(1, 32, 64, 1, 300, 1024))),
                new Action.Drop());
        walk.rule(ALL, new Action.Qps(new TokenBucket(1, 1, walk.nowNanos)));

        for (int i = 0; i < 3; i++) {
            assertThat(explain("www.example.com").end().outcome()).isEqualTo(Outcome.FORWARDED);
        }

        assertThat(walk.count(Counter.QUERIES)).isZero();
        assertThat(walk.count(Counter.CACHE_MISSES)).isZero();
        assertThat(walk.model.rules().rules().getLast().matches().sum()).isZero();
        assertThat(walk.model.pool("").cache())
                .isNotNull()
                .satisfies(cache -> assertThat(cache.stats().misses()).isZero());
        assertThat(server.hasQpsToken(System.nanoTime())).isTrue();
    }

    @Test
    void looksAtLimitsThatAreUsedUp() {
        walk.backend("192.0.2.53");
        RateTable rates = new RateTable(new RateTable.Spec(1, 32, 64, 1, 300, 1024));
        walk.rule(new StatefulSelector.MaxQpsIp(rates), new Action.Drop());
        walk.send(DnsQuery.of("www.example.com.", RecordType.A));

        Explanation explanation = explain("www.example.com", "client=127.0.0.9");

        assertThat(explanation.end().text()).isEqualTo("dropped: rule 0");
        assertThat(explain("www.example.com", "client=127.0.0.8").end().outcome())
                .isEqualTo(Outcome.FORWARDED);
    }

    @Test
    void tellsOfHitsAndOfWhatHasExpired() {
        walk.backend("192.0.2.53");
        walk.cache();
        walk.send(DnsQuery.of("www.example.com.", RecordType.A));
        walk.answer(ExplainerTest::reply);

        Explanation hit = explain("www.example.com");
        assertThat(hit.end().outcome()).isEqualTo(Outcome.CACHED);
        assertThat(hit.end().text()).isEqualTo("answered from the cache: NOERROR, 1 record");
        assertThat(hit.end().records()).hasSize(1).allMatch(line -> line.endsWith(" A 192.0.2.80"));
        assertThat(walk.model.pool("").cache())
                .isNotNull()
                .satisfies(cache -> assertThat(cache.stats().hits()).isZero());
        assertThat(explain("www.example.com", "do=true").end().outcome()).isEqualTo(Outcome.FORWARDED);
        walk.passSeconds(301);
        assertThat(texts(explain("www.example.com"), Stage.CACHE)).startsWith("no answer, it has expired, key ");
    }

    @Test
    void tellsOfOurOwnAnswers() {
        walk.rule(ALL, new Answering.SpoofAddresses(List.of(IpAddress.parse("192.0.2.1")), AnswerFlags.DEFAULT));

        Explanation explanation = explain("www.example.com");

        assertThat(explanation.end().outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(explanation.end().text()).isEqualTo("answered by rule 0: NOERROR, 1 record");
        assertThat(explanation.end().records()).containsExactly("www.example.com. 60 A 192.0.2.1");
        assertThat(texts(explanation, Stage.RULE)).contains("[answered with NOERROR");
    }

    @Test
    void tellsOfBlocks() {
        walk.backend("192.0.2.53");
        walk.model
                .engine()
                .blocks()
                .insert(
                        ClientRange.of(Netmask.parse("10.0.2.0/24")),
                        BlockSpec.of("too many", 60, Result.DROP),
                        walk.nowNanos);

        Explanation explanation = explain("www.example.com", "client=10.0.2.9");

        assertThat(texts(explanation, Stage.BLOCK))
                .startsWith("10.0.2.0/24: Drop for ")
                .endsWith(" s more, too many");
        assertThat(explanation.end().text()).isEqualTo("dropped: the dynamic block of 10.0.2.0/24");
        assertThat(explain("www.example.com", "client=10.0.3.9").end().outcome())
                .isEqualTo(Outcome.FORWARDED);
    }

    /** A warning for the client, and then a block for the name; each is told, and the one that counts is named. */
    @Test
    void tellsOfTwoBlocksAndOfThoseThatGoOn() {
        walk.backend("192.0.2.53");
        walk.rule(ALL, new Action.SetTag("a", "b"));
        DynamicBlocks blocks = walk.model.engine().blocks();
        BlockSpec warning = BlockSpec.of("soon", 60, Result.DROP).asWarning();
        blocks.insert(ClientRange.of(Netmask.parse("10.0.0.0/8")), warning, walk.nowNanos);
        blocks.insert(Name.parse("bad.example."), BlockSpec.of("list", 60, Result.REFUSED), walk.nowNanos);
        blocks.insert(Name.parse("slow.example."), BlockSpec.of("slow", 60, Result.TRUNCATE), walk.nowNanos);
        blocks.insert(Name.parse("flat.example."), BlockSpec.of("flat", 60, Result.NO_RECURSE), walk.nowNanos);

        Explanation both = explain("www.bad.example", "client=10.0.0.1");
        assertThat(texts(both, Stage.BLOCK))
                .contains("NoOp for ", " soon (goes on to the rules)\nbad.example.: Refused");
        assertThat(both.end().text()).isEqualTo("answered by the dynamic block of bad.example.: REFUSED");
        assertThat(explain("www.good.example", "client=10.0.0.1").end().outcome())
                .isEqualTo(Outcome.FORWARDED);
        assertThat(explain("slow.example").end().text())
                .isEqualTo("answered by the dynamic block of slow.example.: NOERROR with TC=1");

        Explanation flat = explain("flat.example");
        assertThat(texts(flat, Stage.RULE)).isEmpty();
        assertThat(flat.end().text()).isEqualTo("sent to 192.0.2.53:53 over UDP, without RD");
        walk.model.backends().getFirst().health().force(false);
        walk.model.settings().set(Setting.SERV_FAIL_WHEN_NO_SERVER, true);
        walk.model.changed();
        assertThat(explain("flat.example").end().text()).isEqualTo("answered by Weir, for want of a server: SERVFAIL");
    }

    @Test
    void truncatingBlocksAreNotForStreams() {
        walk.protocol = Protocol.DO_TCP;
        walk.backend("192.0.2.53");
        walk.model
                .engine()
                .blocks()
                .insert(Name.parse("slow.example."), BlockSpec.of("slow", 60, Result.TRUNCATE), walk.nowNanos);
        Explanation explanation = explain("slow.example", "protocol=tcp");
        assertThat(texts(explanation, Stage.BLOCK)).endsWith("slow (goes on to the rules)");
        assertThat(explanation.end().text()).isEqualTo("sent to 192.0.2.53:53 over TCP");
    }

    @Test
    void tellsOfTheAclOfPoolsThatAreNotThereAndOfServersThatAreDown() {
        walk.model.setAcl(NetmaskGroup.parse(List.of("127.0.0.0/8")));
        walk.rule(new NameSelector.QName(Name.parse("x.example.")), new Action.ToPool("absent", true));

        assertThat(explain("www.example.com", "client=192.0.2.1").end().text())
                .isEqualTo("dropped: 192.0.2.1 is not in the ACL");
        assertThat(explain("x.example").end().text()).isEqualTo("dropped: there is no pool absent");
        assertThat(explain("www.example.com").end().text()).isEqualTo("dropped: no server takes queries");
    }

    @Test
    void saysWhatCannotBeAsked() {
        assertThatThrownBy(() -> explain("www.example.com", "protocol=dot"))
                .hasMessage("no listener takes DNS over TLS; there are: 127.0.0.1:53 DoUDP");
        assertThatThrownBy(() -> explain("www.example.com", "protocol=smtp"))
                .hasMessageContaining("no protocol 'smtp'");
        assertThatThrownBy(() -> explain("www.example.com", "colour=red")).hasMessageContaining("no option 'colour'");
        assertThatThrownBy(() -> ImaginedQuery.parse("a..b", "A", Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ImaginedQuery.parse("a.b", "QUUX", Map.of())).hasMessage("there is no type 'QUUX'");
    }

    /** Whatever the rules are, what is told is what then happens. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithTheWalk(long seed) {
        Random random = new Random(seed);
        RandomRules rules = new RandomRules(random);
        walk.backend("192.0.2.53");
        walk.cache();
        for (int i = rules.ruleCount(); i > 0; i--) {
            Rule<Action> rule = rules.rule();
            if (lasts(rule.selector()) && !(rule.action() instanceof Action.Custom)) {
                walk.model.rules().add(rule);
            }
        }
        for (int i = 0; i < 200; i++) {
            DnsQuery query = RandomRules.question(random);
            DnsMessage message = DnsMessage.parse(query.packet());
            walk.peer = RandomRules.client(random);
            Explanation told = new Explainer(walk.begin(), () -> walk.nowNanos)
                    .explain(ImaginedQuery.parse(
                            message.question().name(),
                            "TYPE" + message.question().type(),
                            Map.of("client", walk.peer.toString(), "rd", "" + message.has(DnsMessage.RD))));
            long before = matches();

            WalkVerdict done = walk.send(query);

            Query last = Objects.requireNonNull(walk.lastQuery);
            assertThat(told.end().outcome())
                    .as(told.text())
                    .isEqualTo(
                            switch (done) {
                                case PARK -> Outcome.FORWARDED;
                                case ANSWER -> last.found().cacheHit() ? Outcome.CACHED : Outcome.ANSWERED;
                                default -> Outcome.DROPPED;
                            });
            assertThat(told.steps().stream()
                            .filter(step -> step.stage() == Stage.RULE)
                            .count())
                    .as(told.text())
                    .isEqualTo(matches() - before);
            if (done == WalkVerdict.PARK) {
                walk.answer(ExplainerTest::reply);
            }
            walk.nowNanos += 1_000_000L * random.nextInt(200);
        }
    }

    private long matches() {
        return walk.model.rules().rules().stream()
                .mapToLong(rule -> rule.matches().sum())
                .sum();
    }

    /** Chance and the operator's code say something else each time. */
    private static boolean lasts(Selector selector) {
        return switch (selector) {
            case StatefulSelector.Probability _, StatefulSelector.Custom _ -> false;
            case LogicSelector.And and -> and.all().stream().allMatch(ExplainerTest::lasts);
            case LogicSelector.Or or -> or.any().stream().allMatch(ExplainerTest::lasts);
            case LogicSelector.Not not -> lasts(not.other());
            default -> true;
        };
    }
}
