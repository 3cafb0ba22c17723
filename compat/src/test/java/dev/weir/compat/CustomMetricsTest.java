package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.UdpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Do figures that the operator declares show wherever figures are shown, and count on? */
@NewerThanDebian("has no custom metrics")
class CustomMetricsTest {
    private static String get(int port, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .header("X-API-Key", "key")
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void areShownEverywhere() throws Exception {
        int web = LoopbackPorts.free();
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                DnsProcess subject = DnsProcess.start("""
                        newServer("%s")
                        webserver("127.0.0.1:%d")
                        setWebserverConfig({password="x", apiKey="key", statsRequireAuthentication=false})
                        declareMetric("my-count", "counter", "Queries seen")
                        declareMetric("my-level", "gauge", "A level", "own_name")
                        declareMetric("by-type", "counter", "By type", {withLabels=true, name="own_by_type"})
                        addAction(AllRule(), LuaAction(function(dq)
                          incMetric("my-count")
                          incMetric("by-type", {labels={type=tostring(dq.qtype), over="udp"}, step=2})
                          return DNSAction.None, ""
                        end))
                        """.formatted(backend.hostPort(), web));
                UdpClient client = subject.udp()) {
            // It opens behind the listeners.
            Await.until("the web server is there", Await.PATIENCE, () -> LoopbackPorts.tcpListening(web));
            client.ask(DnsQuery.of("a.test.", A));
            client.ask(DnsQuery.of("b.test.", A));
            assertThat(subject.console("setMetric('my-level', 2.5)")).isEqualTo("2.5");
            assertThat(get(web, "/metrics"))
                    .contains("# HELP dnsdist_my_count Queries seen\n# TYPE dnsdist_my_count counter\n")
                    .contains("\ndnsdist_my_count 2\n")
                    .contains("# TYPE own_name gauge\nown_name 2.5\n")
                    .contains("# TYPE own_by_type counter\nown_by_type{over=\"udp\",type=\"1\"} 4");
            assertThat(get(web, "/jsonstat?command=stats"))
                    .contains("\"my-count\": 2")
                    .contains("\"my-level\": 2.5")
                    .doesNotContain("by-type");
            assertThat(get(web, "/api/v1/servers/localhost/statistics")).contains("\"name\": \"my-count\"");
            assertThat(subject.counter("my-count")).isEqualTo(2);
            assertThat(subject.console("getStatisticsCounters()['my-level']")).isEqualTo("2.5");
            assertThat(subject.console("incMetric('my-count', 5)")).isEqualTo("7");
            assertThat(subject.console("decMetric('my-count')")).isEqualTo("6");
            assertThat(subject.console("getMetric('by-type', {labels={type='1', over='udp'}})"))
                    .isEqualTo("4");
            assertThat(subject.console("tostring(declareMetric('my-count', 'counter', 'again'))"))
                    .isEqualTo("true");
            assertThat(subject.console("getMetric('my-count')")).isEqualTo("6");
        }
    }

    @Test
    void whatCannotBeIsSaid() {
        try (DnsProcess subject =
                DnsProcess.start("declareMetric('count', 'counter', 'c') " + "declareMetric('level', 'gauge', 'g')")) {
            refused(subject, "declareMetric('Upper', 'counter', 'c')", "false", "lower-case");
            refused(subject, "declareMetric('x', 'histogram', 'c')", "false", "histogram");
            refused(subject, "declareMetric('queries', 'counter', 'c')", "false", "dnsdist_queries");
            refused(subject, "declareMetric('count', 'gauge', 'c')", "false", "otherwise");
            refused(subject, "incMetric('nothing')", "0", "'nothing'");
            refused(subject, "incMetric('level')", "0", "gauge");
            refused(subject, "setMetric('count', 3)", "0", "counter");
            refused(subject, "incMetric('count', {labels={a='b'}})", "0", "without");
            assertThat(subject.console("getMetric('count')")).isEqualTo("0");
        }
    }

    private static void refused(DnsProcess subject, String call, String result, String why) {
        assertThat(subject.console("result = " + call)).startsWith("Error: ").contains(why);
        assertThat(subject.console("tostring(result)")).isEqualTo(result);
    }
}
