package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NsdServer;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TestZone;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Do zone transfers, answers of many messages, pass unchanged and uncached? */
class TransferTest {
    private static final DnsQuery AXFR =
            DnsQuery.of(TestZone.NAME, DnsMessage.AXFR).withId(7);

    private static NsdServer nsd;

    @BeforeAll
    static void start() {
        nsd = NsdServer.withZone(TestZone.NAME, TestZone.masterFile());
    }

    @AfterAll
    static void stop() {
        nsd.close();
    }

    /** The messages of a transfer up to the closing SOA. */
    private static List<byte[]> transfer(TcpClient client) {
        List<byte[]> messages = new ArrayList<>();
        client.send(AXFR.packet());
        for (int soas = 0; soas < 2; ) {
            byte[] packet = client.receive();
            messages.add(packet);
            soas += (int) DnsMessage.parse(packet).answers().stream()
                    .filter(rr -> rr.type() == DnsMessage.SOA)
                    .count();
        }
        return messages;
    }

    private static List<byte[]> transferFrom(InetSocketAddress server) {
        try (TcpClient client = TcpClient.to(server)) {
            return transfer(client);
        }
    }

    @Test
    void wholeZoneUnchanged() {
        try (DnsProcess subject = DnsProcess.start("newServer(\"%s\")\n".formatted(nsd.hostPort()))) {
            List<byte[]> direct = transferFrom(LoopbackPorts.address(nsd.port()));
            List<byte[]> through = transferFrom(subject.address());
            assertThat(direct).hasSizeGreaterThan(10);
            assertThat(through).hasSameSizeAs(direct);
            for (int i = 0; i < direct.size(); i++) {
                assertThat(through.get(i)).as("message " + i).isEqualTo(direct.get(i));
            }
        }
    }

    @Test
    void neverCached() {
        try (DnsProcess subject =
                DnsProcess.start("newServer(\"%s\")\npc = newPacketCache(100)\ngetPool(\"\"):setCache(pc)\n"
                        .formatted(nsd.hostPort()))) {
            assertThat(transferFrom(subject.address())).hasSameSizeAs(transferFrom(subject.address()));
            assertThat(subject.console("pc:printStats()")).contains("Entries: 0/100");
            assertThat(subject.counter("cache-hits")).isZero();
        }
    }

    @Test
    void connectionEndsWithTheTransfer() {
        try (DnsProcess subject =
                        DnsProcess.start("newServer(\"%s\")\nsetTCPRecvTimeout(10)\n".formatted(nsd.hostPort()));
                TcpClient client = subject.tcp()) {
            transfer(client);
            assertThat(client.closedWithin(Await.PATIENCE)).isTrue();
        }
    }
}
