package dev.weir.engine.walk;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.action.Action;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.action.ResponseResult;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.Query;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.MessageSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsMessage.Rr;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.Name;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A query that a response or timeout rule processes again: {@code dq:setRestartable} and {@code dr:restart}. */
class RestartTest {
    private static final String NAME = "www.example.net.";
    private static final DnsQuery QUERY = DnsQuery.of(NAME, A);
    private static final Rr ADDRESS = Rr.a(NAME, 300, "192.0.2.80");
    private static final Selector ALL = new LogicSelector.All();
    private static final Selector FAILED = new MessageSelector.RCode(DnsMessage.SERVFAIL);
    private static final ResponseAction RETRY_ELSEWHERE = new ResponseAction.Custom("retry elsewhere", query -> {
        if (!query.decided().poolName().equals("second")) {
            query.decided().setPoolName("second");
            query.requestRestart();
        }
        return ResponseResult.NONE;
    });

    private final Walk walk = new Walk();
    private Backend second;

    @BeforeEach
    void backends() {
        walk.backend("192.0.2.1");
        second = walk.backend("192.0.2.2", spec -> {
            spec.pools = List.of("second");
            return spec;
        });
    }

    private void restartable() {
        walk.rule(ALL, new Action.Custom("restartable", query -> {
            query.decided().setTag("seen", query.decided().tag("seen") + "!");
            query.setRestartable();
            return Result.NONE;
        }));
    }

    private void fail() {
        assertThat(walk.answer(query -> query.reply(DnsMessage.SERVFAIL))).isTrue();
    }

    private void succeed() {
        assertThat(walk.answer(query -> query.reply(DnsMessage.NOERROR, ADDRESS)))
                .isTrue();
    }

    @Test
    void theQueryGoesToAnotherPoolAndItsAnswerToTheClient() {
        restartable();
        walk.responseRule(FAILED, RETRY_ELSEWHERE);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        Query query = walk.inFlight.getFirst();
        fail();
        assertThat(walk.hasReply() || walk.abandoned()).isFalse();
        assertThat(walk.inFlight).containsExactly(query);
        assertThat(query.found().backend()).isSameAs(second);
        assertThat(query.decided().restartCount()).isEqualTo(1);
        assertThat(query.decided().tag("seen"))
                .as("tags stay, query rules do not run again")
                .isEqualTo("null!");
        assertThat(walk.seenByBackend()).isEqualTo(QUERY.message());
        succeed();
        assertThat(walk.reply().id()).isEqualTo(QUERY.id());
        assertThat(walk.reply().answerTexts()).containsExactly("192.0.2.80");
        assertThat(walk.count(Counter.QUERIES)).isEqualTo(1);
        assertThat(walk.count(Counter.RESPONSES)).isEqualTo(2);
        assertThat(walk.count(Counter.LATENCY_COUNT)).isEqualTo(1);
    }

    @Test
    void aSecondFailureIsTheClients() {
        restartable();
        walk.responseRule(FAILED, RETRY_ELSEWHERE);
        walk.send(QUERY);
        fail();
        fail();
        assertThat(walk.reply().rcode()).isEqualTo(DnsMessage.SERVFAIL);
    }

    @Test
    void withoutACopyNothingIsRestarted() {
        walk.responseRule(FAILED, RETRY_ELSEWHERE);
        walk.send(QUERY);
        fail();
        assertThat(walk.reply().rcode()).isEqualTo(DnsMessage.SERVFAIL);
        assertThat(walk.inFlight).isEmpty();
    }

    @Test
    void aSlotForgetsTheCopyWithItsQuery() {
        Query query = new Query();
        Frontend frontend = new Frontend(Walk.SERVER, Protocol.DO_UDP, false);
        query.begin(Protocol.DO_UDP, frontend, QUERY.packet(), QUERY.packet().length, 0);
        query.setRestartable();
        assertThat(query.requestRestart()).isTrue();
        query.begin(Protocol.DO_UDP, frontend, QUERY.packet(), QUERY.packet().length, 0);
        assertThat(query.decided().restartRequested()).isFalse();
        assertThat(query.requestRestart()).isFalse();
    }

    @Test
    void aTimeoutCanBeRestartedToo() {
        restartable();
        walk.model.timeoutRules().add(Rule.of(ALL, RETRY_ELSEWHERE, null, ""));
        walk.send(QUERY);
        walk.timeOut();
        assertThat(walk.abandoned()).isFalse();
        succeed();
        assertThat(walk.reply().answerTexts()).containsExactly("192.0.2.80");
        walk.send(QUERY);
        walk.timeOut();
        walk.timeOut();
        assertThat(walk.abandoned()).isTrue();
    }

    @Test
    void theCacheIsAskedAgain() {
        restartable();
        walk.responseRule(FAILED, new ResponseAction.Custom("again", query -> {
            query.requestRestart();
            return ResponseResult.NONE;
        }));
        walk.cache();
        walk.send(QUERY);
        Query first = walk.lastQuery;
        walk.send(QUERY.withId(QUERY.id() ^ 1));
        fail();
        assertThat(walk.inFlight).as("the first one is the last now").last().isSameAs(first);
        succeed(); // the second query's, which is stored
        assertThat(walk.count(Counter.CACHE_MISSES)).isEqualTo(3);
        fail();
        assertThat(walk.inFlight).isEmpty();
        assertThat(walk.reply().id()).isEqualTo(QUERY.id());
        assertThat(walk.reply().answerTexts()).containsExactly("192.0.2.80");
        assertThat(walk.count(Counter.CACHE_HITS)).isEqualTo(1);
    }

