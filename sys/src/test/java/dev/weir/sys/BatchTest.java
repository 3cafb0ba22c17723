package dev.weir.sys;

import static dev.weir.sys.Loopback.at;
import static dev.weir.sys.Loopback.bound;
import static dev.weir.sys.Loopback.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTest {
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_NONBLOCK = 2 | 0x800;

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void batchesArriveInOrderWithTheirSource(int family) throws Exception {
        try (UdpSocket server = bound(Loopback.of(family));
                UdpSocket client = bound(Loopback.of(family));
                SendBatch out = new SendBatch(8, 64);
                ReceiveBatch in = new ReceiveBatch(16, 512)) {
            InetEndpoint to = server.localEndpoint();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 8; i++) {
                    byte[] payload = bytes("r" + round + "i" + i);
                    assertThat(out.add(payload, 0, 4, new DatagramPath().to(family, to.hi(), to.lo(), to.port(), 0)))
                            .isTrue();
                }
                assertThat(out.add(bytes("over"), 0, 4, new DatagramPath().to(family, to.hi(), to.lo(), to.port(), 0)))
                        .isFalse();
                assertThat(out.flush(client)).isEqualTo(8);
                assertThat(out.isEmpty()).isTrue();
                assertThat(Loopback.receive(server, in)).isEqualTo(8);
                for (int i = 0; i < 8; i++) {
                    assertThat(Loopback.payload(in, i)).asString().isEqualTo("r" + round + "i" + i);
                    assertThat(in.truncated(i)).isFalse();
                    assertThat(source(in, i)).isEqualTo(client.localEndpoint());
                    assertThat(in.hasLocal(i)).isFalse();
                    assertThat(in.localLo(i)).isZero();
                }
            }
            assertThat(in.receive(server)).as("nothing left").isZero();
        }
    }

    @Test
    void truncationIsToldAndForgotten() throws Exception {
        try (UdpSocket server = bound(Loopback.V4);
                UdpSocket client = UdpSocket.open(4);
                ReceiveBatch in = new ReceiveBatch(2, 4)) {
            client.connect(server.localEndpoint());
            client.send(bytes("12345"), 0, 5);
            client.send(bytes("abcd"), 0, 4);
            assertThat(Loopback.receive(server, in)).isEqualTo(2);
            assertThat(Loopback.payload(in, 0)).asString().isEqualTo("1234");
            assertThat(in.truncated(0)).isTrue();
            assertThat(Loopback.payload(in, 1)).asString().isEqualTo("abcd");
            assertThat(in.truncated(1)).isFalse();
            client.send(new byte[0], 0, 0);
            assertThat(Loopback.receive(server, in)).isEqualTo(1);
            assertThat(in.length(0)).as("an empty datagram is a datagram").isZero();
            assertThat(in.truncated(0)).isFalse();
        }
    }

    /** A query to 127.0.0.2 (or ::1) on a wildcard socket must be answered from there, not from the address routing prefers. */
    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void wildcardAnswersFromTheAddressAsked(int family) throws Exception {
        InetEndpoint asked = family == 4 ? new InetEndpoint(4, 0, 0x7F000002L, 0, 0) : Loopback.V6;
        try (UdpSocket server = UdpSocket.open(family);
                UdpSocket client = bound(Loopback.of(family));
                SendBatch out = new SendBatch(1, 64);
                ReceiveBatch in = new ReceiveBatch(1, 512)) {
            server.receivePacketInfo();
            server.bind(new InetEndpoint(family, 0, 0, 0, 0));
            // Connected: an answer from another address would not arrive.
            client.connect(at(asked, server.localEndpoint().port()));
            client.send(bytes("query"), 0, 5);
            assertThat(Loopback.receive(server, in)).isEqualTo(1);
            assertThat(in.hasLocal(0)).isTrue();
            assertThat(in.localHi(0)).isEqualTo(asked.hi());
            assertThat(in.localLo(0)).isEqualTo(asked.lo());
            assertThat(in.interfaceIndex(0)).as("lo").isEqualTo(1);
            InetEndpoint from = source(in, 0);
            assertThat(out.add(
                            bytes("answer"),
                            0,
                            6,
                            new DatagramPath()
                                    .to(family, from.hi(), from.lo(), from.port(), from.scopeId())
                                    .from(in.localHi(0), in.localLo(0), 0)))
                    .isTrue();
            assertThat(out.flush(server)).isEqualTo(1);
            assertThat(Loopback.receive(client, in)).isEqualTo(1);
            assertThat(Loopback.payload(in, 0)).asString().isEqualTo("answer");
            assertThat(server.send(
                            bytes("single"),
                            0,
                            6,
                            new DatagramPath()
                                    .to(family, from.hi(), from.lo(), from.port(), from.scopeId())
                                    .from(asked.hi(), asked.lo(), in.interfaceIndex(0))))
                    .isEqualTo(6);
            assertThat(Loopback.receive(client, in)).isEqualTo(1);
            assertThat(Loopback.payload(in, 0)).asString().isEqualTo("single");
        }
    }

    /** The kernel leaves the lengths that one socket's datagrams had; the next socket's may have longer addresses and more control data. */
    @Test
    void oneBatchServesSocketsOfBothFamiliesInTurn() throws Exception {
        try (UdpSocket plain = bound(Loopback.V4);
                UdpSocket wildcard = UdpSocket.open(6);
                UdpSocket v4 = UdpSocket.open(4);
                UdpSocket v6 = bound(Loopback.V6);
                ReceiveBatch in = new ReceiveBatch(2, 64)) {
            wildcard.receivePacketInfo();
            wildcard.bind(new InetEndpoint(6, 0, 0, 0, 0));
            v4.connect(plain.localEndpoint());
            v6.connect(at(Loopback.V6, wildcard.localEndpoint().port()));
            for (int round = 0; round < 3; round++) {
                v4.send(bytes("4"), 0, 1);
                assertThat(Loopback.receive(plain, in)).isEqualTo(1);
                assertThat(source(in, 0)).isEqualTo(v4.localEndpoint());
                assertThat(in.hasLocal(0)).isFalse();
                v6.send(bytes("6"), 0, 1);
                assertThat(Loopback.receive(wildcard, in)).isEqualTo(1);
                assertThat(source(in, 0)).isEqualTo(v6.localEndpoint());
                assertThat(in.hasLocal(0)).isTrue();
                assertThat(in.localLo(0)).isEqualTo(Loopback.V6.lo());
            }
        }
    }

    @Test
    void oneDatagramMayFillTheSlab() throws Exception {
        byte[] large = new byte[65507];
        Arrays.fill(large, (byte) 7);
        try (UdpSocket server = bound(Loopback.V4);
                UdpSocket client = UdpSocket.open(4);
                SendBatch out = new SendBatch(4, 512);
                ReceiveBatch in = new ReceiveBatch(1, 65535)) {
            client.connect(server.localEndpoint());
            assertThat(out.add(large, 0, large.length)).isTrue();
            assertThat(out.add(large, 0, large.length)).as("the slab is full").isFalse();
            assertThat(out.flush(client)).isEqualTo(1);
            assertThat(Loopback.receive(server, in)).isEqualTo(1);
            assertThat(Loopback.payload(in, 0)).isEqualTo(large);
        }
    }

    @Test
    void refusedDatagramsAreSkippedAndCounted() throws Exception {
        byte[] tooLong = new byte[65535];
        try (UdpSocket server = bound(Loopback.V4);
                UdpSocket client = UdpSocket.open(4);
                SendBatch out = new SendBatch(4, 40_000);
                ReceiveBatch in = new ReceiveBatch(4, 512)) {
            client.connect(server.localEndpoint());
            out.add(bytes("a"), 0, 1);
            out.add(tooLong, 0, tooLong.length);
            out.add(bytes("b"), 0, 1);
            assertThat(out.flush(client)).isEqualTo(2);
            assertThat(out.errors()).isEqualTo(1);
            assertThat(out.lastErrno()).isEqualTo(Errno.EMSGSIZE);
            assertThat(Loopback.receive(server, in)).isEqualTo(2);
            assertThat(Loopback.payload(in, 1)).asString().isEqualTo("b");
        }
    }

    @Test
    void icmpErrorOfAnEarlierDatagramCostsNone() throws Exception {
        try (UdpSocket client = UdpSocket.open(4);
                UdpSocket first = bound(Loopback.V4);
                SendBatch out = new SendBatch(4, 64);
                ReceiveBatch in = new ReceiveBatch(4, 512)) {
            InetEndpoint address = first.localEndpoint();
            client.connect(address);
            first.close();
            client.send(bytes("lost"), 0, 4);
            try (UdpSocket second = bound(address)) {
                out.add(bytes("a"), 0, 1);
                out.add(bytes("b"), 0, 1);
                assertThat(out.flush(client)).isEqualTo(2);
                assertThat(out.errors()).isZero();
                assertThat(out.lastErrno()).isEqualTo(Errno.ECONNREFUSED);
                assertThat(Loopback.receive(second, in)).isEqualTo(2);
            }
        }
    }

    /** Loopback UDP never fills a send buffer, so this takes a pair of UNIX sockets whose other end does not read. */
    @Test
    void fullBufferDropsTheRestAfterABoundedWait() {
        try (Arena arena = Arena.ofConfined();
                SendBatch out = new SendBatch(1000, 64)) {
            MemorySegment pair = arena.allocate(8, 4);
            assertThat(Syscall.call(SyscallNumber.SOCKETPAIR, AF_UNIX, SOCK_DGRAM_NONBLOCK, 0, pair.address()))
                    .isZero();
            try (Fd sender = new Fd(pair.get(Struct.U32, 0));
                    Fd silent = new Fd(pair.get(Struct.U32, 4))) {
                while (out.add(bytes("x"), 0, 1)) {}
                int sent = out.flush(sender);
                assertThat(sent).isBetween(1, 999);
                assertThat(out.dropped()).isEqualTo(1000 - sent);
                assertThat(out.errors()).isZero();
                assertThat(out.isEmpty()).isTrue();
                assertThat(silent.isOpen()).isTrue();
            }
        }
    }

    @Test
    void closedSocketIsCountedForEveryDatagram() throws Exception {
        UdpSocket socket = UdpSocket.open(4);
        socket.close();
        try (SendBatch out = new SendBatch(4, 64)) {
            out.add(bytes("a"), 0, 1);
            out.add(bytes("b"), 0, 1);
            assertThat(out.flush(socket)).isZero();
            assertThat(out.errors()).isEqualTo(2);
            assertThat(out.lastErrno()).isEqualTo(Errno.EBADF);
        }
    }

    private static InetEndpoint source(ReceiveBatch in, int i) {
        return new InetEndpoint(
                in.sourceFamily(i), in.sourceHi(i), in.sourceLo(i), in.sourcePort(i), in.sourceScopeId(i));
    }
}
