package dev.weir.net.dnscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.action.Result;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.listen.DnscryptCertificates;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.rule.ClientSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.DnscryptClient;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.ReceivedProxyHeader;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import dev.weir.wire.Rcode;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What do clients of DNSCrypt get, good ones and others? */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DnscryptTest {
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", DnsMessage.A);
    private static final DnsQuery CERTIFICATES = DnsQuery.of("2.dnscrypt-cert.example.", DnsMessage.TXT);
    private static final int PADDED = 256;

    private static byte[] ask(UdpClient client, byte[] datagram) {
        client.send(datagram);
        return client.receive(Await.PATIENCE).orElseThrow(() -> new AssertionError("no answer"));
    }

    /** A text of so many octets, and more where it is asked for less. */
    private static Reply text(FakeBackend.Received query) {
        int size = Integer.parseInt(query.name().substring(0, query.name().indexOf('.')));
        return Reply.send(query.query().reply(Rcode.NOERROR, DnsMessage.Rr.txt(query.name(), 60, size)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void queriesOverBothGetTheirAnswers(int version) {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnscryptBalancer balancer = new DnscryptBalancer()
                        .with(version)
                        .backend(backend, b -> {})
                        .start();
                UdpClient udp = balancer.udp();
                TcpClient tcp = balancer.tcp()) {
            DnscryptClient client = balancer.client();
            for (int i = 0; i < 3; i++) {
                DnsMessage answer =
                        client.open(ask(udp, client.seal(QUERY.withId(i).packet(), PADDED)));
                assertThat(answer.id()).isEqualTo(i);
                assertThat(answer.answerTexts()).containsExactly("192.0.2.1");
                DnsMessage overTcp =
                        client.open(tcp.exchange(client.seal(QUERY.withId(i).packet(), 64)));
                assertThat(overTcp.answerTexts()).containsExactly("192.0.2.1");
            }
            assertThat(backend.received().stream().filter(FakeBackend.Received::tcp))
                    .as("each goes on as it came")
                    .hasSize(3);
            assertThat(balancer.datagrams().queries().sum()).isEqualTo(3);
            assertThat(balancer.connections().responses().sum()).isEqualTo(3);
            assertThat(balancer.datagrams().type()).isEqualTo("UDP (DNSCrypt)");
        }
    }

    @Test
    void rulesAndListsOfWhoMayAskHold() {
        DnscryptBalancer balancer = new DnscryptBalancer().with(1);
        refuse(balancer, Protocol.DNSCRYPT_UDP, Rcode.NXDOMAIN);
        refuse(balancer, Protocol.DNSCRYPT_TCP, Rcode.REFUSED);
        try (DnscryptBalancer started = balancer.start();
                UdpClient udp = started.udp();
                TcpClient tcp = started.tcp()) {
            DnscryptClient client = balancer.client();
            byte[] query = QUERY.packet();
            assertThat(client.open(ask(udp, client.seal(query, PADDED))).rcode())
                    .isEqualTo(Rcode.NXDOMAIN);
            assertThat(client.open(tcp.exchange(client.seal(query, PADDED))).rcode())
                    .isEqualTo(Rcode.REFUSED);
            balancer.model.setAcl(NetmaskGroup.parse(List.of("192.0.2.0/24")));
            udp.send(client.seal(query, PADDED));
            udp.send(CERTIFICATES.packet());
            Await.until("dropped", Await.PATIENCE, () -> balancer.count(Counter.ACL_DROPS) == 2);
            assertThat(balancer.datagrams().queries().sum()).isEqualTo(1);
        }
    }

    /** A PROXY header is in the clear, as whoever puts it there can't encrypt for the client. */
    @Test
    void whoeverStandsBetweenSaysWhoAsks() {
        DnscryptBalancer balancer = new DnscryptBalancer().with(2);
        balancer.model.setProxyAcl(NetmaskGroup.parse(List.of("127.0.0.0/8")));
        balancer.model
                .rules()
                .add(Rule.of(
                        new ClientSelector.Netmasks(NetmaskGroup.parse(List.of("198.51.100.7")), true, false),
                        new Answering.RCode(Rcode.NXDOMAIN, AnswerFlags.DEFAULT),
                        UUID.randomUUID(),
                        ""));
        InetSocketAddress client = new InetSocketAddress("198.51.100.7", 4242);
        InetSocketAddress service = new InetSocketAddress("203.0.113.1", 443);
        try (DnscryptBalancer started = balancer.start();
                UdpClient udp = started.udp();
                TcpClient tcp = started.tcp()) {
            DnscryptClient sealing = balancer.client();
            byte[] sealed = sealing.seal(QUERY.packet(), PADDED);
            byte[] header = ReceivedProxyHeader.compose(client, service, false);
            byte[] whole = Arrays.copyOf(header, header.length + sealed.length);
            System.arraycopy(sealed, 0, whole, header.length, sealed.length);
            assertThat(sealing.open(ask(udp, whole)).rcode()).isEqualTo(Rcode.NXDOMAIN);

            tcp.sendRaw(ReceivedProxyHeader.compose(client, service, true));
            assertThat(sealing.open(tcp.exchange(sealed)).rcode()).isEqualTo(Rcode.NXDOMAIN);
            assertThat(sealing.open(tcp.exchange(sealed)).rcode())
                    .as("one header for all of a connection")
                    .isEqualTo(Rcode.NXDOMAIN);

            udp.send(sealed);
            Await.until(
                    "a query without one is dropped",
                    Await.PATIENCE,
                    () -> balancer.count(Counter.PROXY_PROTOCOL_INVALID) == 1);
        }
    }

    private static void refuse(DnscryptBalancer balancer, Protocol protocol, int rcode) {
        balancer.model
                .rules()
                .add(Rule.of(
                        new ClientSelector.IncomingProtocol(protocol),
                        new Answering.RCode(rcode, AnswerFlags.DEFAULT),
                        UUID.randomUUID(),
                        ""));
    }

    @Test
    void certificatesAreTold() {
        try (DnscryptBalancer balancer = new DnscryptBalancer().with(1).with(2).start();
                UdpClient udp = balancer.udp();
                TcpClient tcp = balancer.tcp()) {
            byte[] overUdp = ask(udp, CERTIFICATES.packet());
            DnsMessage answer = DnsMessage.parse(overUdp);
            assertThat(answer.id()).isEqualTo(CERTIFICATES.id());
            assertThat(answer.answers()).hasSize(2);
            assertThat(answer.answers().getFirst().ttlSeconds()).isEqualTo(3600);
            for (int i = 0; i < 2; i++) {
                byte[] told = answer.answers().get(i).rdata();
                byte[] certificate = Arrays.copyOfRange(told, 1, told.length);
                assertThat(told[0]).isEqualTo((byte) 124);
                assertThat(certificate)
                        .isEqualTo(balancer.certificates
                                .pairs()
                                .get(i)
                                .certificate()
                                .toOctets());
                assertThat(Ed25519.verify(certificate, 8, balancer.provider.publicKey(), 0, certificate, 72, 52))
                        .isTrue();
            }
            assertThat(tcp.exchange(CERTIFICATES.packet())).isEqualTo(overUdp);
            DnsQuery capitals = DnsQuery.of("2.DNSCrypt-CERT.example.", DnsMessage.TXT);
            assertThat(DnsMessage.parse(ask(udp, capitals.packet())).answers()).hasSize(2);
            assertThat(balancer.count(Counter.SELF_ANSWERED)).isEqualTo(3);
        }
    }

    @Test
    void moreCertificatesThanADatagramHoldsAreAskedForOverTcp() {
        try (DnscryptBalancer balancer = new DnscryptBalancer()) {
            for (int i = 0; i < 5; i++) {
                balancer.certificates.add(balancer.certificate(1, i));
            }
            balancer.start();
            try (UdpClient udp = balancer.udp();
                    TcpClient tcp = balancer.tcp()) {
                DnsMessage cut = DnsMessage.parse(ask(udp, CERTIFICATES.packet()));
                assertThat(cut.has(DnsMessage.TC)).isTrue();
                assertThat(cut.answers()).isEmpty();
                assertThat(DnsMessage.parse(ask(udp, CERTIFICATES.edns(1232).packet()))
                                .answers())
                        .hasSize(5);
                assertThat(DnsMessage.parse(tcp.exchange(CERTIFICATES.packet())).answers())
                        .hasSize(5);
            }
        }
    }

    @Test
    void certificatesComeAndGo() {
        try (DnscryptBalancer balancer = new DnscryptBalancer().with(1).start();
                UdpClient udp = balancer.udp()) {
            DnscryptCertificates certificates = balancer.certificates;
            DnscryptClient former = balancer.client();
            certificates.add(balancer.certificate(2, 7));
            certificates.mark(1, false);
            DnsMessage told = DnsMessage.parse(ask(udp, CERTIFICATES.packet()));
            assertThat(told.answers())
                    .singleElement()
                    .extracting(rr -> rr.rdata()[6])
                    .isEqualTo((byte) 2);
            assertThat(answered(udp, former))
                    .as("one that clients are not told of")
                    .isTrue();
            certificates.removeInactive(1);
            DnscryptClient latter = balancer.client();
            udp.send(former.seal(QUERY.packet(), PADDED));
            assertThat(answered(udp, latter)).isTrue();
            long dropped = balancer.count(Counter.NONCOMPLIANT_QUERIES);
            assertThat(dropped).as("one that is not there any more").isEqualTo(1);
            balancer.clock.addAndGet(86_401);
            udp.send(latter.seal(QUERY.packet(), PADDED));
            assertThat(DnsMessage.parse(ask(udp, CERTIFICATES.packet())).answers())
                    .as("all have ended")
                    .isEmpty();
            assertThat(balancer.count(Counter.NONCOMPLIANT_QUERIES)).isEqualTo(2);
        }
    }

    /** Without a backend there is no answer but ours. */
    private static boolean answered(UdpClient udp, DnscryptClient client) {
        return client.open(ask(
                                udp,
                                client.seal(DnsQuery.of("a.", 1).withFlags(0).packet(), PADDED)))
                        .rcode()
                == Rcode.SERVFAIL;
    }

    @Test
    void whatIsNoQueryIsDroppedAndCounted() {
        try (DnscryptBalancer balancer = new DnscryptBalancer().with(1).with(2).start();
                UdpClient udp = balancer.udp()) {
            DnscryptClient client = balancer.client();
            byte[] good = client.seal(QUERY.packet(), PADDED);
            long sent = 0;
            for (byte[] bad : bad(client, good)) {
                udp.send(bad);
                sent++;
            }
            assertThat(answered(udp, client)).as("the thread goes on").isTrue();
            assertThat(balancer.count(Counter.NONCOMPLIANT_QUERIES)).isEqualTo(sent);
            assertThat(udp.receive(Duration.ofMillis(1)))
                    .as("nothing else was said")
                    .isEmpty();
        }
    }

    private static List<byte[]> bad(DnscryptClient client, byte[] good) {
        byte[] magic = good.clone();
        magic[0] ^= 1;
        byte[] key = good.clone();
        key[20] ^= 1;
        byte[] noKey = good.clone();
        Arrays.fill(noKey, 8, 40, (byte) 0);
        byte[] nonce = good.clone();
        nonce[45] ^= 1;
        byte[] tag = good.clone();
        tag[60] ^= 1;
        byte[] text = good.clone();
        text[100] ^= 1;
        byte[] withoutEnd = new byte[PADDED];
        byte[] reset = QUERY.packet();
        reset[2] |= (byte) 0x80;
        return List.of(
                magic,
                key,
                noKey,
                nonce,
                tag,
                text,
                Arrays.copyOf(good, 255),
                Arrays.copyOf(good, good.length - 1),
                Arrays.copyOf(good, good.length + 1),
                Arrays.copyOf(good, 12),
                client.sealText(withoutEnd),
                client.sealText(Arrays.copyOf(new byte[] {(byte) 0x80}, PADDED)),
                client.seal(new byte[11], PADDED),
                client.seal(reset, PADDED),
                client.seal(new byte[] {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 63, 'a'}, PADDED),
                client.seal(QUERY.packet(), 4160),
                QUERY.packet(),
                DnsQuery.of("2.dnscrypt-cert.example.", DnsMessage.A).packet(),
                DnsQuery.of("3.dnscrypt-cert.example.", DnsMessage.TXT).packet(),
                CERTIFICATES.withClass(3).packet(),
                CERTIFICATES.withFlags(DnsMessage.QR).packet());
    }

    @Test
    void whatComesOverTcpAndIsNoQueryEndsTheConnection() {
        try (DnscryptBalancer balancer = new DnscryptBalancer().with(1).start()) {
            DnscryptClient client = balancer.client();
            byte[] good = client.seal(QUERY.packet(), PADDED);
            int sent = 0;
            for (byte[] bad : bad(client, good)) {
                if (bad.length > 4096) {
                    continue; // no limit for these
                }
                try (TcpClient tcp = balancer.tcp()) {
                    tcp.send(bad);
                    assertThat(tcp.closedWithin(Await.PATIENCE))
                            .as("message " + sent)
                            .isTrue();
                }
                sent++;
            }
            assertThat(balancer.count(Counter.NONCOMPLIANT_QUERIES)).isEqualTo(sent);
        }
    }

    @Test
    void garbageIsNeverAnswered() {
        try (DnscryptBalancer balancer = new DnscryptBalancer().with(1).start();
                UdpClient udp = balancer.udp()) {
            Random random = new Random(11);
            byte[] good = balancer.client().seal(QUERY.packet(), PADDED);
            for (int i = 0; i < 2_000; i++) {
                byte[] garbage = new byte[12 + random.nextInt(500)];
                random.nextBytes(garbage);
                if (i % 2 == 0) {
                    System.arraycopy(good, 0, garbage, 0, Math.min(garbage.length, random.nextInt(80)));
                }
                udp.send(garbage);
                if (i % 50 == 0) {
                    assertThat(answered(udp, balancer.client())).isTrue();
                }
            }
            assertThat(answered(udp, balancer.client())).isTrue();
        }
    }

    /** Two queries with one nonce, or one sent twice, are two queries; each answer has a nonce of its own, and they are equally long. */
    @Test
    void whatComesAgainIsAnsweredAgain() {
        try (DnscryptBalancer balancer = new DnscryptBalancer().with(1).start();
                UdpClient udp = balancer.udp()) {
            DnscryptClient client = balancer.client();
            Set<Integer> lengths = new HashSet<>();
            Set<List<Byte>> nonces = new HashSet<>();
            byte[] query = client.seal(QUERY.packet(), 1024);
            for (int i = 0; i < 10; i++) {
                byte[] answer = ask(udp, query);
                client.open(answer);
                lengths.add(answer.length);
                List<Byte> nonce = new ArrayList<>();
                for (int at = 20; at < 32; at++) {
                    nonce.add(answer[at]);
                }
                nonces.add(nonce);
            }
            assertThat(lengths).hasSize(1);
            assertThat(nonces).hasSize(10);
            for (int i = 0; i < 60; i++) {
                lengths.add(ask(udp, client.seal(QUERY.packet(), 1024)).length);
            }
            assertThat(lengths).as("other nonces, other lengths").hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {188, 256, 320, 512, 1024, 4096})
    void noAnswerIsLongerThanItsQuery(int padded) {
        try (FakeBackend backend = FakeBackend.start(DnscryptTest::text);
                DnscryptBalancer balancer =
                        new DnscryptBalancer().with(2).backend(backend, b -> {}).start();
                UdpClient udp = balancer.udp()) {
            DnscryptClient client = balancer.client();
            for (int size = 1; size < 1200; size += 29) {
                DnsQuery query = DnsQuery.of(size + ".example.", DnsMessage.TXT).edns(4096);
                byte[] sealed = client.seal(query.packet(), padded);
                byte[] answer = ask(udp, sealed);
                assertThat(answer.length).isLessThanOrEqualTo(sealed.length);
                assertThat((answer.length - DnscryptClient.ANSWER_OVERHEAD) % 64)
                        .isZero();
                DnsMessage opened = client.open(answer);
                int whole = text(size).length;
                boolean fits = whole < (sealed.length - DnscryptClient.ANSWER_OVERHEAD) / 64 * 64;
                assertThat(opened.has(DnsMessage.TC)).as(size + " octets").isEqualTo(!fits);
                assertThat(opened.answers()).hasSize(fits ? 1 : 0);
                assertThat(opened.question().name()).isEqualTo(size + ".example.");
                int padding = client.openPadded(answer).length - opened.compose().length;
                assertThat(padding).isBetween(1, 256);
            }
        }
    }

    private static byte[] text(int size) {
        String name = size + ".example.";
        return DnsQuery.of(name, DnsMessage.TXT)
                .edns(4096)
                .message()
                .reply(Rcode.NOERROR, DnsMessage.Rr.txt(name, 60, size))
                .compose();
    }

    @Test
    void overTcpAnswersAreWhole() {
        try (FakeBackend backend = FakeBackend.start(DnscryptTest::text);
                DnscryptBalancer balancer =
                        new DnscryptBalancer().with(1).backend(backend, b -> {}).start();
                TcpClient tcp = balancer.tcp()) {
            DnscryptClient client = balancer.client();
            for (int size : new int[] {1, 100, 5_000, 60_000}) {
                DnsQuery query = DnsQuery.of(size + ".example.", DnsMessage.TXT);
                DnsMessage answer = client.open(tcp.exchange(client.seal(query.packet(), 64)));
                assertThat(answer.answers()).hasSize(1);
                assertThat(answer.has(DnsMessage.TC)).isFalse();
            }
            // With its padding it would have more octets than its length can say.
            byte[] query = DnsQuery.of("65180.example.", DnsMessage.TXT).packet();
            assertThat(client.open(tcp.exchange(client.seal(query, 64))).has(DnsMessage.TC))
                    .isTrue();
        }
    }

    /** The answer comes from another thread, which has its own tools. */
    @Test
    void answersOfStreamBackendsAreEncryptedToo() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnscryptBalancer balancer = new DnscryptBalancer()
                        .with(2)
                        .backend(backend, b -> b.tcpOnly = true)
                        .start();
                UdpClient udp = balancer.udp()) {
            DnscryptClient client = balancer.client();
            for (int i = 0; i < 20; i++) {
                assertThat(client.open(ask(udp, client.seal(QUERY.withId(i).packet(), PADDED)))
                                .answerTexts())
                        .containsExactly("192.0.2.1");
            }
            assertThat(backend.received()).hasSize(20).allMatch(FakeBackend.Received::tcp);
        }
    }

    @Test
    void manyClientsInTurns() {
        try (DnscryptBalancer balancer = new DnscryptBalancer().with(1).start();
                UdpClient udp = balancer.udp()) {
            List<DnscryptClient> clients =
                    Stream.generate(balancer::client).limit(200).toList();
            for (int i = 0; i < 600; i++) {
                assertThat(answered(udp, clients.get(i % clients.size()))).isTrue();
            }
        }
    }

    @Test
    void blockedClientsAreToldNothing() {
        try (DnscryptBalancer balancer = new DnscryptBalancer().with(1).start();
                UdpClient udp = balancer.udp()) {
            DnscryptClient client = balancer.client();
            block(balancer);
            udp.send(CERTIFICATES.packet());
            udp.send(client.seal(QUERY.packet(), PADDED));
            Await.until("blocked", Await.PATIENCE, () -> balancer.count(Counter.DYN_BLOCKED) == 2);
            assertThat(udp.receive(Duration.ofMillis(1))).isEmpty();
        }
    }

    private static void block(DnscryptBalancer balancer) {
        balancer.model
                .engine()
                .blocks()
                .insert(
                        ClientRange.of(Netmask.parse("127.0.0.0/8")),
                        BlockSpec.of("why", 60, Result.DROP),
                        System.nanoTime());
    }
}
