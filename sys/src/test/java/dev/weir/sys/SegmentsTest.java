package dev.weir.sys;

import static dev.weir.sys.Loopback.bound;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams that go through the kernel as one message arrive as what they were. */
class SegmentsTest {
    private static final int SO_NO_CHECK = 11;

    /** Three destinations and three lengths, mixed: each destination gets all of its own, those of one length in order. */
    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void everyDatagramArrivesWhereItBelongs(int family) throws Exception {
        try (UdpSocket a = bound(Loopback.of(family));
                UdpSocket b = bound(Loopback.of(family));
                UdpSocket c = bound(Loopback.of(family));
                UdpSocket sender = bound(Loopback.of(family));
                SendBatch out = new SendBatch(200, 64, true)) {
            List<UdpSocket> receivers = List.of(a, b, c);
            List<List<String>> wanted = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < 200; i++) {
                InetEndpoint to = receivers.get(i % 3).localEndpoint();
                String text = "%04d".formatted(i) + "x".repeat(i % 7 % 3);
                byte[] payload = Loopback.bytes(text);
                assertThat(out.add(
                                payload,
                                0,
                                payload.length,
                                new DatagramPath().to(family, to.hi(), to.lo(), to.port(), 0)))
                        .isTrue();
                wanted.get(i % 3).add(text);
            }
            assertThat(out.flush(sender)).isEqualTo(200);
            assertThat(out.errors()).isZero();
            for (int i = 0; i < 3; i++) {
                List<String> got = texts(receivers.get(i), wanted.get(i).size());
                assertThat(got).containsExactlyInAnyOrderElementsOf(wanted.get(i));
                for (int length = 4; length <= 6; length++) {
                    assertThat(ofLength(got, length)).isEqualTo(ofLength(wanted.get(i), length));
                }
            }
        }
    }

    /** Runs end at what the kernel takes in one message: 64 datagrams, and an IP packet's length. */
    @ParameterizedTest
    @ValueSource(ints = {1, 1200, 1201})
    void longRunsAreSplit(int length) throws Exception {
        try (UdpSocket server = bound(Loopback.V4);
                UdpSocket client = UdpSocket.open(4);
                SendBatch out = new SendBatch(90, 1208, true);
                ReceiveBatch in = new ReceiveBatch(90, 1500)) {
            client.connect(server.localEndpoint());
            for (int i = 0; i < 90; i++) {
                byte[] payload = new byte[length];
                payload[0] = (byte) i;
                assertThat(out.add(payload, 0, length)).isTrue();
            }
            assertThat(out.flush(client)).isEqualTo(90);
            assertThat(out.errors()).isZero();
            assertThat(Loopback.receive(server, in)).isEqualTo(90);
            for (int i = 0; i < 90; i++) {
                assertThat(in.length(i)).isEqualTo(length);
                assertThat(Loopback.payload(in, i)[0]).isEqualTo((byte) i);
            }
        }
    }

    /** A wildcard socket answers each datagram from the address that was asked. */
    @Test
    void sourcesAreNotMixed() throws Exception {
        try (UdpSocket server = UdpSocket.open(4);
                UdpSocket client = bound(Loopback.V4);
                SendBatch out = new SendBatch(8, 64, true);
                ReceiveBatch in = new ReceiveBatch(8, 512)) {
            server.receivePacketInfo();
            server.bind(new InetEndpoint(4, 0, 0, 0, 0));
            InetEndpoint to = client.localEndpoint();
            for (int i = 0; i < 8; i++) {
                long from = Loopback.V4.lo() + 1 + i % 2;
                out.add(
                        Loopback.bytes("from" + i % 2),
                        0,
                        5,
                        new DatagramPath().to(4, 0, to.lo(), to.port(), 0).from(0, from, 0));
            }
            assertThat(out.flush(server)).isEqualTo(8);
            assertThat(Loopback.receive(client, in)).isEqualTo(8);
            for (int i = 0; i < 8; i++) {
                String from = "from" + (in.sourceLo(i) - Loopback.V4.lo() - 1);
                assertThat(Loopback.payload(in, i)).asString().isEqualTo(from);
            }
        }
    }

    /** The kernel refuses segments on a socket without checksums (and on paths through IPsec): the datagrams go one by one instead. */
    @Test
    void wherePathsTakeNoSegmentsNothingIsLost() throws Exception {
        try (UdpSocket server = bound(Loopback.V4);
                UdpSocket client = UdpSocket.open(4);
                SendBatch out = new SendBatch(8, 64, true);
                Arena arena = Arena.ofConfined()) {
            client.connect(server.localEndpoint());
            assertThat(Syscall.call(
                            SyscallNumber.SETSOCKOPT,
                            client.fd().number(),
                            SocketOption.SOL_SOCKET,
                            SO_NO_CHECK,
                            arena.allocateFrom(Struct.U32, 1).address(),
                            4))
                    .isZero();
            List<String> wanted = IntStream.range(0, 8).mapToObj(i -> "no" + i).toList();
            for (int round = 0; round < 12; round++) {
                wanted.forEach(text -> out.add(Loopback.bytes(text), 0, text.length()));
                assertThat(out.flush(client)).isEqualTo(8);
                assertThat(out.errors()).isZero();
                assertThat(texts(server, 8)).isEqualTo(wanted);
            }
            assertThat(out.lastErrno()).isEqualTo(Errno.EINVAL);
        }
    }

    private static List<String> texts(UdpSocket socket, int count) throws Exception {
        try (ReceiveBatch in = new ReceiveBatch(count + 1, 512)) {
            assertThat(Loopback.receive(socket, in)).isEqualTo(count);
            return IntStream.range(0, count)
                    .mapToObj(i -> new String(Loopback.payload(in, i), java.nio.charset.StandardCharsets.US_ASCII))
                    .toList();
        }
    }

    private static List<String> ofLength(List<String> texts, int length) {
        return texts.stream().filter(text -> text.length() == length).toList();
    }
}
