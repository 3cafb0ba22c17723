package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.model.Setting;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.TcpClient;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class IdleConnectionsTest {
    private static final Duration SOON = Await.PATIENCE;
    private static final int MANY = 2500;
    private static final byte[] QUERY =
            DnsQuery.of("www.example.", DnsMessage.A).packet();

    @AfterAll
    static void noBufferIsLost() {
        BufferLeaks.assertNone();
    }

    private static int descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void thousandsOfIdleConnectionsAreCheapAndNoneIsForgotten() throws IOException {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                Streams streams = Streams.create().backend(backend)) {
            streams.model.settings().set(Setting.TCP_RECV_TIMEOUT, 60);
            streams.start();
            for (StreamLoop _ : streams.transport.awaitLoops().loops()) {
                // Connections go to the loops in turn, and each loop keeps a connection to the backend.
                exchange(streams);
            }
            Await.until(
                    "first ones gone",
                    SOON,
                    () -> streams.counters().currentConnections.get() == 0);
            int descriptorsBefore = descriptors();
            long heapBefore = usedHeap();
            List<SocketChannel> clients = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                SocketChannel client = SocketChannel.open(streams.address());
                clients.add(client);
                client.write(ByteBuffer.wrap(TcpClient.framed(QUERY)));
                client.read(ByteBuffer.allocate(512));
            }
            assertThat(streams.counters().currentConnections.get()).isEqualTo(MANY);
            // Both ends are in this process: the figure is an upper bound.
            long each = (usedHeap() - heapBefore) / MANY;
            System.out.println("heap bytes per idle connection, client's end included: " + each);
            assertThat(each).isLessThan(12_000);
            exchange(streams);
            for (SocketChannel client : clients) {
                client.close();
            }
            Await.until(
                    "all gone",
                    SOON,
                    () -> streams.counters().currentConnections.get() == 0);
            Await.until("all closed", SOON, () -> descriptors() <= descriptorsBefore);
        }
    }

    private static void exchange(Streams streams) {
        try (TcpClient client = streams.connect()) {
            client.exchange(QUERY);
        }
    }

    @Test
    void closingTheTransportClosesAllDescriptors() {
        cycle();
        int before = descriptors();
        for (int i = 0; i < 3; i++) {
            cycle();
        }
        Await.until("descriptors closed", SOON, () -> descriptors() <= before);
    }

    private static void cycle() {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                Streams streams = Streams.create().backend(backend).start();
                TcpClient client = streams.connect()) {
            client.exchange(QUERY);
            streams.close();
            assertThat(client.closedWithin(SOON)).isTrue();
        }
    }
}
