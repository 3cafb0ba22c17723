package dev.weir.testkit;

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
import java.util.stream.Stream;

/**
 * Free ports on 127.0.0.1, and a passive look at who is listening.
 *
 * <p>Ports come from below Linux's default range for outgoing connections (32768), so that a client socket of
 * another test cannot take one between the look and its use. Thread-safe.
 */
public final class LoopbackPorts {
    private static final int FIRST = 10_000;
    private static final int COUNT = 20_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 131 % COUNT));
    private static final String LISTEN_STATE = "0A";

    private LoopbackPorts() {}

    /** A port that is free for both UDP and TCP now, and that this process will not hand out again soon. */
    public static int free() {
        for (int attempt = 0; attempt < COUNT; attempt++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
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

    private static boolean inTable(String table, int port, @org.jspecify.annotations.Nullable String state) {
        String suffix = ":" + HexFormat.of().withUpperCase().toHexDigits((short) port);
        try (Stream<String> lines = Files.lines(Path.of(table))) {
            return lines.skip(1)
                    .map(line -> line.strip().split(" +"))
                    .anyMatch(f ->
                            f[1].toUpperCase(Locale.ROOT).endsWith(suffix) && (state == null || f[3].equals(state)));
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
