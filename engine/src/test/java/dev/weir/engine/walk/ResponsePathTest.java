package dev.weir.engine.walk;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.action.ResponseResult;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.model.Setting;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.MessageSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsMessage.Rr;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.Header;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answer's walk: from a backend, from the cache, and when none comes. */
class ResponsePathTest {
    private static final String NAME = "www.example.net.";
    private static final DnsQuery QUERY = DnsQuery.of(NAME, A);
    private static final Rr ADDRESS = Rr.a(NAME, 300, "192.0.2.80");
    private static final Selector ALL = new LogicSelector.All();

    private final Walk walk = new Walk();

    @BeforeEach
    void oneBackend() {
        walk.backend("192.0.2.1");
    }

    private boolean answerOk(Rr... records) {
        return walk.answer(query -> query.reply(DnsMessage.NOERROR, records));
    }

    @Test
    void theAnswerComesBackUnderTheClientsId() {
        walk.send(QUERY);
        assertThat(walk.answer(query -> query.withId(1).reply(DnsMessage.NOERROR, ADDRESS)))
                .isTrue();
        assertThat(walk.reply().id()).isEqualTo(QUERY.id());
        assertThat(walk.reply().answerTexts()).containsExactly("192.0.2.80");
        assertThat(walk.count(Counter.RESPONSES)).isEqualTo(1);
        assertThat(walk.count(Counter.FRONTEND_NOERROR)).isEqualTo(1);
        assertThat(walk.count(Counter.LATENCY_COUNT)).isEqualTo(1);
    }

    @Test
    void onlyTheAnswerToTheQuestionIsTaken() {
        walk.send(QUERY);
        byte[] right = QUERY.message().reply(DnsMessage.NOERROR, ADDRESS).compose();
        byte[] otherName = QUERY.message()
                .reply(DnsMessage.NOERROR)
                .withQuestion("wwx.example.net.", A)
                .compose();
        byte[] otherType = QUERY.message()
                .reply(DnsMessage.NOERROR)
                .withQuestion(NAME, DnsMessage.AAAA)
                .compose();
        byte[] noResponse = QUERY.packet();
        byte[] tooShort = java.util.Arrays.copyOf(right, 20);
        for (byte[] wrong : new byte[][] {otherName, otherType, noResponse, tooShort}) {
            assertThat(walk.answerRaw(wrong)).isFalse();
        }
        assertThat(walk.count(Counter.NONCOMPLIANT_RESPONSES)).isEqualTo(4);
        assertThat(walk.answerRaw(right)).isTrue();
    }

    @Test
    void anAnswerWithoutQuestionIsTakenForErrorsOnly() {
        walk.send(QUERY);
        byte[] header = new byte[Header.LENGTH];
        Header.setFlags(header, Header.QR);
        assertThat(walk.answerRaw(header)).isFalse();
        Header.setRcode(header, DnsMessage.REFUSED);
        assertThat(walk.answerRaw(header)).isTrue();
        assertThat(walk.reply().rcode()).isEqualTo(DnsMessage.REFUSED);
    }

    @Test
    void anAnswerAboveTheClientsPayloadSizeIsTruncated() {
        Rr big = Rr.txt(NAME, 60, 900);
        walk.send(QUERY);
        assertThat(answerOk(big)).isTrue();
        assertThat(walk.reply().has(DnsMessage.TC)).isTrue();
        assertThat(walk.reply().answerTexts()).isEmpty();

        walk.send(QUERY.edns(1232));
        assertThat(answerOk(big)).isTrue();
        assertThat(walk.reply().has(DnsMessage.TC)).isFalse();
        assertThat(walk.reply().answerTexts()).hasSize(1);
    }

    @Test
    void responseRulesMayDropOrRewrite() {
        walk.responseRule(new MessageSelector.RCode(DnsMessage.NXDOMAIN), new ResponseAction.Drop());
        walk.responseRule(ALL, new ResponseAction.Custom("to servfail", query -> ResponseResult.SERVFAIL));
        walk.send(QUERY);
        walk.answer(query -> query.reply(DnsMessage.NXDOMAIN));
        assertThat(walk.abandoned()).isTrue();
        assertThat(walk.count(Counter.RULE_DROP)).isEqualTo(1);

        walk.send(QUERY);
        answerOk(ADDRESS);
        assertThat(walk.reply().rcode()).isEqualTo(DnsMessage.SERVFAIL);
        assertThat(walk.reply().answerTexts()).as("records are kept").hasSize(1);
    }

