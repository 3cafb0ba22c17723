package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.DnscryptClient;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.TlsClient;
import dev.weir.testkit.UdpClient;
import dev.weir.wire.Rcode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Is an answer the same whatever it came over, and so are the rules that made it, the cache and the counters? */
@Timeout(120)
class TransportsTest {
    private static final TestCertificates FILES = new TestCertificates();
    private static final int TLS = LoopbackPorts.free();
    private static final int HTTPS = LoopbackPorts.free();
    private static final int QUIC = LoopbackPorts.free();
    private static final int HTTP3 = LoopbackPorts.free();
    private static final int DNSCRYPT = LoopbackPorts.free();

    /** More than any of the answers, so that none is cut. */
    private static final int PADDED = 1024;

    private static FakeBackend backend;
    private static DnsProcess subject;
    private static HttpClient http;

    /** How a query gets there. */
    private enum Transport {
        UDP,
        TCP,
        DOT,
        DOH_POST,
        DOH_GET,
        DOQ,
        DOH3,
        DNSCRYPT_UDP,
        DNSCRYPT_TCP
    }

    @BeforeAll
    static void start() {
        backend = FakeBackend.answering("192.0.2.9");
        TestCertificates.Pair pair = FILES.make("all", "dns.example");
        subject = DnsProcess.start("""
                newServer({address="127.0.0.1:%d", healthCheckMode="up"})
                getPool(""):setCache(newPacketCache(1000, {dontAge=true}))
                addTLSLocal("127.0.0.1:%d", "%s", "%s")
                addDOHLocal("127.0.0.1:%d", "%3$s", "%4$s", "/dns-query")
                addDOQLocal("127.0.0.1:%6$d", "%3$s", "%4$s")
                addDOH3Local("127.0.0.1:%7$d", "%3$s", "%4$s")
                generateDNSCryptProviderKeys("%9$s/p.pub", "%9$s/p.key")
                generateDNSCryptCertificate("%9$s/p.key", "%9$s/r.cert", "%9$s/r.key", 1, 0, 4294967295)
                addDNSCryptBind("127.0.0.1:%8$d", "2.dnscrypt-cert.example", "%9$s/r.cert", "%9$s/r.key")
                addAction("spoof.example.", SpoofAction("192.0.2.1", {ttl=77}))
                addAction("text.example.", SpoofRawAction("\\003abc", {ttl=5}))
                addAction("alias.example.", SpoofCNAMEAction("target.example."))
                addAction("refused.example.", RCodeAction(DNSRCode.REFUSED))
                addAction("nx.example.", NegativeAndSOAAction(true, "example.", 60, "ns.example.", "mail.example.", 1, 2, 3, 4, 5))
                addAction("lua.example.", LuaAction(function(dq) return DNSAction.Spoof, "192.0.2.3" end))
                addAction("ecs.example.", SetECSAction("198.51.100.0/24"))
                addAction(QTypeRule(DNSQType.ANY), RCodeAction(DNSRCode.NOTIMP))
                addResponseAction("late.example.", LimitTTLResponseAction(1, 30))
                """.formatted(
                        backend.port(),
                        TLS,
                        pair.certificate(),
                        pair.key(),
                        HTTPS,
                        QUIC,
                        HTTP3,
                        DNSCRYPT,
                        FILES.path("").toString().replaceAll("/$", "")));
        http = HttpClient.newBuilder()
                .sslContext(new TlsClient().context())
                .version(HttpClient.Version.HTTP_2)
                .build();
        Await.until(
                "it listens",
                Await.PATIENCE,
                () -> LoopbackPorts.tcpListening(TLS)
                        && LoopbackPorts.tcpListening(HTTPS)
                        && LoopbackPorts.udpBound(QUIC)
                        && LoopbackPorts.udpBound(HTTP3)
                        && LoopbackPorts.tcpListening(DNSCRYPT));
    }

    @AfterAll
    static void stop() {
        http.close();
        subject.close();
        backend.close();
        FILES.close();
    }

