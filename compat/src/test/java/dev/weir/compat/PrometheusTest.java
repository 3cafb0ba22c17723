package dev.weir.compat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.UdpClient;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Debian's Prometheus takes what {@code /metrics} says, native histograms included. */
@NewerThanDebian("has no native histograms")
@Timeout(300)
class PrometheusTest {
    private static final int QUERIES = 30;
    private static final Pattern VALUE = Pattern.compile("\"value\":\\[[0-9.e+]+,\"([^\"]*)\"\\]");

    private final HttpClient http = HttpClient.newHttpClient();

    private String get(String uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri))
                .header("X-API-Key", "key")
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** What Prometheus answers to an expression; NaN if nothing. */
    private double asked(int prometheus, String expression) {
        try {
            String answer = get(
                    "http://127.0.0.1:" + prometheus + "/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8));
            Matcher value = VALUE.matcher(answer);
            return value.find() ? Double.parseDouble(value.group(1)) : Double.NaN;
        } catch (Exception notYetThere) {
            return Double.NaN;
        }
    }

    @Test
    void nativeHistogramsArriveWhole() throws Exception {
        int web = LoopbackPorts.free();
        int port = LoopbackPorts.free();
        try (TempDirectory directory = TempDirectory.create("weir-prometheus");
                FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess weir = DnsProcess.start("""
                        newServer{address="%s", name="one", checkInterval=1}
                        webserver("127.0.0.1:%d")
                        setWebserverConfig({password="word", apiKey="key", statsRequireAuthentication=false})
                        """.formatted(backend.hostPort(), web));
                UdpClient client = weir.udp()) {
            for (int i = 0; i < QUERIES; i++) {
                client.ask(DnsQuery.of("name" + i + ".example.", DnsMessage.A));
            }
            Await.until("the web server is there", Await.PATIENCE, () -> LoopbackPorts.tcpListening(web));
            Path config = directory.write("prometheus.yml", """
                    scrape_configs:
                      - job_name: weir
                        scrape_interval: 1s
                        static_configs: [{targets: ["127.0.0.1:%d"]}]
                    """.formatted(web));
            List<String> command = List.of(
                    "prometheus",
                    "--config.file=" + config,
                    "--storage.tsdb.path=" + directory.path().resolve("data"),
                    "--web.listen-address=127.0.0.1:" + port,
                    "--enable-feature=native-histograms");
            try (ChildProcess prometheus = ChildProcess.start(directory.path(), command)) {
                Await.until(
                        "the histogram is there",
                        Await.PATIENCE,
                        () -> asked(port, "histogram_count(dnsdist_latency)") == QUERIES);
                assertThat(asked(port, "up")).isEqualTo(1);
                Matcher sum = Pattern.compile("(?m)^dnsdist_latency_sum (\\d+)$")
                        .matcher(get("http://127.0.0.1:" + web + "/metrics"));
                assertThat(sum.find()).isTrue();
                double most = Double.parseDouble(sum.group(1)) + 1;
                // No answer took longer than all together, and half of them not more than a share of it.
                assertThat(asked(port, "histogram_sum(dnsdist_latency)")).isBetween(most - 1, most);
                assertThat(asked(port, "histogram_quantile(1, dnsdist_latency)"))
                        .isBetween(0.001, most * 1.1);
                assertThat(asked(port, "histogram_quantile(0.5, dnsdist_latency)"))
                        .isBetween(0.001, 2 * most / QUERIES * 1.1);
                assertThat(asked(port, "histogram_fraction(0, 1000000, dnsdist_latency)"))
                        .isEqualTo(1);
                assertThat(asked(port, "histogram_count(dnsdist_server_healthchecklatency_histo)"))
                        .isPositive();
                assertThat(asked(port, "dnsdist_queries")).isEqualTo(QUERIES);
                assertThat(prometheus.output()).doesNotContain("level=error");
            }
        }
    }

    /** Warnings of style are dnsdist's names: 3 says that there are such and no others. */
    @Test
    void promtoolReadsTheText() throws Exception {
        int web = LoopbackPorts.free();
        try (TempDirectory directory = TempDirectory.create("weir-promtool");
                DnsProcess weir = DnsProcess.start("""
                        newServer{address="127.0.0.1:9", name='a"b\\\\', healthCheckMode="up"}
                        addAction(AllRule(), RCodeAction(DNSRCode.REFUSED), {name="new\\nline"})
                        getPool(""):setCache(newPacketCache(1000))
                        webserver("127.0.0.1:%d")
                        setWebserverConfig({password="word", apiKey="key"})
                        """.formatted(web));
                UdpClient client = weir.udp()) {
            client.ask(DnsQuery.of("a.example.", DnsMessage.A));
            Await.until("the web server is there", Await.PATIENCE, () -> LoopbackPorts.tcpListening(web));
            String metrics = get("http://127.0.0.1:" + web + "/metrics");
            assertThat(metrics).contains("dnsdist_latency_bucket{le=\"+Inf\"}");
            ChildProcess.Outcome outcome = ChildProcess.run(
                    directory.path(), List.of("promtool", "check", "metrics"), metrics, Await.PATIENCE);
            assertThat(outcome.status()).as(outcome.output()).isIn(0, 3);
            assertThat(ChildProcess.run(
                                    directory.path(),
                                    List.of("promtool", "check", "metrics"),
                                    metrics + "dnsdist_queries{ 1\n",
                                    Await.PATIENCE)
                            .status())
                    .as("it would say")
                    .isEqualTo(1);
        }
    }
}
