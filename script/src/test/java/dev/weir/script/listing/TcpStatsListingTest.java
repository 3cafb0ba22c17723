package dev.weir.script.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.model.Model;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The three sections of {@code showTCPStats()}. */
class TcpStatsListingTest {
    private final Model model = new Model();

    @BeforeEach
    void connections() {
        Frontend frontend = new Frontend(Endpoint.parse("127.0.0.1:15311", 53), Protocol.DO_TCP, true);
        frontend.stream().opened();
        frontend.stream().opened();
        frontend.stream().closed(3, 1500, 4);
        frontend.stream().diedSendingResponse.add(8);
        model.engine().addFrontend(frontend);
        Backend backend = new Backend(
                BackendSpec.of(Endpoint.parse("127.0.0.1:15313", 53)).build());
        backend.stream().opened();
        backend.stream().tooManyConcurrentConnections.add(5);
        model.addBackend(backend);
    }

    private List<String> lines() {
        return TcpStatsListing.show(model, 2).lines().toList();
    }

    @Test
    void workers() {
        assertThat(lines().subList(0, 3))
                .containsExactly(
                        "Workers      Max Workers  Queued       Max Queued  ",
                        "2            10           0            10000       ",
                        "");
    }

    @Test
    void frontends() {
        assertThat(lines().get(3)).isEqualTo("Frontends:");
        assertThat(lines().get(4))
                .isEqualTo("#   Address              Connections          Max concurrent conn  Died reading query   "
                        + "Died sending response     Gave up              Client timeouts      Downstream timeouts  "
                        + "Avg queries/conn     Avg duration         Avg read IOs/conn    TLS new sessions     "
                        + "TLS Resumptions      TLS unknown ticket keys   TLS inactive ticket keys  TLS 1.0         "
                        + "TLS 1.1         TLS 1.2         TLS 1.3         TLS other      ");
        assertThat(lines().get(5))
                .isEqualTo("0   127.0.0.1:15311      1                    2                    0                    "
                        + "8                         0                    0                    0                    "
                        + "3.000000             1500.000000          4.000000             0                    "
                        + "0                    0                         0                         0               "
                        + "0               0               0               0              ");
    }

    @Test
    void backends() {
        assertThat(lines().subList(6, 8)).containsExactly("", "Backends:");
        assertThat(lines().get(8))
                .isEqualTo("#   Name                 Address              Connections          Max concurrent conn  "
                        + "Died sending query        Died reading response     Gave up              Read timeouts        "
                        + "Write timeouts       Connect timeouts     Too many conn        Total connections    "
                        + "Reused connections   TLS resumptions      Avg queries/conn     Avg duration        ");
        assertThat(lines().get(9))
                .isEqualTo("0   127.0.0.1:15313      127.0.0.1:15313      1                    1                    "
                        + "0                         0                         0                    0                    "
                        + "0                    0                    5                    1                    "
                        + "0                    0                    0.000000             0.000000            ");
    }
}
