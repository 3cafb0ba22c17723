package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.Rights;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code weir explain}, {@code explain()} and the API's path, of a process that runs. */
@NewerThanDebian("has no explain")
class ExplainTest {
    private static ChildProcess.Outcome explain(DnsProcess weir, String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("explain", "-C", weir.config().toString()));
        all.addAll(List.of(arguments));
        return ChildProcess.run(
                weir.directory(), TestSubject.current().command(all.toArray(String[]::new)), "", Await.PATIENCE);
    }

    @Test
    void theCommandTellsWhatThenHappens() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess weir = DnsProcess.start(
                        "newServer({address='" + backend.hostPort() + "', healthCheckMode='up'})\n" + """
                        getPool(""):setCache(newPacketCache(100))
                        addAction("refused.example", RCodeAction(DNSRCode.REFUSED), {name="not here"})
                        addAction("lua.example", LuaAction(function(dq) return DNSAction.Nxdomain end))
                        """)) {
            ChildProcess.Outcome refused = explain(weir, "www.refused.example", "AAAA");
            assertThat(refused.status()).isZero();
            assertThat(refused.stdout())
                    .contains("rule 0", "\"not here\" ", "[answered with REFUSED]")
                    .endsWith("=> answered by rule 0: REFUSED\n");
            assertThat(explain(weir, "lua.example").stdout()).endsWith("=> answered by rule 1: NXDOMAIN\n");
            assertThat(weir.console("explain('www.example')"))
                    .contains("=> sent to ")
                    .endsWith(" over UDP");
            assertThat(backend.received()).isEmpty();
            try (UdpClient client = weir.udp()) {
                client.ask(DnsQuery.of("www.example.", DnsMessage.A));
            }
            assertThat(weir.console("explain('www.example')"))
                    .contains("=> answered from the cache: NOERROR, 1 record\n   www.example. ");
            assertThat(explain(weir, "--json", "--client=127.0.0.1", "www.example")
                            .stdout())
                    .startsWith("{\"end\": {\"answers\": 1, \"outcome\": \"cached\", ");

            ChildProcess.Outcome unasked = explain(weir, "www.example", "--protocol", "doq");
            assertThat(unasked.status()).isEqualTo(1);
            assertThat(unasked.stderr()).contains("no listener takes DNS over QUIC; there are: ");
            assertThat(explain(weir, "www.example", "BOGUS").stderr())
                    .startsWith("weir: explain: there is no type 'BOGUS'");
            assertThat(weir.console("showRules()")).doesNotContain(" 2 ");
        }
    }

    @Test
    void overTheApi() throws Exception {
        int web = LoopbackPorts.free();
        try (DnsProcess weir = DnsProcess.start("webserver('127.0.0.1:" + web
                        + "')\nsetWebserverConfig({apiKey='key', password='word'})\nsetACL({'192.0.2.0/24'})\n");
                HttpClient http = HttpClient.newHttpClient()) {
            Await.until("the API is there", Await.PATIENCE, () -> LoopbackPorts.tcpListening(web));
            assertThat(get(http, web, "name=a.example&client=192.0.3.1").body())
                    .contains("\"outcome\": \"dropped\"", "192.0.3.1 is not in the ACL");
            assertThat(get(http, web, "name=a.example&client=192.0.2.1&type=SOA")
                            .body())
                    .contains("\"text\": \"dropped: no server takes queries\"");
            HttpResponse<String> wrong = get(http, web, "name=a.example&client=nobody");
            assertThat(wrong.statusCode()).isEqualTo(400);
            assertThat(wrong.body()).contains("nobody");
            assertThat(get(http, web, "").body()).contains("name=... is missing");
        }
    }

    private static HttpResponse<String> get(HttpClient http, int port, String query) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/v1/weir/explain?" + query))
                .header("X-API-Key", "key")
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void tellsWhatTheKernelDrops() throws IOException {
        Rights.assumeRoot();
        try (DnsProcess weir = DnsProcess.start("""
                bpf = newBPFFilter({ipv4MaxItems=10, ipv6MaxItems=10, cidr4MaxItems=10, qnamesMaxItems=10, suffixesMaxItems=10})
                setDefaultBPFFilter(bpf)
                bpf:block(newCA("127.0.0.5"))
                bpf:addRangeRule("127.0.8.0/21", 1, false)
                bpf:blockQName(newDNSName("name.example"), 1)
                bpf:blockSuffix(newDNSName("suffix.example"))
                """)) {
            assertThat(weir.console("explain('a.example', 'A', {client='127.0.0.5'})"))
                    .contains("  kernel ", "filter at the socket: Drop 127.0.0.5\n")
                    .endsWith("=> dropped: filter at the socket: Drop 127.0.0.5");
            assertThat(weir.console("explain('a.example', 'A', {client='127.0.9.5'})"))
                    .contains("Drop 127.0.8.0/21\n");
            assertThat(weir.console("explain('Name.example')")).containsIgnoringCase("Drop name.example.\n");
            assertThat(weir.console("explain('name.example', 'MX')")).contains("filter at the socket: no entry\n");
            assertThat(weir.console("explain('a.b.suffix.example', 'MX')")).contains("Drop suffix.example.\n");
            // Names are read in datagrams alone.
            assertThat(weir.console("explain('name.example', {protocol='tcp'})"))
                    .contains("filter at the socket: no entry\n");
        }
    }
}
