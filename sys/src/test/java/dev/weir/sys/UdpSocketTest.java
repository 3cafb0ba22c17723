package dev.weir.sys;

import static dev.weir.sys.Loopback.at;
import static dev.weir.sys.Loopback.bound;
import static dev.weir.sys.Loopback.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UdpSocketTest {
    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void takesEveryOptionOfAListener(int family) throws Exception {
        try (UdpSocket socket = UdpSocket.open(family)) {
            socket.reuseAddress();
            socket.reusePort();
            socket.receiveBufferBytes(100_000);
            socket.sendBufferBytes(50_000);
            socket.freeBind();
            socket.bindToDevice("lo");
            socket.receivePacketInfo();
            socket.ignorePathMtu();
            socket.bindAddressNoPort();
            socket.trafficClass(46 << 2);
            assertThat(socket.receiveBufferBytes()).isEqualTo(200_000);
            assertThat(socket.sendBufferBytes()).isEqualTo(100_000);
            socket.bind(Loopback.of(family));
            assertThat(socket.localEndpoint()).as("no port before connect").isEqualTo(Loopback.of(family));
            socket.connect(at(Loopback.of(family), 9));
            assertThat(socket.localEndpoint().port()).isPositive();
        }
    }

    @Test
    void givesRoomForAStallUpToTheSystemsLimit() throws Exception {
        int limit = Integer.parseInt(
                Files.readAllLines(Path.of("/proc/sys/net/core/rmem_max")).getFirst());
        assertThat(receiveBufferOf(2 * limit)).isIn(2 * limit, 4 * limit);
        if (Capabilities.ofThread().has(Capabilities.CAP_NET_ADMIN)) {
            assertThat(receiveBufferOf(2 * limit))
                    .as("beyond it with the right to")
                    .isEqualTo(4 * limit);
            AtomicInteger given = new AtomicInteger();
            Thread restricted = Thread.ofPlatform().start(() -> {
                try {
                    Capabilities.ofThread()
                            .withoutEffective(Capabilities.CAP_NET_ADMIN)
                            .apply();
                    given.set(receiveBufferOf(2 * limit));
                } catch (SyscallException e) {
                    throw new AssertionError(e);
                }
            });
            restricted.join();
            assertThat(given).hasValue(2 * limit);
        }
    }

    @Test
    void aLargerBufferStays() throws Exception {
        try (UdpSocket socket = UdpSocket.open(4)) {
            socket.receiveBufferBytes(100_000);
            socket.atLeastReceiveBufferBytes(50_000);
            assertThat(socket.receiveBufferBytes()).isEqualTo(200_000);
        }
    }

    private static int receiveBufferOf(int wanted) throws SyscallException {
        try (UdpSocket socket = UdpSocket.open(4)) {
            socket.atLeastReceiveBufferBytes(wanted);
            return socket.receiveBufferBytes();
        }
    }

    @Test
    void freeBindTakesForeignAddresses() throws Exception {
        InetEndpoint foreign = new InetEndpoint(4, 0, 0xC6120001L, 0, 0);
        try (UdpSocket socket = UdpSocket.open(4)) {
            assertThatExceptionOfType(SyscallException.class)
                    .isThrownBy(() -> socket.bind(foreign))
                    .withMessage("bind(198.18.0.1:0): EADDRNOTAVAIL: address not available on this host");
            socket.freeBind();
            socket.bind(foreign);
            assertThat(socket.localEndpoint().lo()).isEqualTo(foreign.lo());
        }
    }

    @Test
    void portInUseNamesTheAddress() throws Exception {
        try (UdpSocket first = bound(Loopback.V6);
                UdpSocket second = UdpSocket.open(6)) {
            InetEndpoint taken = first.localEndpoint();
            assertThatExceptionOfType(SyscallException.class)
                    .isThrownBy(() -> second.bind(taken))
                    .withMessage("bind([::1]:" + taken.port() + "): EADDRINUSE: address already in use")
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE));
        }
    }

    @Test
    void reusePortSharesTheAddress() throws Exception {
        try (UdpSocket first = UdpSocket.open(4);
                UdpSocket second = UdpSocket.open(4)) {
            first.reusePort();
            second.reusePort();
            first.bind(Loopback.V4);
            second.bind(first.localEndpoint());
            assertThat(second.localEndpoint()).isEqualTo(first.localEndpoint());
        }
    }

    /** With IPV6_V6ONLY off the second bind would fail. */
    @Test
    void bothFamiliesShareAPortOnTheirWildcards() throws Exception {
        try (UdpSocket v6 = bound(new InetEndpoint(6, 0, 0, 0, 0));
                UdpSocket v4 = UdpSocket.open(4)) {
            v4.bind(new InetEndpoint(4, 0, 0, v6.localEndpoint().port(), 0));
            assertThat(v4.localEndpoint().isWildcard()).isTrue();
        }
    }

    @Test
    void unknownInterfaceIsNamed() throws Exception {
        try (UdpSocket socket = UdpSocket.open(4)) {
            assertThatExceptionOfType(SyscallException.class)
                    .isThrownBy(() -> socket.bindToDevice("nosuchdev0"))
                    .withMessage("setsockopt(SO_BINDTODEVICE, nosuchdev0): ENODEV: no such device");
        }
    }

    @Test
    void detachingNoFilterSaysSo() throws Exception {
        try (UdpSocket socket = UdpSocket.open(4)) {
            assertThatExceptionOfType(SyscallException.class)
                    .isThrownBy(socket::detachBpf)
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6})
    void sendsOneDatagram(int family) throws Exception {
        try (UdpSocket server = bound(Loopback.of(family));
                UdpSocket client = bound(Loopback.of(family));
                ReceiveBatch batch = new ReceiveBatch(4, 512)) {
            InetEndpoint to = server.localEndpoint();
            assertThat(client.send(
                            bytes("xhellox"), 1, 5, new DatagramPath().to(family, to.hi(), to.lo(), to.port(), 0)))
                    .isEqualTo(5);
            assertThat(Loopback.receive(server, batch)).isEqualTo(1);
            assertThat(Loopback.payload(batch, 0)).asString().isEqualTo("hello");
            assertThat(batch.sourcePort(0)).isEqualTo(client.localEndpoint().port());
        }
    }

    /** The ICMP answer to the first datagram must cost neither the second nor the receiver's knowledge of it. */
    @Test
    void refusedPeerIsReportedOnceAndNeverBlocksTheNextDatagram() throws Exception {
        try (UdpSocket socket = UdpSocket.open(4);
                UdpSocket gone = bound(Loopback.V4);
                ReceiveBatch batch = new ReceiveBatch(1, 16)) {
            socket.connect(gone.localEndpoint());
            gone.close();
            assertThat(socket.send(bytes("a"), 0, 1)).isEqualTo(1);
            assertThat(socket.send(bytes("b"), 0, 1)).isEqualTo(1);
            assertThat(batch.receive(socket)).isEqualTo(-Errno.ECONNREFUSED);
            assertThat(socket.send(bytes("c"), 0, 1)).isEqualTo(1);
            assertThat(socket.pendingError()).isEqualTo(Errno.ECONNREFUSED);
            assertThat(socket.pendingError()).isZero();
        }
    }

    @Test
    void closedSocketAnswersEbadfAndClosesOnce() throws Exception {
        UdpSocket socket = bound(Loopback.V4);
        int number = socket.fd().number();
        socket.close();
        try (UdpSocket heir = UdpSocket.open(4);
                ReceiveBatch batch = new ReceiveBatch(1, 16)) {
            assertThat(heir.fd().number())
                    .as("the kernel reuses the lowest number")
                    .isEqualTo(number);
            socket.close();
            assertThat(heir.receiveBufferBytes()).as("still open").isPositive();
            assertThat(batch.receive(socket)).isEqualTo(-Errno.EBADF);
            assertThat(socket.fd().isOpen()).isFalse();
        }
    }

    @Test
    void failuresLeakNoDescriptor() throws Exception {
        long before = Loopback.openDescriptors();
        for (int i = 0; i < 200; i++) {
            try (UdpSocket socket = UdpSocket.open(i % 2 == 0 ? 4 : 6);
                    Epoll epoll = new Epoll(4);
                    EventFd wake = new EventFd()) {
                epoll.add(socket.fd(), Epoll.READABLE, 1);
                epoll.add(wake.fd(), Epoll.READABLE, 2);
            }
        }
        assertThat(Loopback.openDescriptors()).isEqualTo(before);
    }
}
