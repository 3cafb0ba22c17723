package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.BulkExchange;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NsdServer;
import dev.weir.testkit.TestZone;
import dev.weir.testkit.UnboundServer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Does an answer arrive as the server behind gave it, byte for byte after the id? */
class AnswersAreUnchangedTest {
    private static final int QUERIES = 20_000;
    private static final int UNBOUND_QUERIES = 2_000;

    private static NsdServer nsd;
    private static List<DnsQuery> questions;

    /** The same questions in the ways clients put them. */
    private enum Way {
        UDP(false, q -> q),
        UDP_EDNS(false, q -> q.edns(1232)),
        UDP_DNSSEC(false, q -> q.edns(4096).withDnssecOk()),
        TCP(true, q -> q),
        TCP_DNSSEC(true, q -> q.edns(1232).withDnssecOk());

        private final boolean stream;
        private final UnaryOperator<DnsQuery> put;

        Way(boolean stream, UnaryOperator<DnsQuery> put) {
            this.stream = stream;
            this.put = put;
        }

        /** Its share of {@code all}: types repeat every ten questions, so the way changes every ten. */
        private List<byte[]> share(List<DnsQuery> all) {
            List<byte[]> share = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                if (i / 10 % values().length == ordinal()) {
                    share.add(put.apply(all.get(i)).packet());
                }
            }
            return share;
        }

        private List<byte[]> ask(InetSocketAddress server, List<byte[]> packets) {
            return stream ? BulkExchange.tcp(server, packets) : BulkExchange.udp(server, packets);
        }
    }

    @BeforeAll
    static void startBackend() {
        nsd = NsdServer.withSignedTestZone();
        questions = TestZone.queries(QUERIES);
    }

    @AfterAll
    static void stopBackend() {
        nsd.close();
    }

    @Test
    void uncached() {
        try (DnsProcess subject = DnsProcess.start("newServer(\"%s\")\n".formatted(nsd.hostPort()))) {
            assertSame(nsd.port(), subject, questions, DnsMessage::withoutId);
        }
    }

    @Test
    void cached() {
        String config = """
                newServer("%s")
                pc = newPacketCache(100000, {maxTTL=86400})
                getPool(""):setCache(pc)
                """.formatted(nsd.hostPort());
        try (DnsProcess subject = DnsProcess.start(config)) {
            assertSame(nsd.port(), subject, questions, DnsMessage::withoutIdAndTtls);
            long hitsBefore = subject.counter("cache-hits");
            assertSame(nsd.port(), subject, questions, DnsMessage::withoutIdAndTtls);
            // Not every answer may be stored: TC without records, and more than 4096 bytes.
            assertThat(subject.counter("cache-hits") - hitsBefore).isGreaterThan(QUERIES * 85L / 100);
        }
    }

    @Test
    void fromResolver() {
        // A resolver would follow delegations out of this machine.
        List<DnsQuery> some = new ArrayList<>();
        for (int i = 0; some.size() < UNBOUND_QUERIES - 1; i++) {
            if (i % 10 != TestZone.DELEGATED) {
                some.add(questions.get(i));
            }
        }
        some.add(DnsQuery.of("static.local.", DnsMessage.A));
        try (UnboundServer unbound = UnboundServer.stubFor(TestZone.NAME, nsd.port(), "static.local. A 192.0.2.77");
                DnsProcess subject = DnsProcess.start(
                        "newServer({address=\"%s\", checkName=\"static.local.\"})\n".formatted(unbound.hostPort()))) {
            for (Way way : Way.values()) {
                way.ask(LoopbackPorts.address(unbound.port()), way.share(some));
            }
            assertSame(unbound.port(), subject, some, DnsMessage::withoutIdAndTtls);
        }
    }

    private static void assertSame(
            int backendPort, DnsProcess subject, List<DnsQuery> queries, UnaryOperator<byte[]> comparable) {
        int compared = 0;
        for (Way way : Way.values()) {
            List<byte[]> packets = way.share(queries);
            List<byte[]> direct = way.ask(LoopbackPorts.address(backendPort), packets);
            List<byte[]> through = way.ask(subject.address(), packets);
            for (int i = 0; i < packets.size(); i++) {
                assertThat(comparable.apply(through.get(i)))
                        .as("%s %s", way, DnsMessage.parse(packets.get(i)).question())
                        .isEqualTo(comparable.apply(direct.get(i)));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(queries.size());
    }
}