    @Test
    void recursionDesiredIsTheClientsAgain() {
        walk.rule(ALL, new Action.SetNoRecurse());
        walk.send(QUERY);
        assertThat(walk.seenByBackend().has(DnsMessage.RD)).isFalse();
        answerOk(ADDRESS);
        assertThat(walk.reply().has(DnsMessage.RD)).isTrue();
    }

    @Test
    void theSecondTimeTheCacheAnswers() {
        PacketCache cache = walk.cache();
        walk.model.cacheHitRules().add(Rule.of(ALL, new ResponseAction.SetTag("hit", "1"), null, ""));
        walk.model.cacheInsertedRules().add(Rule.of(ALL, new ResponseAction.SetTag("inserted", "1"), null, ""));
        walk.send(QUERY);
        assertThat(walk.count(Counter.CACHE_MISSES)).isEqualTo(1);
        answerOk(ADDRESS);
        assertThat(walk.lastQuery.decided().tag("inserted")).isEqualTo("1");
        assertThat(cache.size()).isEqualTo(1);

        walk.passSeconds(100);
        DnsMessage hit = walk.ask(DnsQuery.of("WWW.eXample.net.", A));
        assertThat(hit.question().name()).isEqualTo("WWW.eXample.net.");
        assertThat(hit.answers().getFirst().ttlSeconds()).isEqualTo(200);
        assertThat(walk.lastQuery.decided().tag("hit")).isEqualTo("1");
        assertThat(walk.count(Counter.CACHE_HITS)).isEqualTo(1);

        walk.passSeconds(200);
        assertThat(walk.send(QUERY)).as("expired").isEqualTo(WalkVerdict.PARK);
    }