    private static List<DnsQuery> queries() {
        List<DnsQuery> all = new ArrayList<>();
        for (String name : List.of(
                "spoof.example.",
                "text.example.",
                "alias.example.",
                "refused.example.",
                "nx.example.",
                "lua.example.",
                "ecs.example.",
                "late.example.",
                "any.other.example.")) {
            all.add(DnsQuery.of(name, DnsMessage.A));
            all.add(DnsQuery.of(name, DnsMessage.TXT).edns(1232));
            all.add(DnsQuery.of(name, DnsMessage.A).edns(4096).withDnssecOk());
            all.add(DnsQuery.of(name, 255));
        }
        return all;
    }

    private static byte[] ask(Transport transport, byte[] query) throws IOException, InterruptedException {
        return switch (transport) {
            case UDP -> {
                try (UdpClient client = UdpClient.to(subject.address())) {
                    yield client.exchange(query);
                }
            }
            case TCP -> {
                try (TcpClient client = TcpClient.to(subject.address())) {
                    yield client.exchange(query);
                }
            }
            case DOT -> {
                try (TcpClient client = TcpClient.over(new TlsClient().connect(LoopbackPorts.address(TLS)))) {
                    yield client.exchange(query);
                }
            }
            case DOH_POST ->
                send(HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + HTTPS + "/dns-query"))
                        .header("content-type", "application/dns-message")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(query))
                        .build());
            case DOQ -> {
                try (QuicExchange client = new QuicExchange(LoopbackPorts.address(QUIC), "doq")) {
                    yield DnsMessage.withId(client.ask(DnsMessage.withId(query, 0)), DnsMessage.idOf(query));
                }
            }
            case DOH3 -> {
                try (QuicExchange client = new QuicExchange(LoopbackPorts.address(HTTP3), "h3")) {
                    yield client.post("/dns-query", query);
                }
            }
            case DNSCRYPT_UDP -> {
                DnscryptClient keys = DnscryptClient.of(Files.readAllBytes(FILES.path("r.cert")));
                try (UdpClient client = UdpClient.to(LoopbackPorts.address(DNSCRYPT))) {
                    client.send(keys.seal(query, PADDED));
                    yield keys.openRaw(client.receive(Await.PATIENCE).orElseThrow());
                }
            }
            case DNSCRYPT_TCP -> {
                DnscryptClient keys = DnscryptClient.of(Files.readAllBytes(FILES.path("r.cert")));
                try (TcpClient client = TcpClient.to(LoopbackPorts.address(DNSCRYPT))) {
                    yield keys.openRaw(client.exchange(keys.seal(query, PADDED)));
                }
            }
            case DOH_GET ->
                send(HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + HTTPS + "/dns-query?dns="
                                + java.util.Base64.getUrlEncoder()
                                        .withoutPadding()
                                        .encodeToString(query)))
                        .build());
        };
    }

    private static byte[] send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static String behindTheId(byte[] message) {
        return HexFormat.of().formatHex(message, 2, message.length);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void answersAreTheSame(Transport transport) throws Exception {
        for (DnsQuery query : queries()) {
            byte[] packet = query.packet();
            byte[] expected = ask(Transport.UDP, packet);
            byte[] got = ask(transport, packet);
            DnsMessage first = DnsMessage.parse(expected);
            assertThat(DnsMessage.parse(got).id()).isEqualTo(query.message().id());
            assertThat(behindTheId(got)).as(query + " over " + transport).isEqualTo(behindTheId(expected));
            assertThat(first.rcode()).isNotEqualTo(Rcode.SERVFAIL);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void theSecondAnswerComesFromTheCache(Transport transport) throws Exception {
        DnsQuery query = DnsQuery.of("cached-" + transport + ".example.", DnsMessage.A);
        long before = backend.queryCount();
        for (int i = 0; i < 3; i++) {
            assertThat(DnsMessage.parse(ask(transport, query.withId(i + 1).packet()))
                            .answerTexts())
                    .containsExactly("192.0.2.9");
        }
        assertThat(backend.queryCount() - before).isEqualTo(1);
        assertThat(subject.console("topQueries(200)").toLowerCase(java.util.Locale.ROOT))
                .contains("cached-" + transport.name().toLowerCase(java.util.Locale.ROOT));
    }
}
