package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TestCertificates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Do real clients of encrypted DNS get their answers? */
class EncryptedClientsTest {
    private static final TestCertificates FILES = new TestCertificates();
    private static final TestCertificates.Pair PAIR = FILES.make("dns", "dns.example");

    /** For the address of www.example.com. */
    private static final String QUERY = "?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB";

    @AfterAll
    static void end() {
        FILES.close();
    }

    private static String run(String... command) {
        ChildProcess.Outcome outcome = ChildProcess.run(Path.of("/tmp"), Arrays.asList(command), "", Await.PATIENCE);
        return outcome.output();
    }

    private static String kdig(int port, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "kdig", "@127.0.0.1", "-p", String.valueOf(port), "+timeout=5", "+retry=0", "www.example", "A"));
        command.addAll(Arrays.asList(more));
        return run(command.toArray(String[]::new));
    }

    private static String listen(String function, int port, String more) {
        return "%s(\"127.0.0.1:%d\", \"%s\", \"%s\"%s)\n"
                .formatted(function, port, PAIR.certificate(), PAIR.key(), more);
    }

    @Test
    void kdigOverTls() {
        int port = LoopbackPorts.free();
        try (DnsProcess subject = DnsProcess.start(listen("addTLSLocal", port, "")
                + "addAction(SNIRule(\"other.example\"), RCodeAction(DNSRCode.REFUSED))\n"
                + "addAction(AllRule(), SpoofAction(\"192.0.2.1\"))\n")) {
            Await.until("it listens", Await.PATIENCE, () -> LoopbackPorts.tcpListening(port));
            String verified = kdig(
                    port,
                    "+tls",
                    "+tls-ca=" + PAIR.certificate(),
                    "+tls-hostname=dns.example",
                    "+keepopen",
                    "b.example",
                    "A");
            assertThat(verified).contains("TLS session (TLS1.3)", "192.0.2.1", "b.example");
            assertThat(kdig(port, "+tls", "+tls-sni=other.example")).contains("REFUSED");
            assertThat(subject.console("showBinds()")).contains("TCP (DNS over TLS)");
            assertThat(subject.console("topClients()")).contains("127.0.0.1");
        }
    }

    private static String curl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("curl", "-sk", "-m", "10", "-D", "-", "-o", "/dev/null"));
        command.addAll(Arrays.asList(arguments));
        return run(command.toArray(String[]::new));
    }

    @Test
    void kdigAndCurlOverHttps() {
        int port = LoopbackPorts.free();
        int plain = LoopbackPorts.free();
        try (DnsProcess subject =
                DnsProcess.start(listen("addDOHLocal", port, ", \"/dns-query\", {keepIncomingHeaders=true}")
                        + "addDOHLocal(\"127.0.0.1:" + plain + "\", nil, nil, \"/dns-query\")\n"
                        + "addAction(HTTPHeaderRule(\"x-drop\", \"^yes$\"), DropAction())\n"
                        + "addAction(HTTPPathRule(\"/none\"), DropAction())\n"
                        + "addAction(AllRule(), SpoofAction(\"192.0.2.1\"))\n")) {
            Await.until(
                    "it listens",
                    Await.PATIENCE,
                    () -> LoopbackPorts.tcpListening(port) && LoopbackPorts.tcpListening(plain));
            assertThat(kdig(port, "+https")).contains("HTTP/2-POST", "status: 200", "192.0.2.1");
            assertThat(kdig(port, "+https-get")).contains("HTTP/2-GET", "status: 200", "192.0.2.1");
            String query = "/dns-query" + QUERY;
            String secure = "https://127.0.0.1:" + port;
            assertThat(curl("--http2", secure + query))
                    .contains("HTTP/2 200", "content-type: application/dns-message", "cache-control: max-age=60");
            assertThat(curl("--http2", secure + "/elsewhere")).contains("HTTP/2 404");
            assertThat(curl("--http2", secure + "/dns-query?dns=%21")).contains("HTTP/2 400");
            assertThat(curl("--http2", "-H", "X-Drop: yes", secure + query)).contains("HTTP/2 403");
            assertThat(curl("--http2-prior-knowledge", "http://127.0.0.1:" + plain + query))
                    .contains("HTTP/2 200");
            assertThat(subject.console("showDOHFrontends()")).contains("127.0.0.1:" + port);
        }
    }

    /** A page whose name only Weir knows, in a browser that asks nobody but Weir. */
    @Test
    void chromiumOverHttps() throws Exception {
        assumeTrue(Browser.isInstalled(), "no chromium: apt-get install chromium");
        int port = LoopbackPorts.free();
        int page = LoopbackPorts.free();
        HttpServer server = HttpServer.create(LoopbackPorts.address(page), 0);
        server.createContext("/", exchange -> {
            byte[] body = "<title>found</title>".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        String state =
                "{\"dns_over_https\":{\"mode\":\"secure\",\"templates\":\"https://127.0.0.1:" + port + "/dns-query\"}}";
        try (DnsProcess subject = DnsProcess.start(listen("addDOHLocal", port, ", \"/dns-query\"")
                        + "addAction(\"page.weir-test.example.\", SpoofAction(\"127.0.0.1\"))\n"
                        + "addAction(AllRule(), RCodeAction(DNSRCode.NXDOMAIN))\n");
                Browser browser = new Browser(state, List.of("--ignore-certificate-errors"))) {
            browser.open("http://page.weir-test.example:" + page + "/");
            browser.await("the page", "document.title === 'found'");
            assertThat(subject.console("topQueries(20)")).contains("page.weir-test.example");
            assertThat(subject.console("showDOHFrontends()")).contains("127.0.0.1:" + port);
        } finally {
            server.stop(0);
        }
    }

    @Test
    @NewerThanDebian("has no QUIC")
    void kdigOverQuic() {
        int port = LoopbackPorts.free();
        try (DnsProcess subject = DnsProcess.start(listen("addDOQLocal", port, ", {idleTimeout=10}")
                + "addAction(SNIRule(\"other.example\"), RCodeAction(DNSRCode.REFUSED))\n"
                + "addAction(AllRule(), SpoofAction(\"192.0.2.1\"))\n")) {
            // kdig takes the last of its options that choose a transport.
            assertThat(kdig(port, "+tls-ca=" + PAIR.certificate(), "+tls-hostname=dns.example", "+quic"))
                    .contains("QUIC session (QUICv1)", "192.0.2.1");
            assertThat(kdig(port, "+tls-sni=other.example", "+quic")).contains("REFUSED");
            assertThat(subject.console("showBinds()")).contains("UDP (DNS over QUIC)");
            assertThat(subject.console("grepq(\"www.example\")")).contains("DoQ");
            assertThat(subject.console("showDOQFrontends()")
                            .lines()
                            .toList()
                            .getLast()
                            .strip()
                            .split(" +"))
                    .containsExactly("0", "127.0.0.1:" + port, "0", "0", "0", "2");
            subject.console("getDOQFrontend(0):reloadCertificates() reloadAllCertificates()");
            assertThat(kdig(port, "+quic")).contains("192.0.2.1");
        }
    }

    /** What the operator's code sees of a request, in both of its interfaces, and what it answers instead of DNS. */
    @Test
    @NewerThanDebian("lacks the FFI functions of requests")
    void scriptsSeeTheRequestAndAnswerIt() {
        int port = LoopbackPorts.free();
        try (DnsProcess subject = DnsProcess.start(listen(
                        "addDOHLocal",
                        port,
                        ", {\"/dns-query\", \"/lua\", \"/ffi\", \"/gone\"}, {keepIncomingHeaders=true}")
                + """
                        local ffi = require("ffi")
                        local C = ffi.C
                        addAction(HTTPPathRegexRule("^/g.ne$"), HTTPStatusAction(410, "it was here", "text/plain"))
                        addAction(HTTPPathRule("/lua"), LuaAction(function(dq)
                          dq:setHTTPResponse(200, table.concat({dq:getHTTPScheme(), dq:getHTTPHost(), dq:getHTTPPath(),
                            dq:getHTTPQueryString():sub(1, 5), dq:getHTTPHeaders()["x-mine"], dq:getServerNameIndication()}, " "), "text/plain")
                          dq.dh:setQR(true)
                          return DNSAction.HeaderModify
                        end))
                        addAction(HTTPPathRule("/ffi"), LuaFFIAction(function(dq)
                          local p, n = ffi.new("const char*[1]"), ffi.new("size_t[1]")
                          C.dnsdist_ffi_dnsquestion_get_sni(dq, p, n)
                          local headers, mine = ffi.new("const dnsdist_ffi_http_header_t*[1]"), ""
                          for i = 0, tonumber(C.dnsdist_ffi_dnsquestion_get_http_headers(dq, headers)) - 1 do
                            if ffi.string(headers[0][i].name) == "x-mine" then mine = ffi.string(headers[0][i].value) end
                          end
                          local body = table.concat({ffi.string(C.dnsdist_ffi_dnsquestion_get_http_scheme(dq)),
                            ffi.string(C.dnsdist_ffi_dnsquestion_get_http_host(dq)), ffi.string(C.dnsdist_ffi_dnsquestion_get_http_path(dq)),
                            ffi.string(C.dnsdist_ffi_dnsquestion_get_http_query_string(dq)):sub(1, 5), mine, ffi.string(p[0], n[0])}, " ")
                          C.dnsdist_ffi_dnsquestion_set_http_response(dq, 200, body, #body, "text/plain")
                          C.dnsdist_ffi_dnsquestion_set_rcode(dq, 0)
                          return DNSAction.HeaderModify
                        end))
                        addAction(AllRule(), SpoofAction("192.0.2.1"))
                        """)) {
            Await.until("it listens", Await.PATIENCE, () -> LoopbackPorts.tcpListening(port));
            for (String path : List.of("/lua", "/ffi")) {
                String said = run(
                        "curl",
                        "-sk",
                        "-m",
                        "10",
                        "--http2",
                        "--resolve",
                        "dns.example:" + port + ":127.0.0.1",
                        "-H",
                        "X-Mine: yes",
                        "https://dns.example:" + port + path + QUERY);
                assertThat(said).isEqualTo("https dns.example:" + port + " " + path + " ?dns= yes dns.example");
            }
            assertThat(curl("--http2", "https://127.0.0.1:" + port + "/gone" + QUERY))
                    .contains("HTTP/2 410", "content-type: text/plain");
            assertThat(kdig(port, "+https")).contains("192.0.2.1");
            assertThat(subject.console("showDOHFrontends()")).contains("127.0.0.1:" + port);
        }
    }

    @ParameterizedTest
    @CsvSource({"ED25519, ''", "EC, ec_paramgen_curve:P-384", "EC, ec_paramgen_curve:P-521", "RSA, rsa_keygen_bits:3072"
    })
    void keysOfManyKinds(String kind, String option) {
        String key = FILES.path("kind.key").toString();
        String certificate = FILES.path("kind.pem").toString();
        List<String> generate = new ArrayList<>(List.of("genpkey", "-algorithm", kind, "-out", key));
        if (!option.isEmpty()) {
            generate.addAll(List.of("-pkeyopt", option));
        }
        FILES.openssl(generate.toArray(String[]::new));
        FILES.openssl("req", "-x509", "-key", key, "-subj", "/CN=dns.example", "-days", "2", "-out", certificate);
        int port = LoopbackPorts.free();
        try (DnsProcess subject =
                DnsProcess.start("addTLSLocal(\"127.0.0.1:%d\", \"%s\", \"%s\")\n".formatted(port, certificate, key)
                        + "addAction(AllRule(), SpoofAction(\"192.0.2.1\"))\n")) {
            Await.until("it listens", Await.PATIENCE, () -> LoopbackPorts.tcpListening(port));
            assertThat(kdig(port, "+tls")).contains("192.0.2.1");
            assertThat(subject.console("showTLSFrontends()")).contains("127.0.0.1:" + port);
        }
    }

    @Test
    void anExpiredCertificateIsUsedWithAWarning() {
        String request = FILES.path("old.csr").toString();
        String old = FILES.path("old.pem").toString();
        String key = PAIR.key().toString();
        FILES.openssl("req", "-new", "-key", key, "-subj", "/CN=dns.example", "-out", request);
        FILES.openssl("x509", "-req", "-in", request, "-signkey", key, "-days", "-1", "-out", old);
        int port = LoopbackPorts.free();
        try (DnsProcess subject =
                DnsProcess.start("addTLSLocal(\"127.0.0.1:%d\", \"%s\", \"%s\")\n".formatted(port, old, key)
                        + "addAction(AllRule(), SpoofAction(\"192.0.2.1\"))\n")) {
            Await.until("it listens", Await.PATIENCE, () -> LoopbackPorts.tcpListening(port));
            assertThat(kdig(port, "+tls")).contains("192.0.2.1");
            assertThat(subject.process().output()).contains("A certificate has expired", old);
        }
    }

    /** As with whatever else is wrong in a configuration, the line is told. */
    @Test
    void filesThatAreNotThereEndTheStart() {
        int port = LoopbackPorts.free();
        DnsProcess process = DnsProcess.launch(
                port, DnsProcess.preamble(port, "") + "addTLSLocal(\"127.0.0.1:1\", \"/none.pem\", \"/none.key\")\n");
        try (process) {
            assertThat(process.process().awaitExit(Await.PATIENCE)).isEqualTo(1);
            assertThat(process.process().output()).contains("/none.pem");
            if (dev.weir.testkit.TestSubject.current() == dev.weir.testkit.TestSubject.WEIR) {
                assertThat(process.process().output())
                        .contains("subject.conf:5: certificate file '/none.pem': no such file");
            }
        }
    }
}
