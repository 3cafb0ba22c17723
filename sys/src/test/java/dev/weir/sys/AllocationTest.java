package dev.weir.sys;

import static dev.weir.sys.Loopback.bound;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The whole path of a datagram in both directions leaves no garbage once compiled. When that is nobody knows on a busy machine, so the path is
 * walked until {@value #ROUNDS} rounds in a row leave none; code that allocates never gets there.
 */
class AllocationTest {
    private static final int BATCH = 32;
    private static final int ROUNDS = 3_200;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int SERVER = 1;
    private static final int WAKE = 2;
    private static final int CLIENT = 3;

    private static final long REPLY_NANOS = 5_000_000_000L;

    private final byte[] buffer = new byte[512];
    private final DatagramPath path = new DatagramPath();
    private int serverPort;
    private int clientPort;
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
            server.bind(new InetEndpoint(4, 0, 0, 0, 0));
            serverPort = server.localEndpoint().port();
            clientPort = client.localEndpoint().port();
            epoll.add(server.fd(), Epoll.READABLE, SERVER);
            epoll.add(wake.fd(), Epoll.READABLE, WAKE);
            epoll.add(client.fd(), Epoll.READABLE, CLIENT);
            long allocated = Long.MAX_VALUE;
            for (long start = System.nanoTime(); allocated > 0 && System.nanoTime() - start < PATIENCE.toNanos(); ) {
                received = 0;
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < ROUNDS; i++) {
                    round(server, client, epoll, wake, out, in);
                }
                allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertThat(received).isEqualTo(2L * BATCH * ROUNDS);
            }
            assertThat(allocated)
                    .as("octets of garbage left by %s datagrams", received)
                    .isZero();
        }
    }

    /**
     * Sends a batch and waits until all of it has come back: a busy kernel delivers later, and in parts, and wakes for a signal, too. What others
     * send to a port that the kernel has just given us is not ours and does not count.
     */
    private void round(UdpSocket server, UdpSocket client, Epoll epoll, EventFd wake, SendBatch out, ReceiveBatch in) {
        wake.signal();
        while (out.add(buffer, 0, 64, path.to(4, 0, Loopback.V4.lo(), serverPort, 0))) {}
        out.flush(client);
        long sent = System.nanoTime();
        for (int back = 0; back < BATCH; ) {
            int ready = epoll.await(5_000);
            if (ready < 0 || ready == 0 && System.nanoTime() - sent >= REPLY_NANOS) {
                throw new AssertionError("only " + back + " of " + BATCH + " datagrams came back: " + ready);
            }
            for (int e = 0; e < ready; e++) {
                switch (epoll.tag(e)) {
                    case SERVER -> echo(server, out, in);
                    case WAKE -> wake.drain();
                    default -> {
                        int count = in.receive(client);
                        for (int i = 0; i < count; i++) {
                            if (in.sourcePort(i) == serverPort) {
                                received++;
                                back++;
                            }
                        }
                    }
                }
            }
        }
    }

    private void echo(UdpSocket server, SendBatch out, ReceiveBatch in) {
        int count = in.receive(server);
        for (int i = 0; i < count; i++) {
            if (in.sourcePort(i) != clientPort) {
                continue;
            }
            received++;
            int length = in.truncated(i) ? 0 : in.copyPayload(i, buffer, 0);
            out.add(
                    buffer,
                    0,
                    length,
                    path.to(in.sourceFamily(i), in.sourceHi(i), in.sourceLo(i), in.sourcePort(i), in.sourceScopeId(i))
                            .from(in.localHi(i), in.localLo(i), 0));
        }
        out.flush(server);
    }
}
