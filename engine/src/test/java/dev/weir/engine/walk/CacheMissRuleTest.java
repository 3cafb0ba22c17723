package dev.weir.engine.walk;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.action.ResponseResult;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.query.Query;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsMessage.Rr;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What stays in the cache when rules change a query after it was looked up? Once the answer that one client got from another pool, or to
 * another question, was kept for all clients.
 */
class CacheMissRuleTest {
    private static final String NAME = "www.example.net.";
    private static final DnsQuery QUERY = DnsQuery.of(NAME, A);
    private static final Endpoint BAD = Endpoint.parse("127.0.0.2:4000", 0);
    private static final Selector FROM_BAD =
            new ClientSelector.Netmasks(NetmaskGroup.parse(List.of("127.0.0.2/32")), true, false);

    private final Walk walk = new Walk();
    private PacketCache cache;

    @BeforeEach
    void oneBackendBehindACache() {
        walk.backend("192.0.2.1");
        cache = walk.cache();
    }

    private Backend abusePool() {
        return walk.backend("192.0.2.9", spec -> {
            spec.pools = List.of("abuse");
            return spec;
        });
    }

    private void missRule(Action action) {
        walk.model.cacheMissRules().add(Rule.of(FROM_BAD, action, null, ""));
    }

    private void missRule(Consumer<Query> change) {
        missRule(new Action.Custom("change", query -> {
            change.accept(query);
            return Result.NONE;
        }));
    }

    private static PacketCache otherCache() {
        return new PacketCache(CacheSpec.of(100), 8, bound -> 0);
    }

    private void answer(String address) {
        assertThat(walk.answer(query ->
                        query.reply(DnsMessage.NOERROR, Rr.a(query.question().name(), 300, address))))
                .isTrue();
    }

    private void badClientAsks(String answer) {
        walk.peer = BAD;
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        answer(answer);
        walk.peer = Walk.CLIENT;
    }

    @Test
    void theAnswerOfAPoolWithoutCacheStaysNowhere() {
        abusePool();
        missRule(new Action.ToPool("abuse", true));
        badClientAsks("192.0.2.66");
        assertThat(cache.size()).isZero();
        assertThat(walk.send(QUERY)).as("a good client").isEqualTo(WalkVerdict.PARK);
        answer("192.0.2.80");
        assertThat(walk.ask(QUERY).answerTexts()).containsExactly("192.0.2.80");
    }

    @Test
    void theAnswerOfAPoolWithACacheStaysThere() {
        abusePool();
        PacketCache others = otherCache();
        walk.model.pool("abuse").setCache(others);
        missRule(new Action.ToPool("abuse", true));
        badClientAsks("192.0.2.66");
        assertThat(cache.size()).isZero();
        assertThat(others.size()).isEqualTo(1);
        assertThat(walk.send(QUERY)).as("a good client").isEqualTo(WalkVerdict.PARK);
        answer("192.0.2.80");
        walk.rule(FROM_BAD, new Action.ToPool("abuse", true));
        walk.peer = BAD;
        assertThat(walk.ask(QUERY).answerTexts()).as("in the pool itself").containsExactly("192.0.2.66");
    }

    @Test
    void theNewPoolsCacheIsNotAsked() {
        abusePool();
        walk.model.pool("abuse").setCache(otherCache());
        missRule(new Action.ToPool("abuse", true));
        badClientAsks("192.0.2.66");
        walk.peer = BAD;
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
    }

    @Test
    void aMovedAnswerThatHoldsForAllSubnetsStaysWhereItBelongs() {
        Walk subnets = new Walk();
        for (String pool : List.of("", "abuse")) {
            subnets.backend("192.0.2.1", spec -> {
                spec.useClientSubnet = true;
                spec.pools = List.of(pool);
                return spec;
            });
        }
        PacketCache first = subnets.cache(spec -> spec.parseEcs(true));
        PacketCache others =
                new PacketCache(CacheSpec.builder(100).parseEcs(true).build(), 8, bound -> 0);
        subnets.model.pool("abuse").setCache(others);
        subnets.model.cacheMissRules().add(Rule.of(FROM_BAD, new Action.ToPool("abuse", true), null, ""));
        subnets.peer = BAD;
        subnets.send(QUERY);
        byte[] scopeZero = new byte[] {0, 1, 24, 0, 127, 0, 0};
        assertThat(subnets.answer(query -> new DnsMessage(
                        query.id(),
                        DnsMessage.QR | query.flags(),
                        query.questions(),
                        List.of(Rr.a(NAME, 300, "192.0.2.66")),
                        List.of(),
                        DnsQuery.of(NAME, A)
                                .option(DnsMessage.ECS_OPTION, scopeZero)
                                .message()
                                .additionals())))
                .isTrue();
        assertThat(first.size()).isZero();
        assertThat(others.size()).isEqualTo(1);
        subnets.peer = Walk.CLIENT;
        assertThat(subnets.send(QUERY)).isEqualTo(WalkVerdict.PARK);
    }

