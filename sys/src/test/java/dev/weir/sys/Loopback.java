package dev.weir.sys;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the tests of this room share: loopback endpoints, open sockets, waiting for readability. */
final class Loopback {
    static final InetEndpoint V4 = new InetEndpoint(4, 0, 0x7F000001L, 0, 0);
    static final InetEndpoint V6 = new InetEndpoint(6, 0, 1, 0, 0);

    private Loopback() {}

    static InetEndpoint of(int family) {
        return family == 4 ? V4 : V6;
    }

    static InetEndpoint at(InetEndpoint endpoint, int port) {
        return new InetEndpoint(endpoint.family(), endpoint.hi(), endpoint.lo(), port, endpoint.scopeId());
    }

    static UdpSocket bound(InetEndpoint local) throws SyscallException {
        UdpSocket socket = UdpSocket.open(local.family());
        socket.bind(local);
        return socket;
    }

    /** Waits until there is something to read, at most five seconds. */
    static int receive(UdpSocket socket, ReceiveBatch batch) throws SyscallException {
        try (Epoll epoll = new Epoll(1)) {
            epoll.add(socket.fd(), Epoll.READABLE, 0);
            epoll.await(5_000);
            return batch.receive(socket);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] payload(ReceiveBatch batch, int i) {
        byte[] payload = new byte[batch.length(i)];
        batch.copyPayload(i, payload, 0);
        return payload;
    }

    static long openDescriptors() throws Exception {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.count();
        }
    }
}
