package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.UdpClient;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Do the smaller functions around TLS do what they say? */
@Timeout(120)
class TlsToolsTest {
    private static final TestCertificates FILES = new TestCertificates();

    @AfterAll
    static void end() {
        FILES.close();
    }

    private static void authority(String kind, String... key) {
        String[] start = {"req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=authority of " + kind};
        FILES.openssl(concat(start, key, "-keyout", path(kind + "-ca.key"), "-out", path(kind + "-ca.pem")));
        FILES.openssl(
                "req",
                "-new",
                "-nodes",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-subj",
                "/CN=dns.example",
                "-keyout",
                path(kind + ".key"),
                "-out",
                path(kind + ".csr"));
        FILES.openssl(
                "x509",
                "-req",
                "-days",
                "2",
                "-in",
                path(kind + ".csr"),
                "-CA",
                path(kind + "-ca.pem"),
                "-CAkey",
                path(kind + "-ca.key"),
                "-CAcreateserial",
                "-out",
                path(kind + ".pem"));
    }

    private static String[] concat(String[] first, String[] second, String... third) {
        return Stream.of(first, second, third).flatMap(Arrays::stream).toArray(String[]::new);
    }

    private static String path(String file) {
        return FILES.path(file).toString();
    }

    private static String generate(String kind, String authority) {
        return "generateOCSPResponse(\"%s\", \"%s\", \"%s\", \"%s\", 1, 30)\n"
                .formatted(
                        path(kind + ".pem"),
                        path(authority + "-ca.pem"),
                        path(authority + "-ca.key"),
                        path(kind + ".ocsp"));
    }

    /** OpenSSL verifies what we say of a certificate, and gets it stapled. */
    @Test
    void responsesForOnesOwnCertificates() {
        authority("rsa", "-newkey", "rsa:2048");
        authority("ec", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
        authority("ed", "-newkey", "ed25519");
        int port = LoopbackPorts.free();
        try (DnsProcess subject = DnsProcess.start(generate("rsa", "rsa")
                + generate("ec", "ec")
                + generate("ed", "ed")
                + "addTLSLocal(\"127.0.0.1:%d\", \"%s\", \"%s\", {ocspResponses={\"%s\"}})\n"
                        .formatted(port, path("ec.pem"), path("ec.key"), path("ec.ocsp")))) {
            for (String kind : new String[] {"rsa", "ec", "ed"}) {
                assertThat(FILES.openssl(
                                "ocsp",
                                "-respin",
                                path(kind + ".ocsp"),
                                "-issuer",
                                path(kind + "-ca.pem"),
                                "-cert",
                                path(kind + ".pem"),
                                "-CAfile",
                                path(kind + "-ca.pem")))
                        .contains(": good");
            }
            assertThat(FILES.openssl("ocsp", "-respin", path("ec.ocsp"), "-noverify", "-text"))
                    .contains("Next Update");
            assertThat(FILES.openssl(
                            "s_client", "-connect", "127.0.0.1:" + port, "-status", "-CAfile", path("ec-ca.pem")))
                    .contains("OCSP Response Status: successful", "Cert Status: good");
            assertThat(subject.consoleOutcome(generate("rsa", "ec").strip()).output())
                    .contains("is not signed by the one in '" + path("ec-ca.pem"));
        }
    }

    @NewerThanDebian("has no hook")
    @Test
    void newTicketKeysAreTold() {
        TestCertificates.Pair pair = FILES.make("hook", "dns.example");
        int port = LoopbackPorts.free();
        try (DnsProcess subject = DnsProcess.start("""
                keys = {}
                setTicketsKeyAddedHook(function(key, length) keys[#keys + 1] = #key .. "/" .. length end)
                addTLSLocal("127.0.0.1:%d", "%s", "%s")
                """.formatted(port, pair.certificate(), pair.key()))) {
            Await.until("the first key", Await.PATIENCE, () -> subject.console("table.concat(keys, ' ')")
                    .equals("80/80"));
            subject.console("getTLSContext(0):rotateTicketsKey()");
            subject.console("loadTicketsKey(string.rep('k', 80))");
            Await.until(
                    "two more", Await.PATIENCE, () -> subject.console("#keys").equals("3"));
        }
    }

    @Test
    void sessionsToBackendsAreCountedAndConnectionsShown() {
        TestCertificates.Pair pair = FILES.make("backend", "dns.example");
        int port = LoopbackPorts.free();
        try (DnsProcess server = DnsProcess.start("""
                        addTLSLocal("127.0.0.1:%d", "%s", "%s")
                        addAction(AllRule(), SpoofAction("192.0.2.1"))
                        """.formatted(port, pair.certificate(), pair.key()));
                DnsProcess subject = DnsProcess.start("""
                        newServer({address="127.0.0.1:%d", tls="openssl", subjectName="dns.example", caStore="%s", healthCheckMode="up"})
                        """.formatted(port, pair.certificate()));
                UdpClient udp = subject.udp();
                TcpClient tcp = subject.tcp()) {
            assertThat(server.process().isAlive()).isTrue();
            assertThat(subject.console("getOutgoingTLSSessionCacheSize()")).isEqualTo("0");
            assertThat(udp.ask(DnsQuery.of("a.example.", DnsMessage.A)).answerTexts())
                    .containsExactly("192.0.2.1");
            assertThat(tcp.ask(DnsQuery.of("b.example.", DnsMessage.A)).answerTexts())
                    .containsExactly("192.0.2.1");
            Await.until("a session is kept", Await.PATIENCE, () -> !subject.console("getOutgoingTLSSessionCacheSize()")
                    .equals("0"));
            subject.console("requestTCPStatesDump()");
            Await.until("they are shown", Await.PATIENCE, () -> subject.process()
                    .output()
                    .contains("A connection to a backend"));
            subject.console("requestDoHStatesDump()");
        }
    }
}