    /** Once the function was told that the query starts again, and it did not. */
    @Test
    void aHitCanBeRestartedInAnotherPool() {
        restartable();
        walk.cache();
        walk.model.cacheHitRules().add(Rule.of(ALL, RETRY_ELSEWHERE, null, ""));
        walk.send(QUERY);
        succeed();
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.lastQuery.found().backend()).isSameAs(second);
        assertThat(walk.lastQuery.decided().restartCount()).isEqualTo(1);
        walk.answer(query -> query.reply(DnsMessage.NOERROR, Rr.a(NAME, 300, "192.0.2.2")));
        assertThat(walk.reply().answerTexts()).containsExactly("192.0.2.2");
        walk.model.cacheHitRules().clear();
        assertThat(walk.ask(QUERY).answerTexts()).as("what stayed in the cache").containsExactly("192.0.2.80");
    }

    @Test
    void aHitCanBeRestartedPastTheCache() {
        restartable();
        walk.cache();
        walk.model
                .cacheHitRules()
                .add(Rule.of(
                        ALL,
                        new ResponseAction.Custom("past the cache", query -> {
                            query.decided().setSkipCache(true);
                            query.requestRestart();
                            return ResponseResult.NONE;
                        }),
                        null,
                        ""));
        walk.send(QUERY);
        succeed();
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.seenByBackend()).isEqualTo(QUERY.message());
    }

    @Test
    void aRuleThatIsContentWithNoHitComesToAnEnd() {
        restartable();
        walk.cache();
        walk.model
                .cacheHitRules()
                .add(Rule.of(
                        ALL,
                        new ResponseAction.Custom("again", query -> {
                            query.requestRestart();
                            return ResponseResult.NONE;
                        }),
                        null,
                        ""));
        walk.send(QUERY);
        succeed();
        assertThat(walk.ask(QUERY).answerTexts()).containsExactly("192.0.2.80");
        assertThat(walk.lastQuery.decided().restartCount()).isEqualTo(255);
    }

    @Test
    void anAnswerOfOursCanBeRestarted() {
        restartable();
        walk.rule(ALL, new Answering.RCode(DnsMessage.REFUSED, AnswerFlags.DEFAULT));
        walk.model.selfAnsweredRules().add(Rule.of(ALL, RETRY_ELSEWHERE, null, ""));
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.inFlight.getFirst().found().backend()).isSameAs(second);
    }

    @Test
    void aStoredAnswerCanBeRestarted() {
        restartable();
        PacketCache cache = walk.cache();
        walk.model.cacheInsertedRules().add(Rule.of(ALL, RETRY_ELSEWHERE, null, ""));
        walk.send(QUERY);
        succeed();
        assertThat(cache.size()).isEqualTo(1);
        assertThat(walk.hasReply()).isFalse();
        assertThat(walk.inFlight.getFirst().found().backend()).isSameAs(second);
    }

    @Test
    void aZoneTransferIsNotRestarted() {
        restartable();
        walk.send(DnsQuery.of(NAME, DnsMessage.AXFR));
        assertThat(walk.lastQuery.requestRestart()).isFalse();
    }

    @Test
    void aRestartThatFindsNoBackendEndsAsAnyQueryDoes() {
        restartable();
        walk.responseRule(FAILED, RETRY_ELSEWHERE);
        second.health().force(false);
        walk.send(QUERY);
        fail();
        assertThat(walk.abandoned()).isTrue();
        assertThat(walk.count(Counter.NO_POLICY)).isEqualTo(1);
    }

    @Test
    void whatTheFirstLegAddedIsNotInTheSecond() {
        Walk ecs = new Walk();
        ecs.backend("192.0.2.1", spec -> {
            spec.useClientSubnet = true;
            return spec;
        });
        ecs.rule(ALL, new Action.Custom("restartable", query -> {
            query.setRestartable();
            return Result.NONE;
        }));
        ecs.responseRule(FAILED, new ResponseAction.Custom("again", query -> {
            query.requestRestart();
            return ResponseResult.NONE;
        }));
        ecs.send(QUERY);
        byte[] firstLeg = ecs.sent.getFirst();
        ecs.answer(query -> query.reply(DnsMessage.SERVFAIL));
        assertThat(ecs.sent.getFirst()).isEqualTo(firstLeg);
        assertThat(ecs.seenByBackend().option(DnsMessage.ECS_OPTION)).isPresent();
        ecs.answer(query -> query.reply(DnsMessage.NOERROR, ADDRESS));
        assertThat(ecs.reply().opt()).as("the client sent none").isEmpty();
    }

    @Test
    void theCopysQuestionCountsWhateverItWasRenamedToLater() {
        restartable();
        walk.rule(ALL, new Action.Custom("rename", query -> {
            query.rename(Name.parse("a.much.longer.name.example."));
            return Result.NONE;
        }));
        walk.responseRule(FAILED, RETRY_ELSEWHERE);
        walk.send(QUERY);
        walk.answer(
                query -> query.withQuestion("a.much.longer.name.example.", A).reply(DnsMessage.SERVFAIL));
        succeed();
        assertThat(walk.reply().question().name()).isEqualTo(NAME);
    }

    @Test
    void rulesThatAreNeverContentComeToAnEnd() {
        restartable();
        walk.responseRule(ALL, new ResponseAction.Custom("again", query -> {
            query.requestRestart();
            return ResponseResult.NONE;
        }));
        walk.send(QUERY);
        for (int i = 0; i < 255; i++) {
            succeed();
            assertThat(walk.hasReply()).isFalse();
        }
        succeed();
        assertThat(walk.reply().answerTexts()).containsExactly("192.0.2.80");
    }
}
