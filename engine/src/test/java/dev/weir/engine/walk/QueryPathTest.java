package dev.weir.engine.walk;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.model.Setting;
import dev.weir.engine.policy.Policy;
import dev.weir.engine.query.Query;
import dev.weir.engine.ring.RingCursor;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.NameSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.ProxyHeader;
import dev.weir.wire.Rcode;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Each stage of the query's walk, asked one question at a time. */
class QueryPathTest {
    private static final DnsQuery QUERY = DnsQuery.of("www.example.net.", A);
    private static final Selector ALL = new LogicSelector.All();

    private final Walk walk = new Walk();

    @Test
    void aQueryReachesTheBackendUnchanged() {
        walk.backend("192.0.2.1");
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.sent.getFirst()).isEqualTo(QUERY.packet());
        assertThat(walk.count(Counter.QUERIES)).isEqualTo(1);
        assertThat(walk.count(Counter.RDQUERIES)).isEqualTo(1);
    }

    @Test
    void clientsOutsideTheAclGetSilence() {
        walk.backend("192.0.2.1");
        walk.peer = Endpoint.parse("203.0.113.5:1234", 0);
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.count(Counter.ACL_DROPS)).isEqualTo(1);
        assertThat(walk.count(Counter.QUERIES)).isZero();
    }

    @Test
    void anEmptyAclDeniesEverybody() {
        walk.model.setAcl(new NetmaskGroup());
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
    }

    @Test
    void sizesOutsideTheBoundsAreNoncompliant() {
        assertThat(walk.send(Arrays.copyOf(QUERY.packet(), 11))).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.send(Arrays.copyOf(QUERY.packet(), 1501))).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.send(QUERY.packet(), true)).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.count(Counter.NONCOMPLIANT_QUERIES)).isEqualTo(3);
        assertThat(walk.count(Counter.QUERIES)).isZero();
    }

    @Test
    void trailingOctetsUpToTheBoundAreTaken() {
        walk.backend("192.0.2.1");
        assertThat(walk.send(Arrays.copyOf(QUERY.packet(), 1500))).isEqualTo(WalkVerdict.PARK);
    }

    @Test
    void responsesAndTruncatedQueriesAreNoncompliant() {
        assertThat(walk.send(QUERY.withFlags(Header.QR | Header.RD))).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.send(QUERY.withFlags(Header.TC))).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.count(Counter.NONCOMPLIANT_QUERIES)).isEqualTo(2);
        assertThat(walk.count(Counter.QUERIES)).isEqualTo(2);
    }

    @Test
    void aHeaderWithoutQuestionIsAnsweredNotimp() {
        byte[] header = Arrays.copyOf(QUERY.packet(), Header.LENGTH);
        Header.setCounts(header, 0, 0, 0, 0);
        assertThat(walk.send(header)).isEqualTo(WalkVerdict.ANSWER);
        assertThat(walk.reply().rcode()).isEqualTo(DnsMessage.NOTIMP);
        assertThat(walk.count(Counter.EMPTY_QUERIES)).isEqualTo(1);

        walk.model.settings().set(Setting.DROP_EMPTY_QUERIES, true);
        walk.model.changed();
        assertThat(walk.send(header)).isEqualTo(WalkVerdict.DROP);
    }

    @Test
    void aBrokenNameIsNoncompliant() {
        byte[] compressed = QUERY.packet();
        compressed[Header.LENGTH] = (byte) 0xc0;
        byte[] cut = Arrays.copyOf(QUERY.packet(), QUERY.packet().length - 3);
        assertThat(walk.send(compressed)).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.send(cut)).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.count(Counter.NONCOMPLIANT_QUERIES)).isEqualTo(2);
    }

    @Test
    void aTerminalActionHidesLaterRules() {
        walk.backend("192.0.2.1");
        walk.rule(ALL, new Action.SetTag("a", "1"));
        walk.rule(ALL, new Action.Allow());
        walk.rule(ALL, new Action.Drop());
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.model.rules().rules().get(0).matches().sum()).isEqualTo(1);
        assertThat(walk.model.rules().rules().get(2).matches().sum()).isZero();
    }

    @Test
    void droppedByARule() {
        walk.rule(new NameSelector.QName(Name.parse("WWW.example.net")), new Action.Drop());
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.count(Counter.RULE_DROP)).isEqualTo(1);
    }

    @Test
    void anRcodeActionAnswersByItself() {
        walk.rule(ALL, new Answering.RCode(Rcode.REFUSED, AnswerFlags.DEFAULT));
        walk.model.selfAnsweredRules().add(Rule.of(ALL, new ResponseAction.SetTag("self", "1"), null, ""));
        DnsMessage answer = walk.ask(QUERY.withDnssecOk().withFlags(Header.RD | Header.CD | Header.AD));
        assertThat(answer.rcode()).isEqualTo(DnsMessage.REFUSED);
        assertThat(answer.has(DnsMessage.QR | DnsMessage.RD | DnsMessage.RA | DnsMessage.CD))
                .isTrue();
        assertThat(answer.has(DnsMessage.AA)).isFalse();
        assertThat(answer.has(DnsMessage.AD)).isFalse();
        assertThat(answer.payloadSize()).isEqualTo(1232);
        assertThat(answer.dnssecOk()).isTrue();
        assertThat(walk.lastQuery.decided().tag("self")).isEqualTo("1");
        assertThat(walk.count(Counter.RULE_REFUSED))
                .as("counts what Lua asks for only")
                .isZero();
        assertThat(walk.count(Counter.SELF_ANSWERED)).isEqualTo(1);
    }

    @Test
    void withoutEdnsInTheQueryThereIsNoneInOurAnswer() {
        walk.rule(ALL, new Answering.RCode(Rcode.NXDOMAIN, AnswerFlags.DEFAULT));
        assertThat(walk.ask(QUERY).opt()).isEmpty();
    }

    @Test
    void spoofingUsesTheFamilyAskedFor() {
        List<IpAddress> both = List.of(IpAddress.parse("192.0.2.7"), IpAddress.parse("2001:db8::7"));
        walk.rule(ALL, new Answering.SpoofAddresses(both, AnswerFlags.DEFAULT));
        assertThat(walk.ask(QUERY).answerTexts()).containsExactly("192.0.2.7");
        assertThat(walk.ask(DnsQuery.of("a.example.", DnsMessage.AAAA)).answerTexts())
                .containsExactly("2001:db8:0:0:0:0:0:7");
        assertThat(walk.ask(DnsQuery.of("a.example.", DnsMessage.ANY)).answerTexts())
                .hasSize(2);
    }

    @Test
    void whatNoSpoofedAddressCanAnswerGoesOn() {
        walk.backend("192.0.2.1");
        walk.rule(ALL, new Answering.SpoofAddresses(List.of(IpAddress.parse("192.0.2.7")), AnswerFlags.DEFAULT));
        assertThat(walk.send(DnsQuery.of("a.example.", DnsMessage.AAAA))).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.send(DnsQuery.of("a.example.", DnsMessage.MX))).isEqualTo(WalkVerdict.PARK);
    }

    @Test
    void truncateAnswersDatagramsAndLetsStreamsPass() {
        walk.backend("192.0.2.1");
        walk.rule(ALL, new Action.Truncate());
        DnsMessage answer = walk.ask(QUERY);
        assertThat(answer.has(DnsMessage.TC)).isTrue();
        assertThat(walk.count(Counter.RULE_TRUNCATED)).isEqualTo(1);

        Walk stream = new Walk();
        stream.protocol = Protocol.DO_TCP;
        stream.backend("192.0.2.1");
        stream.rule(ALL, new Action.Truncate());
        assertThat(stream.send(QUERY)).isEqualTo(WalkVerdict.PARK);
    }

    @Test
    void poolActionsChooseThePool() {
        walk.backend("192.0.2.1");
        var special = walk.backend("192.0.2.2", spec -> {
            spec.pools = List.of("special");
            return spec;
        });
        walk.rule(ALL, new Action.ToPool("special", true));
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
        assertThat(walk.inFlight.getFirst().found().backend()).isSameAs(special);
    }

    @Test
    void anUnknownPoolDropsTheQuery() {
        walk.backend("192.0.2.1");
        walk.rule(ALL, new Action.ToPool("nowhere", true));
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
    }

    @Test
    void whatTheOperatorsCodeReturnsIsCarriedOut() {
        walk.backend("192.0.2.1");
        walk.rule(ALL, new Action.Custom("Lua script", query -> {
            query.decided().setActionParameter("192.0.2.8, 192.0.2.9");
            return Result.SPOOF;
        }));
        assertThat(walk.ask(QUERY).answerTexts()).containsExactlyInAnyOrder("192.0.2.8", "192.0.2.9");
    }

    @Test
    void withoutABackendTheQueryIsDroppedOrAnsweredServfail() {
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
        walk.model.settings().set(Setting.SERV_FAIL_WHEN_NO_SERVER, true);
        walk.model.changed();
        assertThat(walk.ask(QUERY).rcode()).isEqualTo(DnsMessage.SERVFAIL);
        assertThat(walk.count(Counter.NO_POLICY)).isEqualTo(2);
    }

    /** Asked twice, a Lua policy that fails counted two errors, and firstAvailable took two tokens of a server's limit. */
    @Test
    void thePolicyIsAskedOnceAlsoWhenItFindsNobody() {
        AtomicInteger asked = new AtomicInteger();
        walk.backend("192.0.2.1");
        walk.model.setPolicy(new Policy.Custom("nobody", (servers, query, context) -> {
            asked.incrementAndGet();
            return null;
        }));
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
        assertThat(asked).hasValue(1);
    }

    @Test
    void theNextPoolsPolicyIsAskedWhereTheFirstOneFoundNobody() {
        Backend backend = walk.backend("192.0.2.1");
        walk.backend("192.0.2.2", spec -> {
            spec.useClientSubnet = true;
            return spec;
        });
        walk.cache();
        walk.model.setPolicy(new Policy.Custom("nobody", (servers, query, context) -> null));
        walk.model.pool("other").setPolicy(new Policy.Custom("first", (servers, query, context) -> backend));
        walk.model.cacheMissRules().add(Rule.of(ALL, new Action.ToPool("other", true), null, ""));
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.PARK);
    }

    @Test
    void aQueryThatCannotBeSentIsDroppedAndCounted() {
        walk.backend("192.0.2.1");
        walk.backendsReachable = false;
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.count(Counter.DOWNSTREAM_SEND_ERRORS)).isEqualTo(1);
    }

    @Test
    void clientSubnetIsAddedForBackendsThatWantIt() {
        walk.backend("192.0.2.1", spec -> {
            spec.useClientSubnet = true;
            return spec;
        });
        walk.send(QUERY);
        assertThat(walk.seenByBackend().option(DnsMessage.ECS_OPTION)).contains(new byte[] {0, 1, 24, 0, 127, 0, 0});
    }

    @Test
    void aProxyHeaderTellsWhoReallyAsks() {
        walk.backend("192.0.2.1");
        walk.expectProxyFrom("127.0.0.0/8");
        byte[] datagram = proxied("203.0.113.7:999", "192.0.2.53:53", QUERY.packet());
        assertThat(walk.send(datagram)).isEqualTo(WalkVerdict.PARK);
        Query query = walk.inFlight.getFirst();
        assertThat(query.origin().client()).hasToString("203.0.113.7:999");
        assertThat(query.origin().destination()).hasToString("192.0.2.53:53");
        assertThat(query.origin().peer()).hasToString(Walk.CLIENT.toString());
        assertThat(walk.sent.getFirst()).isEqualTo(QUERY.packet());
    }

    @Test
    void withoutItsProxyHeaderAQueryIsDropped() {
        walk.expectProxyFrom("127.0.0.0/8");
        assertThat(walk.send(QUERY)).isEqualTo(WalkVerdict.DROP);
        assertThat(walk.count(Counter.PROXY_PROTOCOL_INVALID)).isEqualTo(1);
    }

    @Test
    void theAclMayApplyToProxiedClients() {
        walk.expectProxyFrom("127.0.0.0/8");
        walk.model.settings().set(Setting.PROXY_APPLY_ACL_TO_PROXIED_CLIENTS, true);
        assertThat(walk.send(proxied("203.0.113.7:999", "192.0.2.53:53", QUERY.packet())))
                .isEqualTo(WalkVerdict.DROP);
        assertThat(walk.count(Counter.ACL_DROPS)).isEqualTo(1);
    }

    private static byte[] proxied(String source, String destination, byte[] query) {
        Endpoint from = Endpoint.parse(source, 0);
        Endpoint to = Endpoint.parse(destination, 0);
        byte[] datagram = new byte[28 + query.length];
        int end = ProxyHeader.compose(
                datagram,
                0,
                false,
                ProxyHeader.IPV4,
                0,
                from.ip().lo(),
                from.port(),
                0,
                to.ip().lo(),
                to.port(),
                new byte[0],
                0);
        System.arraycopy(query, 0, datagram, end, query.length);
        return datagram;
    }

    @Test
    void queriesAreRecordedBeforeRulesAndAnswersWithTheirBackend() {
        Backend backend = walk.backend("192.0.2.1");
        walk.cache();
        walk.send(QUERY);
        walk.nowNanos += 3_000_000;
        walk.answer(query -> query.reply(DnsMessage.NOERROR, DnsMessage.Rr.a("www.example.net.", 300, "192.0.2.80")));
        int size = walk.ask(QUERY).compose().length;
        walk.rule(ALL, new Action.Drop());
        walk.send(QUERY);

        RingCursor queries = walk.model.engine().rings().queries().all();
        int count = 0;
        for (; queries.next(); count++) {
            assertThat(queries.name()).hasToString("www.example.net.");
            assertThat(queries.client()).hasToString(Walk.CLIENT.toString());
        }
        assertThat(count).isEqualTo(3);
        RingCursor responses = walk.model.engine().rings().responses().all();
        assertThat(responses.next()).isTrue();
        assertThat(responses.backend()).isEqualTo(backend.address());
        assertThat(responses.latencyMicros()).isEqualTo(3000);
        assertThat(responses.answers()).isEqualTo(1);
        assertThat(responses.size()).isEqualTo(size);
        assertThat(responses.next()).isTrue();
        assertThat(responses.isCacheHit()).isTrue();
        assertThat(responses.latencyMicros()).isZero();
        assertThat(responses.next()).isFalse();
    }

    @Test
    void aTimeoutIsRecordedAsAResponse() {
        Backend backend = walk.backend("192.0.2.1");
        walk.send(QUERY);
        walk.timeOut();
        RingCursor responses = walk.model.engine().rings().responses().all();
        assertThat(responses.next()).isTrue();
        assertThat(responses.isTimeout()).isTrue();
        assertThat(responses.size()).isZero();
        assertThat(responses.id()).isEqualTo(QUERY.id());
        assertThat(responses.backend()).isEqualTo(backend.address());
        assertThat(responses.next()).isFalse();
    }
}
