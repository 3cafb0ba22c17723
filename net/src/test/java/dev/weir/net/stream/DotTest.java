package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.TlsCounters.Failure;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.engine.listen.TlsVersion;
import dev.weir.engine.model.Setting;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.task.FaultGuard;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.ReceivedProxyHeader;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.TlsClient;
import dev.weir.wire.Rcode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What do clients of DNS over TLS get, good ones and others? */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DotTest {
    private static final TestCertificates FILES = new TestCertificates();
    private static final TestCertificates.Pair FIRST = FILES.make("first", "dns.example", "*.wild.example");
    private static final TestCertificates.Pair SECOND = FILES.makeRsa("second", "other.example");
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", DnsMessage.A);

    @AfterAll
    static void end() {
        FILES.close();
        BufferLeaks.assertNone();
    }

    private static EncryptedListener listener(TestCertificates.Pair... pairs) {
        return listener(EncryptedListener.spec(pairs));
    }

    private static EncryptedListener listener(TlsSpec spec) {
        try {
            return new EncryptedListener(spec);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String subject(SSLSocket socket) throws IOException {
        X509Certificate own = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        return own.getSubjectX500Principal().getName();
    }

    private static String subjectFor(EncryptedListener listener, String name) throws IOException {
        try (SSLSocket socket = new TlsClient().named(name).connect(listener.address())) {
            return subject(socket);
        }
    }

    @Test
    void queriesAreAnsweredAndKnowHowTheyCame() {
        try (EncryptedListener listener = listener(FIRST);
                TcpClient client = new TlsClient().speaking("dot").dns(listener.address())) {
            assertThat(client.ask(QUERY).rcode()).isEqualTo(Rcode.REFUSED);
            assertThat(client.ask(QUERY.withId(2)).rcode()).isEqualTo(Rcode.REFUSED);
            assertThat(listener.tls().queries(TlsVersion.TLS_1_3).sum()).isEqualTo(2);
            assertThat(listener.tls().newSessions().sum()).isEqualTo(1);
        }
    }

    @Test
    void theCertificateIsThatOfTheName() throws IOException {
        try (EncryptedListener listener = listener(FIRST, SECOND)) {
            assertThat(subjectFor(listener, "other.example")).isEqualTo("CN=other.example");
            assertThat(subjectFor(listener, "dns.example")).isEqualTo("CN=dns.example");
            assertThat(subjectFor(listener, "a.wild.example")).isEqualTo("CN=dns.example");
            assertThat(subjectFor(listener, "unknown.example")).isEqualTo("CN=dns.example");
            assertThat(subjectFor(listener, "")).isEqualTo("CN=dns.example");
            try (TcpClient client = new TlsClient().named("other.example").dns(listener.address())) {
                assertThat(client.ask(QUERY).rcode()).as("rules know the name").isEqualTo(Rcode.NOTAUTH);
            }
        }
    }

    /** Clients that can verify RSA only, and those that prefer elliptic curves, find the same name. */
    @Test
    void certificatesOfSeveralKindsForOneName() throws IOException {
        TestCertificates.Pair ec = FILES.make("both-ec", "both.example");
        TestCertificates.Pair rsa = FILES.makeRsa("both-rsa", "both.example");
        try (EncryptedListener listener = listener(rsa, ec)) {
            for (String kind : List.of("ECDSA", "RSA")) {
                try (SSLSocket socket = new TlsClient()
                        .only("TLSv1.2")
                        .suites("TLS_ECDHE_" + kind + "_WITH_AES_128_GCM_SHA256")
                        .connect(listener.address())) {
                    assertThat(socket.getSession().getCipherSuite()).contains(kind);
                }
            }
        }
    }

    @Test
    void clientsComeBackWithTheirSession() {
        TlsClient client = new TlsClient();
        try (EncryptedListener listener = listener(FIRST)) {
            for (int i = 0; i < 3; i++) {
                try (TcpClient connection = client.dns(listener.address())) {
                    connection.ask(QUERY.withId(i));
                }
            }
            assertThat(listener.tls().newSessions().sum()).isEqualTo(1);
            assertThat(listener.tls().resumptions().sum()).isEqualTo(2);
            // The key that sealed the ticket makes no new ones any more, but still opens this one.
            listener.control().rotateTicketKey();
            try (TcpClient connection = client.dns(listener.address())) {
                connection.ask(QUERY);
            }
            assertThat(listener.tls().resumptions().sum()).isEqualTo(3);
            assertThat(listener.control().ticketFigures().inactiveKeys()).isEqualTo(1);
            assertThat(listener.control().ticketKeys()).isEqualTo(2);
        }
    }

    @Test
    void hostsWithTheSameKeysTakeEachOthersTickets() throws IOException {
        Files.write(FILES.path("tickets"), new byte[160]);
        TlsSpec usual = EncryptedListener.spec(FIRST);
        TlsSpec shared = new TlsSpec(
                usual.certificates(),
                "",
                usual.ciphers(),
                new TlsSpec.Sessions(true, 5, FILES.path("tickets").toString(), 0, 0, 0),
                List.of(),
                "",
                false,
                false);
        try (EncryptedListener one = listener(shared)) {
            assertThat(one.control().ticketKeys()).isEqualTo(2);
            FILES.openssl(
                    "s_client", "-connect", "127.0.0.1:" + one.address().getPort(), "-tls1_2", "-sess_out", "session");
        }
        try (EncryptedListener other = listener(shared)) {
            assertThat(FILES.openssl(
                            "s_client",
                            "-connect",
                            "127.0.0.1:" + other.address().getPort(),
                            "-tls1_2",
                            "-sess_in",
                            "session"))
                    .contains("Reused, TLSv1.2");
        }
        Files.write(FILES.path("tickets"), new byte[81]);
        assertThatThrownBy(() -> new EncryptedListener(shared)).hasMessageContaining("81 octets");
    }

    @Test
    void certificatesAreReplacedUnderOpenConnections() throws IOException {
        TestCertificates.Pair pair = FILES.make("renewed", "old.example");
        try (EncryptedListener listener = listener(pair);
                TcpClient before = new TlsClient().dns(listener.address())) {
            before.ask(QUERY);
            TestCertificates.Pair fresh = FILES.make("fresh", "new.example");
            Files.copy(fresh.certificate(), pair.certificate(), StandardCopyOption.REPLACE_EXISTING);
            assertThatThrownBy(() -> listener.control().reload())
                    .as("the key is still the old one's")
                    .hasMessageContaining("does not belong to the certificate");
            assertThat(subjectFor(listener, "")).isEqualTo("CN=old.example");
            Files.copy(fresh.key(), pair.key(), StandardCopyOption.REPLACE_EXISTING);
            listener.control().reload();
            assertThat(subjectFor(listener, "")).isEqualTo("CN=new.example");
            listener.control().load(List.of(EncryptedListener.of(SECOND)));
            assertThat(subjectFor(listener, "")).isEqualTo("CN=other.example");
            assertThat(before.ask(QUERY.withId(3)).id()).isEqualTo(3);
        }
    }

    @Test
    void pkcs12AndStaples() throws IOException {
        FILES.openssl(
                "pkcs12",
                "-export",
                "-in",
                FIRST.certificate().toString(),
                "-inkey",
                FIRST.key().toString(),
                "-passout",
                "pass:secret",
                "-out",
                "first.p12");
        Files.write(FILES.path("staple"), new byte[] {0x30, 3, 0x0a, 1, 6});
        CertificateSpec store = new CertificateSpec(FILES.path("first.p12").toString(), "", "secret");
        TlsSpec usual = TlsSpec.of(List.of(store));
        TlsSpec stapled = new TlsSpec(
                usual.certificates(),
                "",
                usual.ciphers(),
                usual.sessions(),
                List.of(FILES.path("staple").toString()),
                FILES.path("keys.log").toString(),
                false,
                false);
        try (EncryptedListener listener = listener(stapled)) {
            String said = FILES.openssl(
                    "s_client", "-connect", "127.0.0.1:" + listener.address().getPort(), "-status");
            assertThat(said).contains("CN = dns.example").contains("OCSP Response Status: unauthorized (0x6)");
            assertThat(Files.readString(FILES.path("keys.log"))).contains("CLIENT_TRAFFIC_SECRET_0");
        }
        assertThatThrownBy(() -> new EncryptedListener(
                        TlsSpec.of(List.of(new CertificateSpec(store.certificate(), "", "wrong")))))
                .hasMessageContaining("first.p12");
    }

    @Test
    void mistakesNameTheFile() throws IOException {
        CertificateSpec first = EncryptedListener.of(FIRST);
        assertRefused(CertificateSpec.of("/nowhere", first.key()), "'/nowhere': no such file");
        assertRefused(
                CertificateSpec.of(first.certificate(), SECOND.key().toString()), "does not belong to the certificate");
        String text = Files.readString(FIRST.certificate());
        Files.writeString(FILES.path("cut.pem"), "# mine\n" + text.substring(0, text.length() / 2));
        assertRefused(
                CertificateSpec.of(FILES.path("cut.pem").toString(), first.key()),
                "cut.pem', line 2: the block that begins here has no end");
        assertRefused(CertificateSpec.of(first.key(), first.key()), "there is no certificate in it");
        String odd = FILES.path("odd.key").toString();
        String signed = FILES.path("odd.pem").toString();
        FILES.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1", "-out", odd);
        FILES.openssl("req", "-x509", "-key", odd, "-subj", "/CN=odd.example", "-out", signed);
        assertRefused(CertificateSpec.of(signed, odd), "odd.key', line 1: keys of this kind can't be used");
        TlsSpec usual = EncryptedListener.spec(FIRST);
        TlsSpec unknown = new TlsSpec(
                usual.certificates(),
                "",
                new TlsSpec.Ciphers(TlsVersion.TLS_1_2, "ROT13", "", true),
                usual.sessions(),
                List.of(),
                "",
                false,
                false);
        assertThatThrownBy(() -> new EncryptedListener(unknown)).hasMessageContaining("ciphers 'ROT13'");
    }

    private static void assertRefused(CertificateSpec spec, String message) {
        assertThatThrownBy(() -> new EncryptedListener(TlsSpec.of(List.of(spec))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    @Test
    void oldVersionsAndForeignSuitesAreCounted() throws IOException {
        TlsSpec usual = EncryptedListener.spec(SECOND);
        TlsSpec strict = new TlsSpec(
                usual.certificates(),
                "",
                new TlsSpec.Ciphers(TlsVersion.TLS_1_2, "ECDHE-RSA-AES256-GCM-SHA384", "X25519", true),
                usual.sessions(),
                List.of(),
                "",
                false,
                false);
        try (EncryptedListener listener = listener(strict)) {
            assertThatThrownBy(() -> new TlsClient()
                            .only("TLSv1.2")
                            .suites("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")
                            .connect(listener.address()))
                    .isInstanceOf(UncheckedIOException.class);
            Await.until(
                    "it is counted",
                    Await.PATIENCE,
                    () -> listener.tls().failures(Failure.NO_SHARED_CIPHER).sum() == 1);
            try (SSLSocket socket = new TlsClient().only("TLSv1.2").connect(listener.address())) {
                assertThat(socket.getSession().getCipherSuite()).isEqualTo("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
            }
            assertThatThrownBy(() -> FILES.openssl(
                            "s_client",
                            "-connect",
                            "127.0.0.1:" + listener.address().getPort(),
                            "-tls1_1",
                            "-cipher",
                            "ALL:@SECLEVEL=0"))
                    .isInstanceOf(AssertionError.class);
            Await.until(
                    "it is counted",
                    Await.PATIENCE,
                    () -> listener.tls().failures(Failure.UNSUPPORTED_PROTOCOL).sum() == 1);
        }
    }

    /** Plain DNS, HTTP and noise: the connection ends, somebody counts, and no thread minds. */
    @Test
    void whoSpeaksNoTlsIsCutOff() {
        long survived = FaultGuard.total();
        try (EncryptedListener listener = listener(FIRST)) {
            try (TcpClient plain = TcpClient.to(listener.address())) {
                plain.sendRaw("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(plain.closedAfterAll(Await.PATIENCE)).isTrue();
            }
            try (TcpClient plain = TcpClient.to(listener.address())) {
                plain.send(QUERY.packet());
                assertThat(plain.closedAfterAll(Await.PATIENCE)).isTrue();
            }
            assertThat(FaultGuard.total()).isEqualTo(survived);
            Await.until(
                    "all are gone",
                    Await.PATIENCE,
                    () -> listener.frontend().stream().currentConnections.get() == 0);
        }
    }

    /** A handshake that never ends has the time of one query, however the octets dribble in. */
    @Test
    void halfOpenHandshakesEnd() {
        try (EncryptedListener listener = listener(FIRST)) {
            listener.model.settings().set(Setting.TCP_RECV_TIMEOUT, 1);
            try (TcpClient silent = TcpClient.to(listener.address());
                    TcpClient slow = TcpClient.to(listener.address())) {
                byte[] hello = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
                boolean cut = false;
                for (int i = 0; i < hello.length && !cut; i++) {
                    slow.sendRaw(new byte[] {hello[i]});
                    cut = slow.closedWithin(java.time.Duration.ofMillis(300));
                }
                assertThat(cut).as("the slow one").isTrue();
                assertThat(silent.closedWithin(Await.PATIENCE)).isTrue();
            }
            Await.until(
                    "both are counted",
                    Await.PATIENCE,
                    () -> listener.frontend().stream().clientTimeouts.sum() == 2);
        }
    }

    @Test
    void proxyHeadersStandOutsideOrInside() throws IOException {
        byte[] header = ReceivedProxyHeader.compose(
                new InetSocketAddress("192.0.2.7", 4711), new InetSocketAddress("198.51.100.1", 853), true);
        TlsSpec usual = EncryptedListener.spec(FIRST);
        TlsSpec outside =
                new TlsSpec(usual.certificates(), "", usual.ciphers(), usual.sessions(), List.of(), "", false, true);
        try (EncryptedListener listener = listener(outside)) {
            Socket plain = new Socket(
                    listener.address().getAddress(), listener.address().getPort());
            plain.getOutputStream().write(header, 0, 5);
            plain.getOutputStream().flush();
            plain.getOutputStream().write(header, 5, header.length - 5);
            try (TcpClient client = TcpClient.over(new TlsClient().over(plain))) {
                assertThat(client.ask(QUERY).rcode()).isEqualTo(Rcode.NXDOMAIN);
                assertThat(client.ask(QUERY).rcode()).isEqualTo(Rcode.NXDOMAIN);
            }
            try (TcpClient without = TcpClient.to(listener.address())) {
                without.sendRaw(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, 1, 2, 3, 4, 5});
                assertThat(without.closedAfterAll(Await.PATIENCE)).isTrue();
            }
            assertThat(listener.model.engine().statistics().value(Counter.PROXY_PROTOCOL_INVALID))
                    .isEqualTo(1);
        }
        try (EncryptedListener listener = listener(usual)) {
            listener.model.setProxyAcl(dev.weir.engine.acl.NetmaskGroup.parse(List.of("127.0.0.0/8")));
            try (TcpClient client = new TlsClient().dns(listener.address())) {
                client.sendRaw(header);
                assertThat(client.ask(QUERY).rcode()).isEqualTo(Rcode.NXDOMAIN);
            }
        }
    }

    @Test
    void tooManyHandshakesBanTheClient() {
        try (EncryptedListener listener = listener(FIRST)) {
            listener.model.settings().set(Setting.MAX_TLS_NEW_SESSION_RATE_PER_CLIENT, 2);
            for (int i = 0; i < 2; i++) {
                try (TcpClient client = new TlsClient().dns(listener.address())) {
                    client.ask(QUERY);
                }
            }
            try (TcpClient third = new TlsClient().dns(listener.address())) {
                assertThat(third.closedWithin(Await.PATIENCE)).isTrue();
            }
            assertThatThrownBy(() -> new TlsClient().connect(listener.address()))
                    .as("banned")
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void theJdkSpeaksTooWhereItIsAskedFor() {
        TlsSpec usual = EncryptedListener.spec(FIRST);
        TlsSpec jdk = new TlsSpec(
                usual.certificates(), "jdk", usual.ciphers(), usual.sessions(), List.of(), "", false, false);
        TlsClient client = new TlsClient();
        try (EncryptedListener listener = listener(jdk)) {
            assertThat(listener.control().provider()).isEqualTo("jdk");
            for (int i = 0; i < 2; i++) {
                try (TcpClient connection = client.dns(listener.address())) {
                    assertThat(connection.ask(QUERY).rcode()).isEqualTo(Rcode.REFUSED);
                }
            }
            assertThat(listener.tls().resumptions().sum()).isEqualTo(1);
        }
    }
}
