package dev.weir.script.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Statistics;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers, their pools and their rates; the texts are dnsdist 1.7.3's but for the TCP column, which it did not have yet. */
class ServerListingTest {
    private static final StatShard MINE = new Statistics().takeShard();

    private static final long SECOND = 1_000_000_000L;

    private final Model model = new Model();

    private final Backend main = main();
    private final Backend nameless = nameless();

    private static Backend main() {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("127.0.0.1:15313", 53));
        spec.name = "a-name-longer-than-twenty-chars";
        spec.id = "11111111-2222-3333-4444-555555555555";
        spec.qps = 1000;
        spec.order = 3;
        spec.weight = 7;
        spec.pools = List.of("", "a");
        return new Backend(spec.build());
    }

    private static Backend nameless() {
        BackendSpec.Builder spec =
                BackendSpec.of(Endpoint.parse("[fd00:1111:2222:3333:4444:5555:6666:7777]:15314", 53));
        spec.qps = 123_456_789;
        spec.weight = 1_234_567;
        spec.pools = List.of("zpool", "a", "bpool");
        return new Backend(spec.build());
    }

    @BeforeEach
    void configure() {
        model.addBackend(main);
        model.addBackend(nameless);
        main.health().force(false);
        nameless.health().force(true);
    }

    @Test
    void beforeTheFirstQuery() {
        assertThat(ServerListing.show(model, false)).isEqualTo("""
                #   Name                 Address                       State     Qps    Qlim Ord Wt    Queries   Drops Drate   Lat   TCP Outstanding Pools
                0   [fd00:1111:2222:3333 [fd00:1111:2222:3333:4444:5555:6666:7777]:15314    UP     0.0 123456789   1 1234567          0       0   0.0     -     -           0 a bpool zpool
                1   a-name-longer-than-t 127.0.0.1:15313                DOWN     0.0    1000   3  7          0       0   0.0     -     -           0 a
                All                                                              0.0                         0       0                              \s
                """);
    }

    @Test
    void withUuids() {
        assertThat(ServerListing.show(model, List.of(main), true)).isEqualTo("""
                #   UUID                                 Name                 Address                       State     Qps    Qlim Ord Wt    Queries   Drops Drate   Lat   TCP Outstanding Pools
                0   11111111-2222-3333-4444-555555555555 a-name-longer-than-t 127.0.0.1:15313                DOWN     0.0    1000   3  7          0       0   0.0     -     -           0 a
                All                                                                                                   0.0                         0       0                              \s
                """);
    }

    @Test
    void ratesAndLatencies() {
        main.sampleRates(SECOND);
        nameless.sampleRates(SECOND);
        for (int i = 0; i < 29; i++) {
            main.querySent(MINE);
        }
        for (int i = 0; i < 9; i++) {
            nameless.querySent(MINE);
        }
        main.drops().add(3);
        main.answered(MINE, 1234, false);
        main.answered(MINE, 5678, true);
        main.sampleRates(11 * SECOND);
        nameless.sampleRates(11 * SECOND);
        List<String> lines = ServerListing.show(model, List.of(main, nameless), false)
                .lines()
                .toList();
        assertThat(lines.get(1))
                .isEqualTo(
                        "0   a-name-longer-than-t 127.0.0.1:15313                DOWN     2.9    1000   3  7         29"
                                + "       3   0.3   1.2   5.7          29 a");
        assertThat(lines.getLast())
                .as("whole queries per second of each server, added up")
                .startsWith(
                        "All                                                              2.0                        38"
                                + "       3 ");
    }

    @Test
    void poolsAreThoseThatHoldTheServerNow() {
        model.pool("zpool").remove(nameless);
        model.pool("new").add(nameless);
        assertThat(ServerListing.show(model, List.of(nameless), false)
                        .lines()
                        .toList()
                        .get(1))
                .endsWith(" 0 a bpool new");
    }
}
