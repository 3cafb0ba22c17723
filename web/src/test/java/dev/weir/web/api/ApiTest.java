package dev.weir.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Configuration;
import dev.weir.config.web.WebRequest;
import dev.weir.config.web.WebResponse;
import dev.weir.config.web.WebSpec;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.action.Action;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.model.Model;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.web.http.Routes;
import dev.weir.web.http.RoutesAccess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the API says of a model, without a network. */
class ApiTest {
    private static final String ROOT = "/api/v1/servers/localhost";
    private static final UUID RULE = UUID.fromString("41111111-2222-3333-4444-555555555555");
    private static final Pattern SAMPLE =
            Pattern.compile("[a-z_0-9]+(\\{([a-z]+=\"([^\"\\\\\n]|\\\\[\\\\n\"])*\",?)*})? -?[0-9.E+-]+");

    private final Model model = new Model();
    private final Configuration configuration = new Configuration();
    private final Routes routes = new Api(model, () -> configuration, "1.2.3")
            .addTo(new Routes(() -> configuration.web, () -> configuration.webHandlers));

    @TempDir
    Path folder;

    @BeforeEach
    void prepare() {
        configuration.web = new WebSpec(
                null,
                null,
                WebSpec.DEFAULT.acl(),
                Map.of(),
                new WebSpec.Access(false, false, false, false),
                false,
                100,
                false,
                "");
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("192.0.2.1:53", 53));
        spec.name = "o\"n\\e\n";
        spec.healthMode = BackendSpec.HealthMode.UP;
        spec.pools = List.of("", "abuse");
        model.addBackend(new Backend(spec.build()));
        model.pool("").setCache(new PacketCache(CacheSpec.of(1000), 1, bound -> 0));
        model.rules().add(Rule.of(new LogicSelector.All(), new Action.Drop(), RULE, "named"));
        model.rules().add(Rule.of(new LogicSelector.All(), new Action.Allow(), RULE, ""));
        for (Protocol protocol : List.of(Protocol.DO_UDP, Protocol.DO_TCP, Protocol.DO_UDP, Protocol.DO_TCP)) {
            model.engine().addFrontend(new Frontend(Endpoint.parse("127.0.0.1:53", 53), protocol, false));
        }
        model.start();
    }

    private WebResponse ask(String method, String path, Map<String, String> parameters, String body) {
        return RoutesAccess.answer(routes, new WebRequest(method, path, 11, Map.of(), parameters, Map.of(), body));
    }

    private String get(String path) {
        WebResponse response = ask("GET", path, Map.of(), "");
        assertThat(response.status()).isEqualTo(200);
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void metricsAreWellFormed() {
        List<String> lines = get("/metrics").lines().toList();
        String name = "";
        for (String line : lines) {
            if (line.startsWith("# HELP ")) {
                name = line.split(" ", -1)[2];
            } else if (line.startsWith("# TYPE ")) {
                assertThat(line).matches("# TYPE " + name + " (counter|gauge|histogram)");
            } else {
                assertThat(line).matches(SAMPLE).startsWith(name);
            }
        }
        List<String> heads =
                lines.stream().filter(line -> line.startsWith("# TYPE")).toList();
        assertThat(heads).as("each name once").doesNotHaveDuplicates();
        assertThat(lines.stream().filter(line -> !line.startsWith("#"))).doesNotHaveDuplicates();
    }

    @Test
    void healthChecksHaveBuckets() {
        for (long micros : new long[] {900, 1_000, 1_001, 60_000, 5_000_000}) {
            model.backends().getFirst().health().checkTook(micros);
        }
        String labels = "{server=\"o\\\"n\\\\e\\n\",address=\"192.0.2.1:53\"";
        String name = "dnsdist_server_healthchecklatency_histo";
        assertThat(get("/metrics").lines())
                .containsSubsequence(
                        "# TYPE " + name + " histogram",
                        name + "_bucket" + labels + ",le=\"1\"} 2",
                        name + "_bucket" + labels + ",le=\"10\"} 3",
                        name + "_bucket" + labels + ",le=\"50\"} 3",
                        name + "_bucket" + labels + ",le=\"100\"} 4",
                        name + "_bucket" + labels + ",le=\"1000\"} 4",
                        name + "_bucket" + labels + ",le=\"+Inf\"} 5",
                        name + "_sum" + labels + "} 5062",
                        name + "_count" + labels + "} 5");
    }

    @Test
    void metricsHaveTheirLabels() {
        assertThat(get("/metrics").lines())
                .contains(
                        "dnsdist_server_status{server=\"o\\\"n\\\\e\\n\",address=\"192.0.2.1:53\"} 1",
                        "dnsdist_frontend_queries{frontend=\"127.0.0.1:53\",proto=\"UDP\",thread=\"0\"} 0",
                        "dnsdist_frontend_queries{frontend=\"127.0.0.1:53\",proto=\"UDP\",thread=\"1\"} 0",
                        "dnsdist_frontend_tcpgaveup{frontend=\"127.0.0.1:53\",proto=\"TCP\",thread=\"1\"} 0",
                        "dnsdist_pool_servers{pool=\"_default_\"} 1",
                        "dnsdist_pool_servers{pool=\"abuse\"} 1",
                        "dnsdist_pool_cache_size{pool=\"_default_\"} 1000",
                        "dnsdist_rule_hits{id=\"named\"} 0",
                        "dnsdist_rule_hits{id=\"" + RULE + "\"} 0",
                        "dnsdist_latency_bucket{le=\"+Inf\"} 0",
                        "dnsdist_latency_count 0",
                        "dnsdist_info{version=\"1.2.3\"} 1",
                        "# TYPE dnsdist_latency histogram")
                .noneMatch(line -> line.startsWith("dnsdist_frontend_tcp") && line.contains("UDP"))
                .noneMatch(line -> line.startsWith("dnsdist_pool_cache") && line.contains("abuse"));
    }

    @Test
    void anInstanceIsALabelOfEverySample() {
        WebSpec now = configuration.web;
        configuration.serverId = "ns1";
        configuration.web = new WebSpec(null, null, now.acl(), Map.of(), now.access(), true, 100, false, "");
        assertThat(get("/metrics").lines().filter(line -> !line.startsWith("#")))
                .allMatch(line -> line.contains("instance=\"ns1\"}"))
                .contains("dnsdist_queries{instance=\"ns1\"} 0", "dnsdist_rule_hits{id=\"named\",instance=\"ns1\"} 0");
    }

    @Test
    void theStatusOfTheWhole() {
        String status = get(ROOT);
        assertThat(status)
                .startsWith("{\"acl\": \"")
                .contains(
                        "\"daemon_type\": \"dnsdist\"",
                        "\"version\": \"1.2.3\"",
                        "\"name\": \"o\\\"n\\\\e\\n\"",
                        "\"pools\": [\"\", \"abuse\"]",
                        "\"state\": \"UP\"",
                        "\"uuid\": \"" + RULE + "\"",
                        "\"dohFrontends\": []",
                        "\"server-policy\": \"leastOutstanding\"");
        assertThat(get(ROOT + "/statistics"))
                .contains("{\"name\": \"queries\", \"type\": \"StatisticItem\", \"value\": 0}")
                .doesNotContain("special-memory-usage");
    }

    @Test
    void pools() {
        assertThat(ask("GET", ROOT + "/pool", Map.of(), "").status()).isEqualTo(400);
        assertThat(ask("GET", ROOT + "/pool", Map.of("name", "no"), "").status())
                .isEqualTo(404);
        WebResponse pool = ask("GET", ROOT + "/pool", Map.of("name", "abuse"), "");
        assertThat(new String(pool.body(), StandardCharsets.UTF_8))
                .startsWith("{\"servers\": [{\"address\": \"192.0.2.1:53\"")
                .contains("\"stats\": {\"cacheCleanupCount\": 0");
    }

    @Test
    void theAclIsReplacedWhereThatIsAllowed() throws Exception {
        String path = ROOT + "/config/allow-from";
        String body = "{\"type\": {\"x\": [1]}, \"value\": [\"192.0.2.0/24\", \"::1\"]}";
        assertThat(ask("PUT", path, Map.of(), body).status()).isEqualTo(405);
        configuration.web = configuration.web.withApiWritable(true, folder.toString());
        assertThat(ask("PUT", path, Map.of(), body).status()).isEqualTo(200);
        assertThat(model.acl()).hasToString("192.0.2.0/24, ::1/128");
        assertThat(get(path)).contains("\"value\": [\"192.0.2.0/24\", \"::1/128\"]");
        assertThat(Files.readString(folder.resolve("acl.conf")))
                .startsWith("--")
                .endsWith("\nsetACL({\"192.0.2.0/24\", \"::1/128\"})\n");
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "{}",
                "{\"value\": 1}",
                "{\"value\": [1]}",
                "{\"value\": [\"x\"]}",
                "{\"value\": [\"192.0.2.0/33\"]}",
                "{\"value\": [\"192.0.2.1\""
            })
    void whatIsNoListOfNetworksChangesNothing(String body) {
        configuration.web = configuration.web.withApiWritable(true, "");
        String acl = model.acl().toString();
        assertThat(ask("PUT", ROOT + "/config/allow-from", Map.of(), body).status())
                .isEqualTo(400);
        assertThat(model.acl()).hasToString(acl);
    }

    @Test
    void cachesAreExpunged() {
        String path = "/api/v1/cache";
        assertThat(ask("DELETE", path, Map.of("pool", ""), "").status()).isEqualTo(400);
        assertThat(ask("DELETE", path, Map.of("pool", "no", "name", "a."), "").status())
                .isEqualTo(404);
        assertThat(ask("DELETE", path, Map.of("pool", "abuse", "name", "a."), "")
                        .status())
                .isEqualTo(404);
        assertThat(ask("DELETE", path, Map.of("pool", "", "name", "a..b"), "").status())
                .isEqualTo(400);
        assertThat(ask("DELETE", path, Map.of("pool", "", "name", "a.", "type", "?"), "")
                        .status())
                .isEqualTo(400);
        WebResponse gone = ask("DELETE", path, Map.of("pool", "", "name", "a.", "suffix", ""), "");
        assertThat(new String(gone.body(), StandardCharsets.UTF_8))
                .isEqualTo("{\"count\": \"0\", \"status\": \"purged\"}");
    }

    @Test
    void settingsRingsAndBlocks() {
        assertThat(get(ROOT + "/config"))
                .contains("{\"name\": \"ecs-source-prefix-v4\", \"type\": \"ConfigSetting\", \"value\": 24}");
        assertThat(get(ROOT + "/rings")).isEqualTo("{\"queries\": [], \"responses\": []}");
        assertThat(ask("GET", ROOT + "/rings", Map.of("maxQueries", "x"), "").status())
                .isEqualTo(400);
        for (String command : List.of("dynblocklist", "ebpfblocklist")) {
            WebResponse blocks = ask("GET", "/jsonstat", Map.of("command", command), "");
            assertThat(new String(blocks.body(), StandardCharsets.UTF_8)).isEqualTo("{}");
        }
        WebResponse stats = ask("GET", "/jsonstat", Map.of("command", "stats"), "");
        assertThat(new String(stats.body(), StandardCharsets.UTF_8)).contains("\"packetcache-hits\": 0");
        assertThat(ask("GET", "/jsonstat", Map.of(), "").status()).isEqualTo(404);
    }

    @Test
    void keysAreInOrder() {
        List<String> keys = new ArrayList<>();
        Pattern.compile("\"([^\"]+)\": ")
                .matcher(Json.of(Map.of("b", 1, "a", 2.5, "c", Double.NaN)))
                .results()
                .forEach(key -> keys.add(key.group(1)));
        assertThat(keys).isEqualTo(List.copyOf(new TreeSet<>(keys)));
        assertThat(Json.of(List.of(1L, 2.5, 3.0, "é\u0001", true))).isEqualTo("[1, 2.5, 3, \"é\\u0001\", true]");
    }
}