    @Test
    void flagsAndDnssecOkSeparateEntries() {
        walk.cache();
        walk.send(QUERY);
        answerOk(ADDRESS);
        assertThat(walk.send(QUERY.withFlags(Header.RD | Header.CD))).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.send(QUERY.withDnssecOk())).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.send(QUERY.withFlags(0))).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.ANSWER);
    }

    @Test
    void expiredAnswersServeWhileNoBackendIsUp() {
        walk.cache();
        walk.model.settings().set(Setting.STALE_CACHE_ENTRIES_TTL, 600);
        walk.send(QUERY);
        answerOk(ADDRESS);
        walk.passSeconds(400);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        walk.model.backends().getFirst().health().force(false);
        DnsMessage stale = walk.ask(QUERY);
        assertThat(stale.answers().getFirst().ttlSeconds()).isEqualTo(60);
        assertThat(walk.lastQuery.found().staleHit()).isTrue();
    }

    @Test
    void aCacheMissRuleMayMoveTheQuery() {
        walk.cache();
        Backend other = walk.backend("192.0.2.2", spec -> {
            spec.pools = List.of("other");
            return spec;
        });
        walk.model.cacheMissRules().add(Rule.of(ALL, new Action.ToPool("other", true), null, ""));
        walk.send(QUERY);
        assertThat(walk.inFlight.getFirst().found().backend()).isSameAs(other);
    }

    @Test
    void ourOwnEdnsIsTakenOutOfTheAnswerAgain() {
        Walk subnets = new Walk();
        subnets.backend("192.0.2.1", spec -> {
            spec.useClientSubnet = true;
            return spec;
        });
        subnets.send(QUERY);
        assertThat(subnets.seenByBackend().opt()).isPresent();
        subnets.answer(query -> query.reply(DnsMessage.NOERROR, ADDRESS));
        assertThat(subnets.reply().opt()).isEmpty();
        assertThat(subnets.reply().answerTexts()).containsExactly("192.0.2.80");
    }

    private static Walk addingSubnets() {
        Walk subnets = new Walk();
        subnets.backend("192.0.2.1", spec -> {
            spec.useClientSubnet = true;
            return spec;
        });
        return subnets;
    }

    /** An answer that promises two more records than it has, or has octets that are no record behind its OPT. */
    private static byte[] broken(boolean behindOpt) {
        DnsMessage whole = QUERY.message().reply(DnsMessage.NOERROR, ADDRESS);
        byte[] answer = new DnsMessage(
                        whole.id(),
                        whole.flags(),
                        whole.questions(),
                        whole.answers(),
                        List.of(),
                        QUERY.edns(1232).message().additionals())
                .compose();
        if (behindOpt) {
            Header.setCounts(answer, 1, 1, 0, 2);
            return Arrays.copyOf(answer, answer.length + 3);
        }
        Header.setCounts(answer, 1, 3, 0, 1);
        return answer;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void brokenRecordsArePassedOnWhereNothingOfOursIsInThem(boolean behindOpt) {
        walk.send(QUERY);
        assertThat(walk.answerRaw(broken(behindOpt))).isTrue();
        assertThat(walk.hasReply()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void brokenRecordsThatMayHideOurEdnsAreDropped(boolean behindOpt) {
        for (DnsQuery query : List.of(QUERY, QUERY.edns(1232))) {
            Walk subnets = addingSubnets();
            subnets.cache();
            subnets.send(query);
            assertThat(subnets.answerRaw(broken(behindOpt))).isTrue();
            assertThat(subnets.hasReply()).isFalse();
            assertThat(subnets.abandoned()).isTrue();
            assertThat(subnets.count(Counter.NONCOMPLIANT_RESPONSES)).isEqualTo(1);
            assertThat(subnets.send(query)).as("nothing of it stayed").isEqualTo(WalkVerdict.PARK);
        }
    }

    @Test
    void brokenRecordsThatMayHideARulesOptAreDropped() {
        walk.rule(ALL, new Action.SetEdnsOption(65_001, new byte[] {1}));
        walk.send(QUERY);
        assertThat(walk.answerRaw(broken(false))).isTrue();
        assertThat(walk.abandoned()).isTrue();
    }

    @Test
    void theOptOfARulesOptionIsTakenOutOfTheAnswer() {
        PacketCache cache = walk.cache();
        walk.rule(ALL, new Action.SetEdnsOption(65_001, new byte[] {1}));
        walk.send(QUERY);
        assertThat(walk.seenByBackend().payloadSize()).isEqualTo(512);
        assertThat(walk.seenByBackend().option(65_001)).contains(new byte[] {1});
        answerWithOpt();
        assertThat(walk.reply().opt()).isEmpty();
        assertThat(walk.reply().answerTexts()).containsExactly("192.0.2.80");
        assertThat(cache.size()).isEqualTo(1);
        assertThat(walk.ask(QUERY).opt()).as("from the cache").isEmpty();

        walk.send(QUERY.edns(1400));
        assertThat(walk.seenByBackend().payloadSize()).isEqualTo(1400);
        answerWithOpt();
        assertThat(walk.reply().opt()).as("the client has EDNS").isPresent();
    }

    private void answerWithOpt() {
        assertThat(walk.answer(query -> new DnsMessage(
                        query.id(),
                        DnsMessage.QR | query.flags(),
                        query.questions(),
                        List.of(ADDRESS),
                        List.of(),
                        query.additionals())))
                .isTrue();
    }

    @Test
    void aHeaderThatReportsAFailureIsCachedAsOne() {
        for (int rcode : new int[] {DnsMessage.REFUSED, DnsMessage.SERVFAIL}) {
            Walk one = new Walk();
            one.backend("192.0.2.1");
            PacketCache cache = one.cache();
            one.send(QUERY);
            byte[] header = new byte[Header.LENGTH];
            Header.setFlags(header, Header.QR | Header.RA | rcode);
            assertThat(one.answerRaw(header)).isTrue();
            assertThat(cache.size()).isEqualTo(1);
            assertThat(one.send(QUERY.withId(77))).isEqualTo(WalkVerdict.ANSWER);
            DnsMessage hit = one.reply();
            assertThat(hit.id()).isEqualTo(77);
            assertThat(hit.flags()).isEqualTo(DnsMessage.QR | DnsMessage.RD | DnsMessage.RA | rcode);
            assertThat(hit.compose()).hasSize(Header.LENGTH);
            assertThat(one.send(DnsQuery.of("other.example.", A))).isEqualTo(WalkVerdict.PARK);
            one.passSeconds(60);
            assertThat(one.send(QUERY)).as("expired").isEqualTo(WalkVerdict.PARK);
        }
    }

    @Test
    void aHeaderThatReportsAnotherErrorIsNotCached() {
        PacketCache cache = walk.cache();
        walk.send(QUERY);
        byte[] header = new byte[Header.LENGTH];
        Header.setFlags(header, Header.QR | DnsMessage.NOTIMP);
        assertThat(walk.answerRaw(header)).isTrue();
        assertThat(walk.reply().rcode()).isEqualTo(DnsMessage.NOTIMP);
        assertThat(cache.size()).isZero();
    }

    @Test
    void rulesForInsertedAnswersAlsoSeeThoseWhoseTtlIsTooShort() {
        PacketCache cache = walk.cache(spec -> spec.minTtl(600));
        walk.model.cacheInsertedRules().add(Rule.of(ALL, new ResponseAction.SetTag("inserted", "1"), null, ""));
        walk.send(QUERY);
        answerOk(ADDRESS);
        assertThat(cache.size()).isZero();
        assertThat(walk.lastQuery.decided().tag("inserted")).isEqualTo("1");
        walk.rule(ALL, new Action.SetSkipCache());
        walk.send(QUERY);
        answerOk(ADDRESS);
        assertThat(walk.lastQuery.decided().tag("inserted")).isNull();
    }

    @Test
    void anAnswerForAllSubnetsIsCachedForAll() {
        Walk subnets = new Walk();
        subnets.backend("192.0.2.1", spec -> {
            spec.useClientSubnet = true;
            return spec;
        });
        subnets.cache(spec -> spec.parseEcs(true));
        subnets.send(QUERY);
        byte[] scopeZero = HexFormat.of().parseHex("000118007f0000");
        subnets.answer(query -> new DnsMessage(
                query.id(),
                DnsMessage.QR | query.flags(),
                query.questions(),
                List.of(ADDRESS),
                List.of(),
                DnsQuery.of(NAME, A)
                        .option(DnsMessage.ECS_OPTION, scopeZero)
                        .message()
                        .additionals()));
        subnets.peer = dev.weir.engine.acl.Endpoint.parse("10.1.2.3:999", 0);
        assertThat(subnets.ask(QUERY).answerTexts()).containsExactly("192.0.2.80");
    }

    @Test
    void withoutAnAnswerTheClientIsAbandoned() {
        walk.model.timeoutRules().add(Rule.of(ALL, new ResponseAction.SetTag("late", "1"), null, ""));
        walk.send(QUERY);
        walk.timeOut();
        assertThat(walk.abandoned()).isTrue();
        assertThat(walk.lastQuery.decided().tag("late")).isEqualTo("1");
        assertThat(walk.count(Counter.DOWNSTREAM_TIMEOUTS)).isEqualTo(1);
    }

    @Test
    void theReturnedTtlMayBeCappedWithoutTouchingTheCache() {
        walk.cache();
        walk.rule(ALL, new Action.SetMaxReturnedTtl(10));
        walk.send(QUERY);
        answerOk(ADDRESS);
        assertThat(walk.reply().answers().getFirst().ttlSeconds()).isEqualTo(10);
        walk.model.rules().clear();
        assertThat(walk.ask(QUERY).answers().getFirst().ttlSeconds()).isEqualTo(300);
    }

    @Test
    void extendedErrorsNeedTheClientsEdns() {
        walk.rule(
                ALL,
                new Action.SetExtendedError(15, "blocked".getBytes(java.nio.charset.StandardCharsets.UTF_8), true));
        walk.send(QUERY.edns(1232));
        answerOk(ADDRESS);
        assertThat(walk.reply().option(15)).isPresent();
        walk.send(QUERY);
        answerOk(ADDRESS);
        assertThat(walk.reply().opt()).isEmpty();
    }
}
