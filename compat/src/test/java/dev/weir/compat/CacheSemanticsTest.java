package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsMessage.Rr;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which queries share a cached answer, for how long, and which answers are never stored? */
class CacheSemanticsTest {
    /** A stay in seconds; the clock's seconds may be about to change, and a slow machine needs one to ask twice. */
    private static final int SHORT = 3;

    private static final Duration LIMIT = Await.PATIENCE;
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", A);

    private FakeBackend backend;
    private DnsProcess subject;
    private UdpClient client;

    /** Starts a subject with a cache of these options before a backend that does as {@code script} says. */
    private void start(String cacheOptions, FakeBackend.Script script, String... more) {
        backend = FakeBackend.start(script);
        subject = DnsProcess.start("""
                newServer({address="%s", name="b"})
                pc = newPacketCache(1000, {%s})
                getPool(""):setCache(pc)
                %s
                """.formatted(backend.hostPort(), cacheOptions, String.join("\n", more)));
        client = subject.udp();
    }

    private void start(String cacheOptions) {
        start(cacheOptions, q -> Reply.send(FakeBackend.addressOrNothing(q.query(), "192.0.2.1")));
    }

    private static FakeBackend.Script replying(BiFunction<DnsMessage, String, DnsMessage> reply) {
        return q -> Reply.send(reply.apply(q.query(), q.name()));
    }

    @AfterEach
    void stop() {
        client.close();
        subject.close();
        backend.close();
    }

    /** Asks both; whether the second was answered without the backend. */
    private boolean shared(DnsQuery first, DnsQuery second) {
        client.ask(first);
        int before = backend.queryCount();
        DnsMessage answer = client.ask(second);
        assertThat(answer.question().name()).isEqualTo(second.name());
        return backend.queryCount() == before;
    }

    private void assertEntries(int count) {
        assertThat(subject.console("pc:printStats()")).contains("Entries: " + count + "/");
    }

    private boolean cached(DnsQuery query) {
        return shared(query, query.withId(query.id() ^ 1));
    }

    @Test
    void sameQueryIsAnsweredFromTheCacheAndCounted() {
        start("");
        assertThat(cached(QUERY)).isTrue();
        assertThat(subject.counter("cache-hits")).isEqualTo(1);
        assertThat(subject.counter("cache-misses")).isEqualTo(1);
    }

    @Test
    void caseOfTheNameIsTheClients() {
        start("");
        assertThat(shared(QUERY, DnsQuery.of("WwW.eXaMpLe.", A))).isTrue();
    }

    @Test
    void otherTypeIsAnotherEntry() {
        start("");
        assertThat(shared(QUERY, DnsQuery.of("www.example.", DnsMessage.AAAA))).isFalse();
    }

    @Test
    void otherClassIsAnotherEntry() {
        start("");
        assertThat(shared(QUERY, QUERY.withClass(3))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, DnsMessage.RD | DnsMessage.CD, DnsMessage.RD | DnsMessage.AD})
    void flagsBelongToTheKey(int flags) {
        start("");
        assertThat(shared(QUERY, QUERY.withFlags(flags))).isFalse();
    }

    @Test
    void ednsBelongsToTheKey() {
        start("");
        assertThat(shared(QUERY, QUERY.edns(1232))).isFalse();
    }

    @Test
    void dnssecOkBelongsToTheKey() {
        start("");
        assertThat(shared(QUERY.edns(1232), QUERY.withDnssecOk())).isFalse();
    }

    @Test
    void payloadSizeBelongsToTheKey() {
        start("");
        assertThat(shared(QUERY.edns(1232), QUERY.edns(4096))).isFalse();
    }

    @NewerThanDebian("has no payloadRanks")
    @Test
    void payloadSizesOfOneRankShare() {
        start("payloadRanks={512, 1232, 4096}");
        assertThat(shared(QUERY.edns(1232), QUERY.edns(1400))).isTrue();
        assertThat(shared(QUERY.edns(1232), QUERY.edns(4096))).isFalse();
    }

