package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Does our web server say what that of Debian's dnsdist says, to the same requests and with the same configuration? */
class WebLikeDnsdistTest {
    private static final String STATUS = "/api/v1/servers/localhost";
    private static final Pattern KEY = Pattern.compile("\"([A-Za-z0-9_-]+)\": ");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int oracleWeb = LoopbackPorts.free();
    private final int ourWeb = LoopbackPorts.free();
    private TempDirectory directory;
    private ChildProcess oracle;
    private DnsProcess ours;

    private static String config(int web) {
        return """
                newServer({address="127.0.0.1:%d", name="b1", pool={"", "p2"}})
                webserver("127.0.0.1:%d")
                setWebserverConfig({password="pw", apiKey="key", customHeaders={["X-Mine"]="yes", ["X-Frame-Options"]=""}})
                setAPIWritable(true)
                getPool(""):setCache(newPacketCache(1000))
                addAction(AllRule(), SpoofAction("192.0.2.1"), {name="sp"})
                addResponseAction(AllRule(), AllowResponseAction())
                addDynBlockSMT({"bad.example"}, "because", 600)
                """.formatted(LoopbackPorts.free(), web);
    }

    @BeforeEach
    void start() throws IOException {
        directory = TempDirectory.create("weir-web");
        int dns = LoopbackPorts.free();
        directory.write(
                "d.conf", "setLocal(\"127.0.0.1:" + dns + "\")\nsetSecurityPollSuffix(\"\")\n" + config(oracleWeb));
        oracle = ChildProcess.start(
                directory.path(), List.of("/usr/bin/dnsdist", "--supervised", "--disable-syslog", "-C", "d.conf"));
        ours = DnsProcess.start(config(ourWeb));
        for (int port : new int[] {oracleWeb, ourWeb}) {
            assertThat(Await.reached(Await.PATIENCE, () -> LoopbackPorts.tcpListening(port)))
                    .as("port %d: %s", port, oracle.output())
                    .isTrue();
        }
        for (int port : new int[] {dns, ours.port()}) {
            try (UdpClient client = UdpClient.to(LoopbackPorts.address(port))) {
                client.ask(DnsQuery.of("www.example.", DnsMessage.A));
            }
        }
    }

    @AfterEach
    void stop() {
        ours.close();
        oracle.close();
        directory.close();
    }

    private HttpResponse<String> ask(int port, String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private String get(int port, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = ask(port, "GET", path, "", "X-API-Key", "key");
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response.body();
    }

    @Test
    void statusesAndHeadersAreTheSame() throws Exception {
        String basic = "Basic YW55OnB3"; // any:pw
        String[][] credentials = {
            {},
            {"X-API-Key", "key"},
            {"X-API-Key", "no"},
            {"Authorization", basic},
            {"Authorization", "basic YW55OnB3"},
            {"Authorization", "Basic YW55Og=="},
            {"Authorization", "Basic ?"},
            {"Authorization", "Bearer key"}
        };
        for (String path : List.of(
                "/metrics",
                "/jsonstat",
                "/jsonstat?command=stats",
                STATUS,
                STATUS + "/nothing",
                STATUS + "/pool",
                STATUS + "/pool?name=",
                STATUS + "/pool?name=p2",
                STATUS + "/pool?name=no",
                STATUS + "/config",
                STATUS + "/config/allow-from?_=1",
                STATUS + "/statistics",
                "/nothing",
                "//metrics")) {
            for (String[] each : credentials) {
                for (String method : List.of("GET", "POST", "DELETE")) {
                    HttpResponse<String> expected = ask(oracleWeb, method, path, "", each);
                    HttpResponse<String> got = ask(ourWeb, method, path, "", each);
                    String what = method + " " + path + " " + String.join(": ", each);
                    assertThat(got.statusCode()).as(what).isEqualTo(expected.statusCode());
                    assertThat(headers(got)).as(what).isEqualTo(headers(expected));
                }
            }
        }
    }

    /** But for those that say how long the body is. */
    private static Set<String> headers(HttpResponse<String> response) {
        return response.headers().map().entrySet().stream()
                .filter(header -> !header.getKey().matches("(?i)content-length|transfer-encoding|content-type"))
                .map(header -> header.getKey().toLowerCase(java.util.Locale.ROOT) + ": " + header.getValue())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyKeyIsThere() throws Exception {
        for (String path : List.of(
                STATUS,
                STATUS + "/pool?name=",
                STATUS + "/config",
                STATUS + "/config/allow-from",
                "/jsonstat?command=stats",
                "/jsonstat?command=dynblocklist")) {
            Set<String> expected = keys(get(oracleWeb, path));
            assertThat(keys(get(ourWeb, path))).as(path).containsAll(expected);
        }
        assertThat(names(get(ourWeb, STATUS + "/statistics")))
                .containsAll(names(get(oracleWeb, STATUS + "/statistics")));
    }

    private static Set<String> keys(String json) {
        return all(KEY, json);
    }

    private static Set<String> names(String json) {
        return all(Pattern.compile("\"name\": \"([^\"]+)\""), json);
    }

    private static Set<String> all(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void everySampleIsThereWithItsLabels() throws Exception {
        Set<String> ourSamples = samples(get(ourWeb, "/metrics"));
        for (String sample : samples(get(oracleWeb, "/metrics"))) {
            // Nobody listens with TLS: it names what it would count, and there is no sample.
            if (sample.matches("# TYPE dnsdist_frontend_(tls|doh|http).*")) {
                continue;
            }
            // 1.7.3 misspells two.
            assertThat(ourSamples)
                    .contains(sample.replace("clientimeouts", "clienttimeouts")
                            .replace("tlsersumptions", "tlsresumptions"));
        }
    }

    /** Names and labels, with their types, but for values that are each program's own. */
    private static Set<String> samples(String metrics) {
        return metrics.lines()
                .filter(line -> !line.startsWith("# HELP"))
                .map(line -> line.startsWith("#") ? line : line.replaceFirst(" [^ ]+$", ""))
                .map(line -> line.replaceAll("127\\.0\\.0\\.1:\\d+", "address")
                        .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "uuid")
                        .replaceAll("version=\"[^\"]+\"", "version"))
                .filter(line -> !line.contains("latency_bucket") || line.contains("le="))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theAclIsReplacedLikeThere() throws Exception {
        String path = STATUS + "/config/allow-from";
        for (String body : List.of(
                "{\"value\": [\"127.0.0.0/8\", \"::1\"]}",
                "{\"value\": \"127.0.0.0/8\"}",
                "{}",
                "x",
                "{\"value\": [\"x\"]}")) {
            HttpResponse<String> expected = ask(oracleWeb, "PUT", path, body, "X-API-Key", "key");
            HttpResponse<String> got = ask(ourWeb, "PUT", path, body, "X-API-Key", "key");
            assertThat(got.statusCode()).as(body).isEqualTo(expected.statusCode());
            assertThat(got.body()).as(body).isEqualTo(expected.body());
            assertThat(get(ourWeb, path)).isEqualTo(get(oracleWeb, path));
        }
    }
}
