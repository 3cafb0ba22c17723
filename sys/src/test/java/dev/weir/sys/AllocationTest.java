package dev.weir.sys;

import static dev.weir.sys.Loopback.bound;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** The whole path of a datagram in both directions leaves no garbage once compiled. */
class AllocationTest {
    private static final int BATCH = 32;
    private static final int ROUNDS = 3_200;
    private static final int WARM_UP_ROUNDS = 3_200;

    private final byte[] buffer = new byte[512];
    private long received;

    @Test
    void steadyStateAllocatesNothing() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (UdpSocket server = UdpSocket.open(4);
                UdpSocket client = bound(Loopback.V4);
                Epoll epoll = new Epoll(4);
                EventFd wake = new EventFd();
                SendBatch out = new SendBatch(BATCH, 512, true);
                ReceiveBatch in = new ReceiveBatch(BATCH, 512)) {
            server.receivePacketInfo();
            server.bind(new Endpoint(4, 0, 0, 0, 0));
            int port = server.localEndpoint().port();
            epoll.add(server.fd(), Epoll.READABLE, 1);
            epoll.add(wake.fd(), Epoll.READABLE, 2);
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                round(server, client, port, epoll, wake, out, in);
            }
            received = 0;
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                round(server, client, port, epoll, wake, out, in);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(received).isEqualTo(2L * BATCH * ROUNDS);
            // Compilation that falls back to the interpreter for a moment may box a few arguments: far below one byte
            // per datagram.
            assertThat((double) allocated / received).isLessThan(0.5);
        }
    }

    private void round(
            UdpSocket server, UdpSocket client, int port, Epoll epoll, EventFd wake, SendBatch out, ReceiveBatch in) {
        wake.signal();
        while (out.add(buffer, 0, 64, 4, 0, Loopback.V4.lo(), port, 0)) {}
        out.flush(client);
        for (int ready = epoll.await(5_000), e = 0; e < ready; e++) {
            if (epoll.tag(e) == 2) {
                wake.drain();
            } else {
                echo(server, out, in);
            }
        }
        received += in.receive(client);
    }

    private void echo(UdpSocket server, SendBatch out, ReceiveBatch in) {
        int count = in.receive(server);
        received += count;
        for (int i = 0; i < count; i++) {
            int length = in.truncated(i) ? 0 : in.copyPayload(i, buffer, 0);
            out.add(
                    buffer,
                    0,
                    length,
                    in.sourceFamily(i),
                    in.sourceHi(i),
                    in.sourceLo(i),
                    in.sourcePort(i),
                    in.sourceScopeId(i),
                    in.localHi(i),
                    in.localLo(i),
                    0);
        }
        out.flush(server);
    }
}
