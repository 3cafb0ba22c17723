package dev.weir.engine.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.model.Model;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.Metric;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Can every figure be read and told from every other, by each name it has? */
class MetricsTest {
    private static final Endpoint ADDRESS = Endpoint.parse("192.0.2.1:53", 53);

    private static List<Metric> all() {
        return Stream.<Metric[]>of(
                        Counter.values(),
                        GlobalMetric.values(),
                        BackendMetric.values(),
                        FrontendMetric.values(),
                        PoolMetric.values(),
                        CacheMetric.values())
                .flatMap(Stream::of)
                .toList();
    }

    @Test
    void namesForPrometheusAreItsOwnAndUnique() {
        List<String> names = all().stream()
                .map(Metric::prometheusName)
                .filter(name -> !name.isEmpty())
                .toList();
        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("(dnsdist|weir)_[a-z0-9_]+"));
        assertThat(names)
                .hasSizeGreaterThan(140)
                .contains(
                        "dnsdist_latency0_1",
                        "dnsdist_acl_drops",
                        "weir_dyn_block_overflows_total",
                        "weir_survived_errors_total",
                        "dnsdist_udp6_in_csum_errors",
                        "dnsdist_server_tcpdiedreadingresponse",
                        "dnsdist_frontend_tcpavgreadios",
                        "dnsdist_pool_cache_cleanup_count_total")
                .doesNotContain("dnsdist_latency_sum", "dnsdist_special_memory_usage", "dnsdist_latency_doh3_avg100");
    }

    @Test
    void namesOfOneOwnerAreUniqueAndEachHasItsSentence() {
        List<String> globals = Stream.<Metric[]>of(Counter.values(), GlobalMetric.values())
                .flatMap(Stream::of)
                .map(Metric::metric)
                .toList();
        assertThat(globals).doesNotHaveDuplicates();
        assertThat(BackendMetric.values())
                .extracting(BackendMetric::carbonName)
                .filteredOn(name -> !name.isEmpty())
                .doesNotHaveDuplicates()
                .contains("tcpdiedreaddingresponse", "latency", "latencytcp")
                .doesNotContain("status", "weight");
        assertThat(all()).allSatisfy(metric -> {
            assertThat(metric.sentence()).isNotBlank().doesNotEndWith(".");
            boolean ofProcess = metric instanceof Counter || metric instanceof GlobalMetric;
            assertThat(metric.labels().isEmpty()).isEqualTo(ofProcess);
        });
    }

    /** A backend that nobody asked has 0 everywhere but where it says what it is. */
    @Test
    void eachCanBeRead() {
        Backend backend = new Backend(BackendSpec.of(ADDRESS).build());
        assertThat(BackendMetric.values())
                .filteredOn(metric -> metric.read(backend).doubleValue() != 0)
                .containsExactlyInAnyOrder(BackendMetric.ORDER, BackendMetric.WEIGHT);
        backend.stream().opened();
        backend.stream().diedReadingResponse.increment();
        assertThat(BackendMetric.TCPCURRENTCONNECTIONS.read(backend)).isEqualTo(1L);
        assertThat(BackendMetric.TCPDIEDREADINGRESPONSE.read(backend)).isEqualTo(1L);

        Frontend frontend = new Frontend(ADDRESS, Protocol.DO_TCP, false);
        frontend.stream().opened();
        frontend.stream().closed(4, 30, 5);
        assertThat(FrontendMetric.values())
                .filteredOn(metric -> metric.read(frontend).doubleValue() != 0)
                .containsExactlyInAnyOrder(
                        FrontendMetric.TCPMAXCONCURRENTCONNECTIONS,
                        FrontendMetric.TCPAVGQUERIESPERCONNECTION,
                        FrontendMetric.TCPAVGCONNECTIONDURATION,
                        FrontendMetric.TCPAVGREADIOS);

        PacketCache cache = new PacketCache(CacheSpec.of(100), 1, bound -> 0);
        assertThat(CacheMetric.SIZE.read(cache.stats())).isEqualTo(100);

        Model model = new Model();
        model.addBackend(backend);
        PoolView pool = PoolView.all(model).getFirst();
        assertThat(PoolMetric.SERVERS.read(pool)).isEqualTo(1);
        assertThat(PoolMetric.ACTIVE_SERVERS.read(pool)).isZero();
        assertThat(GlobalFigures.read(model.engine(), new ProcFigures(Path.of("/proc"))))
                .hasSize(Counter.values().length + GlobalMetric.values().length)
                .allSatisfy(sample -> assertThat(sample.value()).isNotNull());
    }
}