    @Test
    void cookiesAreSkipped() {
        start("");
        DnsQuery one = QUERY.option(DnsMessage.COOKIE_OPTION, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        DnsQuery two = QUERY.option(DnsMessage.COOKIE_OPTION, new byte[] {8, 7, 6, 5, 4, 3, 2, 1});
        assertThat(shared(one, two)).isTrue();
    }

    @Test
    void lengthOfASkippedOptionCounts() {
        start("");
        DnsQuery one = QUERY.option(DnsMessage.COOKIE_OPTION, new byte[8]);
        DnsQuery two = QUERY.option(DnsMessage.COOKIE_OPTION, new byte[16]);
        assertThat(shared(one, two)).isFalse();
    }

    @Test
    void cookiesCountWithCookieHashing() {
        start("cookieHashing=true");
        DnsQuery one = QUERY.option(DnsMessage.COOKIE_OPTION, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        DnsQuery two = QUERY.option(DnsMessage.COOKIE_OPTION, new byte[] {8, 7, 6, 5, 4, 3, 2, 1});
        assertThat(shared(one, two)).isFalse();
    }

    @NewerThanDebian("has the option, but padding counts by default")
    @Test
    void paddingIsSkipped() {
        start("");
        DnsQuery one = QUERY.option(DnsMessage.PADDING_OPTION, new byte[] {0, 0});
        DnsQuery two = QUERY.option(DnsMessage.PADDING_OPTION, new byte[] {1, 1});
        assertThat(shared(one, two)).isTrue();
    }

    @Test
    void otherOptionsCountUnlessSkipped() {
        start("skipOptions={65001}");
        assertThat(shared(QUERY.option(65002, (byte) 1), QUERY.option(65002, (byte) 2)))
                .isFalse();
        assertThat(shared(QUERY.option(65001, (byte) 1), QUERY.option(65001, (byte) 2)))
                .isTrue();
    }

    @Test
    void udpAndTcpAreApart() {
        start("");
        client.ask(QUERY);
        try (TcpClient tcp = subject.tcp()) {
            tcp.ask(QUERY);
            assertThat(backend.queryCount()).isEqualTo(2);
            tcp.ask(QUERY);
            assertThat(backend.queryCount()).isEqualTo(2);
        }
    }

    @Test
    void ttlsAge() {
        start("");
        long full = client.ask(QUERY).answers().getFirst().ttlSeconds();
        assertThat(full).isEqualTo(3600);
        Await.until(
                "a second has passed",
                LIMIT,
                () -> client.ask(QUERY).answers().getFirst().ttlSeconds() < full);
        assertThat(backend.queryCount()).isEqualTo(1);
    }

    @Test
    void dontAgeKeepsTtls() {
        start("dontAge=true", replying((q, n) -> q.reply(0, Rr.a(n, 2, "192.0.2.1"))));
        client.ask(QUERY);
        Await.until("expired", LIMIT, () -> {
            assertThat(client.ask(QUERY).answers().getFirst().ttlSeconds()).isEqualTo(2);
            return backend.queryCount() == 2;
        });
    }

    @Test
    void expiresWithItsShortestTtl() {
        start("", replying((q, n) -> q.reply(0, Rr.a(n, 3600, "192.0.2.1"), Rr.a(n, SHORT, "192.0.2.2"))));
        assertThat(cached(QUERY)).isTrue();
        Await.until("expired", LIMIT, () -> {
            client.ask(QUERY);
            return backend.queryCount() == 2;
        });
    }

    @Test
    void maxTtlCapsTheStay() {
        start("maxTTL=" + SHORT);
        assertThat(cached(QUERY)).isTrue();
        Await.until("expired", LIMIT, () -> {
            client.ask(QUERY);
            return backend.queryCount() == 2;
        });
    }

    @Test
    void belowMinTtlIsNotStored() {
        start("minTTL=60", replying((q, n) -> q.reply(0, Rr.a(n, 59, "192.0.2.1"))));
        assertThat(cached(QUERY)).isFalse();
        assertThat(subject.console("pc:printStats()")).containsPattern("TTL Too Shorts: 2");
    }

    @Test
    void zeroTtlIsNotStored() {
        start("", replying((q, n) -> q.reply(0, Rr.a(n, 0, "192.0.2.1"))));
        assertThat(cached(QUERY)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {DnsMessage.NXDOMAIN, DnsMessage.NOERROR})
    void negativeAnswersAreCappedApart(int rcode) {
        start("maxNegativeTTL=" + SHORT, replying((q, n) -> q.reply(rcode).withAuthority(Rr.soa("example.", 3600))));
        assertThat(cached(QUERY)).isTrue();
        Await.until("expired", LIMIT, () -> {
            client.ask(QUERY);
            return backend.queryCount() == 2;
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {DnsMessage.SERVFAIL, DnsMessage.REFUSED})
    void failuresStayForTheirOwnTime(int rcode) {
        start("temporaryFailureTTL=" + SHORT, replying((q, n) -> q.reply(rcode)));
        assertThat(cached(QUERY)).isTrue();
        Await.until("expired", LIMIT, () -> {
            client.ask(QUERY);
            return backend.queryCount() == 2;
        });
    }

    @Test
    void failuresAreNotStoredWithTimeZero() {
        start("temporaryFailureTTL=0", replying((q, n) -> q.reply(DnsMessage.SERVFAIL)));
        assertThat(cached(QUERY)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {DnsMessage.SERVFAIL, DnsMessage.REFUSED})
    void failuresThatAreNoMoreThanAHeaderStayToo(int rcode) {
        start("", q -> {
            byte[] header = java.util.Arrays.copyOf(q.query().reply(rcode).compose(), 12);
            header[5] = 0;
            return Reply.send(header);
        });
        assertThat(client.exchange(QUERY.packet())).hasSize(12);
        byte[] hit = client.exchange(QUERY.withId(4711).withFlags(DnsMessage.RD).packet());
        assertThat(backend.queryCount()).isEqualTo(1);
        assertThat(hit).hasSize(12);
        assertThat(DnsMessage.idOf(hit)).isEqualTo(4711);
        assertThat(DnsMessage.parse(hit).rcode()).isEqualTo(rcode);
    }

    /** The pair shared an answer whatever the seed: bits that cancelled each other in the key. */
    @Test
    void optionsThatDifferInHighBitsDoNotShare() {
        start("");
        byte[] data = new byte[16];
        for (int i = 0; i < 50; i++) {
            java.util.concurrent.ThreadLocalRandom.current().nextBytes(data);
            byte[] twin = data.clone();
            for (int offset : new int[] {0, 8, 12}) {
                twin[offset] ^= (byte) 0x80;
            }
            assertThat(shared(QUERY.option(65_001, data), QUERY.option(65_001, twin)))
                    .isFalse();
        }
    }

    @NewerThanDebian("has no cache-miss rules")
    @Test
    void aQueryThatAMissRuleMovesLeavesNothingBehind() {
        try (FakeBackend sinkhole = FakeBackend.answering("192.0.2.66")) {
            start(
                    "",
                    q -> Reply.send(FakeBackend.addressOrNothing(q.query(), "192.0.2.1")),
                    "newServer({address=\"" + sinkhole.hostPort() + "\", name=\"s\", pool=\"abuse\"})",
                    "addCacheMissAction(NetmaskGroupRule(\"127.0.0.2/32\"), PoolAction(\"abuse\"))");
            try (UdpClient bad = UdpClient.between(java.net.InetAddress.ofLiteral("127.0.0.2"), subject.address())) {
                assertThat(bad.ask(QUERY).answerTexts()).containsExactly("192.0.2.66");
            }
            assertThat(client.ask(QUERY).answerTexts()).containsExactly("192.0.2.1");
            assertThat(client.ask(QUERY).answerTexts()).containsExactly("192.0.2.1");
            assertThat(backend.queryCount()).isEqualTo(1);
        }
    }

    @Test
    void answersWithoutRecordsAreNotStored() {
        start("", replying((q, n) -> q.reply(DnsMessage.NOERROR)));
        assertThat(cached(QUERY)).isFalse();
    }

    @NewerThanDebian("has no truncatedTTL")
    @Test
    void truncatedAnswersAreStoredWhenTold() {
        start("truncatedTTL=60", replying((q, n) -> {
            DnsMessage empty = q.reply(DnsMessage.NOERROR);
            return empty.withFlags(empty.flags() | DnsMessage.TC);
        }));
        assertThat(cached(QUERY)).isTrue();
    }

    @Test
    void truncatedAnswersAreNotStoredByDefault() {
        start("", replying((q, n) -> {
            DnsMessage empty = q.reply(DnsMessage.NOERROR);
            return empty.withFlags(empty.flags() | DnsMessage.TC);
        }));
        assertThat(cached(QUERY)).isFalse();
    }

    @Test
    void answersAbove4096BytesAreNotStored() {
        start("", replying((q, n) -> q.reply(0, Rr.txt(n, 3600, 5000))));
        DnsQuery big = DnsQuery.of("big.example.", DnsMessage.TXT);
        try (TcpClient tcp = subject.tcp()) {
            tcp.ask(big);
            tcp.ask(big);
        }
        assertThat(backend.queryCount()).isEqualTo(2);
    }

    @Test
    void skipCacheActionAsksEachTime() {
        start(
                "",
                q -> Reply.send(FakeBackend.addressOrNothing(q.query(), "192.0.2.1")),
                "addAction(\"www.example.\", SetSkipCacheAction())");
        assertThat(cached(QUERY)).isFalse();
        assertThat(cached(DnsQuery.of("other.test.", A))).isTrue();
    }

    @Test
    void fullCacheTakesNoMore() {
        backend = FakeBackend.answering("192.0.2.1");
        subject = DnsProcess.start(
                "newServer(\"%s\")\npc = newPacketCache(2, {numberOfShards=1})\ngetPool(\"\"):setCache(pc)\n"
                        .formatted(backend.hostPort()));
        client = subject.udp();
        for (int i = 0; i < 5; i++) {
            client.ask(DnsQuery.of("n" + i + ".example.", A));
        }
        assertEntries(2);
    }

    @Test
    void expungeByNameAndSuffix() {
        start("");
        for (String name : List.of("a.example.", "b.example.", "c.b.example.", "d.other.")) {
            client.ask(DnsQuery.of(name, A));
        }
        subject.console("pc:expungeByName(newDNSName(\"a.example.\"))");
        assertEntries(3);
        subject.console("pc:expungeByName(newDNSName(\"b.example.\"), DNSQType.ANY, true)");
        assertEntries(1);
        assertThat(cached(DnsQuery.of("d.other.", A))).isTrue();
        subject.console("pc:expunge(0)");
        assertEntries(0);
    }

    @Test
    void expungeByTypeLeavesOthers() {
        start("");
        client.ask(DnsQuery.of("a.example.", A));
        client.ask(DnsQuery.of("a.example.", DnsMessage.TXT));
        subject.console("pc:expungeByName(newDNSName(\"a.example.\"), DNSQType.A)");
        assertEntries(1);
    }

    @Test
    void dumpHasALinePerEntry() {
        start("");
        client.ask(DnsQuery.of("a.example.", A));
        client.ask(DnsQuery.of("b.example.", A));
        subject.console("pc:dump(\"dumped\")");
        assertThat(subject.directory().resolve("dumped")).content().contains("a.example.", "b.example.");
    }

    @Test
    void staleAnswersWhenNoBackendIsLeft() {
        start("staleTTL=7", replying((q, n) -> q.reply(0, Rr.a(n, 1, "192.0.2.1"))), "setStaleCacheEntriesTTL(600)");
        client.ask(QUERY);
        subject.console("getServer(0):setDown()");
        Await.until("stale", LIMIT, () -> client.ask(QUERY).answers().getFirst().ttlSeconds() == 7);
        assertThat(backend.queryCount()).isEqualTo(1);
    }

    @Test
    void statistics() {
        start("");
        cached(QUERY);
        assertThat(subject.console("pc:printStats()"))
                .containsPattern("Entries: 1/1000")
                .containsPattern("Hits: 1")
                .containsPattern("Misses: 1")
                .contains("Deferred inserts", "Deferred lookups", "Lookup Collisions", "Insert Collisions");
    }

    @Test
    void cacheHitRulesRunOnHitsOnly() {
        start(
                "",
                q -> Reply.send(FakeBackend.addressOrNothing(q.query(), "192.0.2.1")),
                "addCacheHitResponseAction(\"www.example.\", DropResponseAction())");
        client.ask(QUERY);
        assertThat(client.tryExchange(QUERY.packet(), Duration.ofMillis(200))).isEmpty();
        assertThat(backend.queryCount()).isEqualTo(1);
    }

    @Test
    void answerKeepsTheClientsRecursionFlags() {
        start("");
        client.ask(QUERY);
        assertThat(client.ask(QUERY).has(DnsMessage.RD)).isTrue();
    }
}
