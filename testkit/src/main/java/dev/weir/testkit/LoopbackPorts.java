package dev.weir.testkit;

import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UnixDatagram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Free ports on 127.0.0.1, and a passive look at who is listening.
 *
 * <p>Between the look at a port and its use nobody must take it. Client sockets do not: ports come from below Linux's default range for outgoing
 * connections (32768). Other processes that run tests do not either: each has a block of ports for itself, for which it holds an abstract
 * socket address while it lives. Thread-safe.
 */
public final class LoopbackPorts {
    private static final int FIRST = 10_000;
    private static final int BLOCKS = 40;
    private static final int BLOCK_PORTS = 500;
    /** Without root, mount or cleaning up: the kernel frees the address when the process ends, in whatever way. */
    private static final String BLOCK_HOLDER = "@weir-test-ports-";

    private static final Block BLOCK = reserve();
    /** Not the ports that the last owner of the block began with: what it left behind may still send there. */
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 131 % BLOCK_PORTS));

    private static final String LISTEN_STATE = "0A";

    private LoopbackPorts() {}

    /** A block of ports, ours as long as its holder is open. */
    private record Block(int first, UnixDatagram holder) {}

    private static Block reserve() {
        for (int block = 0; block < BLOCKS; block++) {
            try {
                return new Block(FIRST + block * BLOCK_PORTS, UnixDatagram.bind(BLOCK_HOLDER + block));
            } catch (SyscallException e) {
                if (e.errno() != Errno.EADDRINUSE) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        throw new IllegalStateException(BLOCKS + " processes run tests on this machine");
    }

    /** A port that is free for both UDP and TCP now, and that this process will not hand out again soon. */
    public static int free() {
        for (int attempt = 0; attempt < BLOCK_PORTS; attempt++) {
            int port = BLOCK.first() + Math.floorMod(NEXT.getAndIncrement(), BLOCK_PORTS);
            if (canBind(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port on 127.0.0.1");
    }

    /** 127.0.0.1 with {@code port}. */
    public static InetSocketAddress address(int port) {
        return new InetSocketAddress(loopback(), port);
    }

    /** 127.0.0.1. */
    public static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * Whether a TCP socket listens on {@code port} of any local IPv4 address. Read from the kernel's table, so the
     * listener sees nothing of it: no connection, no query, no counter.
     */
    public static boolean tcpListening(int port) {
        return inTable("/proc/net/tcp", port, LISTEN_STATE);
    }

    /** Whether a UDP socket is bound to {@code port} of any local IPv4 address. */
    public static boolean udpBound(int port) {
        return inTable("/proc/net/udp", port, null);
    }

    /** Whether the end at {@code port} of a TCP connection from {@code peerPort} has octets that its program has not read. */
    static boolean tcpUnread(int port, int peerPort) {
        return inTable(
                "/proc/net/tcp",
                f -> f[1].endsWith(suffix(port)) && f[2].endsWith(suffix(peerPort)) && !f[4].endsWith(":00000000"));
    }

    private static boolean inTable(String table, int port, @Nullable String state) {
        return inTable(table, f -> f[1].endsWith(suffix(port)) && (state == null || f[3].equals(state)));
    }

    private static String suffix(int port) {
        return ":" + HexFormat.of().withUpperCase().toHexDigits((short) port);
    }

    /** Fields are the line's number, local address, other address, state, and octets to be sent and to be read; in capitals. */
    private static boolean inTable(String table, Predicate<String[]> wanted) {
        try (Stream<String> lines = Files.lines(Path.of(table))) {
            return lines.skip(1)
                    .map(line -> line.strip().toUpperCase(Locale.ROOT).split(" +"))
                    .anyMatch(wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean canBind(int port) {
        try (ServerSocket tcp = new ServerSocket(port, 1, loopback());
                DatagramSocket udp = new DatagramSocket(port, loopback())) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
