package dev.weir.web.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Configuration;
import dev.weir.config.change.ReloadHistory;
import dev.weir.config.change.ReloadReport;
import dev.weir.config.web.WebRequest;
import dev.weir.config.web.WebResponse;
import dev.weir.config.web.WebSpec;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.view.BlockView;
import dev.weir.web.http.Routes;
import dev.weir.web.http.RoutesAccess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the dashboard's commands do to a model, and what they refuse. */
class CommandsTest {
    private final Model model = new Model();
    private final Configuration configuration = new Configuration();
    private final Routes routes = new Dashboard(
                    model,
                    () -> configuration,
                    dryRun -> ReloadReport.failed("planted"),
                    List::of,
                    new ReloadHistory(),
                    "1")
            .addTo(new Routes(() -> configuration.web, () -> configuration.webHandlers));
    private final Backend server;

    CommandsTest() {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("192.0.2.1:53", 53));
        spec.id = "41111111-2222-3333-4444-555555555555";
        spec.healthMode = BackendSpec.HealthMode.UP;
        server = new Backend(spec.build());
        model.addBackend(server);
        model.start();
    }

    @BeforeEach
    void writable() {
        settings(true);
    }

    private void settings(boolean writable) {
        configuration.web = new WebSpec(
                null,
                "key",
                WebSpec.DEFAULT.acl(),
                Map.of(),
                new WebSpec.Access(true, true, true, false),
                false,
                100,
                writable,
                "");
    }

    private String post(String path, String body) {
        WebResponse response = RoutesAccess.answer(
                routes,
                new WebRequest(
                        "POST", "/api/v1/weir/" + path, 11, Map.of("x-api-key", "key"), Map.of(), Map.of(), body));
        return response.status() + " " + new String(response.body(), StandardCharsets.UTF_8);
    }

    private List<String> blocks() {
        return BlockView.all(model.engine().blocks(), System.nanoTime()).stream()
                .map(BlockView::key)
                .toList();
    }

    @Test
    void clientsAndNamesAreBlockedForATime() {
        assertThat(post("block", "{\"client\":\"192.0.2.7\",\"seconds\":60,\"reason\":\"why\"}"))
                .startsWith("200");
        assertThat(post("block", "{\"client\":\"2001:db8::/48\"}")).startsWith("200");
        assertThat(post("block", "{\"suffix\":\"Bad.Example\",\"seconds\":\"3600\"}"))
                .startsWith("200");
        assertThat(blocks()).hasSize(3).contains("192.0.2.7/32", "2001:db8::/48");
        BlockView first =
                BlockView.all(model.engine().blocks(), System.nanoTime()).getFirst();
        assertThat(first.reason()).isEqualTo("why");
        assertThat(first.secondsLeft()).isBetween(50L, 60L);

        assertThat(post("unblock", "{\"client\":\"192.0.2.7\"}")).startsWith("200");
        assertThat(post("unblock", "{\"suffix\":\"bad.example.\"}")).startsWith("200");
        assertThat(blocks()).containsExactly("2001:db8::/48");
        assertThat(post("unblock", "{\"client\":\"192.0.2.7\"}"))
                .startsWith("400")
                .contains("192.0.2.7/32 is not blocked");
        assertThat(post("block", "{\"client\":\"192.0.2.7\"}")).as("and again").startsWith("200");
        assertThat(blocks()).contains("192.0.2.7/32");
    }

    @Test
    void serversAreSetUpAndDown() {
        String id = "{\"id\":\"" + server.id() + "\",\"state\":";
        assertThat(post("server", id + "\"down\"}")).startsWith("200");
        assertThat(server.isUp()).isFalse();
        assertThat(post("server", id + "\"up\"}")).startsWith("200");
        assertThat(server.isUp()).isTrue();
        assertThat(post("server", id + "\"auto\"}")).startsWith("200");
        assertThat(server.health().mode()).isEqualTo(BackendSpec.HealthMode.AUTO);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "block | {\"suffix\":\".\"} | everything",
                "block | {\"suffix\":\" \"} | a client or a suffix",
                "block | {} | a client or a suffix",
                "block | {\"client\":\"192.0.2.300\"} | 192.0.2.300",
                "block | {\"client\":\"192.0.2.1\",\"seconds\":0} | from 1 to",
                "block | {\"client\":\"192.0.2.1\",\"seconds\":\"soon\"} | not a number",
                "block | [] | not an object",
                "block | nothing | Unrecognized",
                "server | {\"id\":\"x\",\"state\":\"up\"} | no server",
                "server | {\"id\":\"41111111-2222-3333-4444-555555555555\",\"state\":\"away\"} | up, down or auto"
            })
    void whatMakesNoSenseIsRefusedInWords(String path, String body, String words) {
        assertThat(post(path, body)).startsWith("400").contains(words);
        assertThat(blocks()).isEmpty();
        assertThat(server.isUp()).isTrue();
    }

    @Test
    void aReadOnlyApiChangesNothing() {
        settings(false);
        assertThat(post("block", "{\"client\":\"192.0.2.7\"}"))
                .startsWith("405")
                .contains("setAPIWritable");
        assertThat(blocks()).isEmpty();
    }
}