    /** The client sees the answer to what its backend was asked; other clients ask for themselves. */
    private void assertOthersAreNotAnswered() {
        badClientAsks("192.0.2.66");
        assertThat(walk.send(QUERY)).as("a good client").isEqualTo(WalkVerdict.PARK);
        answer("192.0.2.80");
        assertThat(walk.ask(QUERY).answerTexts()).containsExactly("192.0.2.80");
    }

    @Test
    void flagsOfAMissRule() {
        missRule(new Action.SetNoRecurse());
        assertOthersAreNotAnswered();
    }

    @Test
    void flagsOfAMissRuleInLua() {
        missRule(query -> Header.set(query.packet(), Header.CD, true));
        assertOthersAreNotAnswered();
    }

    @Test
    void anOptionOfAMissRule() {
        missRule(new Action.SetEdnsOption(65_001, new byte[] {1}));
        assertOthersAreNotAnswered();
    }

    @Test
    void aNameOfAMissRule() {
        missRule(query -> rename(query, "walled.garden."));
        walk.peer = BAD;
        walk.send(QUERY);
        answer("192.0.2.66");
        walk.peer = Walk.CLIENT;
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        answer("192.0.2.80");
        assertThat(walk.ask(QUERY).answerTexts()).containsExactly("192.0.2.80");
        assertThat(walk.ask(DnsQuery.of("walled.garden.", A)).answerTexts()).containsExactly("192.0.2.66");
    }

    private static void rename(Query query, String name) {
        Name to = Name.parse(name);
        byte[] packet = query.packet();
        int rest = Header.LENGTH + query.nameLength();
        byte[] tail = Arrays.copyOfRange(packet, rest, query.length());
        query.rename(to);
        int end = to.compose(packet, Header.LENGTH);
        System.arraycopy(tail, 0, packet, end, tail.length);
        query.setLength(end + tail.length);
    }

    @Test
    void flagsOfAPolicy() {
        Backend backend = walk.model.backends().getFirst();
        walk.model.setPolicy(new Policy.Custom("Lua", (servers, query, context) -> {
            if (query.origin().client().toEndpoint().equals(BAD)) {
                Header.set(query.packet(), Header.RD, false);
            }
            return backend;
        }));
        assertOthersAreNotAnswered();
    }

    @Test
    void aPolicyThatChangesNothingLeavesTheKeyAlone() {
        Backend backend = walk.model.backends().getFirst();
        walk.model.setPolicy(new Policy.Custom("Lua", (servers, query, context) -> backend));
        walk.send(QUERY);
        answer("192.0.2.80");
        assertThat(walk.ask(QUERY).answerTexts()).containsExactly("192.0.2.80");
    }

    @Test
    void skipCacheOfAMissRule() {
        missRule(new Action.SetSkipCache());
        badClientAsks("192.0.2.66");
        assertThat(cache.size()).isZero();
    }

    /** An answer that a rule gave another question can be no client's of this one. */
    @Test
    void anAnswerThatARuleGaveAnotherQuestionIsNotKept() {
        walk.responseRule(new LogicSelector.All(), new ResponseAction.Custom("replace", query -> {
            byte[] other = DnsQuery.of("other.example.", A)
                    .message()
                    .reply(DnsMessage.NOERROR, Rr.a("other.example.", 300, "192.0.2.66"))
                    .compose();
            System.arraycopy(other, 0, query.packet(), 0, other.length);
            query.setLength(other.length);
            return ResponseResult.NONE;
        }));
        walk.send(QUERY);
        answer("192.0.2.80");
        assertThat(cache.size()).isZero();
    }
}
