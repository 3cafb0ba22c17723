package dev.weir.web.console;

import java.net.InetAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the console server asks about each new connection. A snapshot: a change at run time is a new value.
 *
 * @param key the secret of {@code setKey}; null closes every connection at once
 * @param acl who may connect ({@code setConsoleACL})
 * @param maxConnections connections open at the same time, 0 for no limit
 *     ({@code setConsoleMaximumConcurrentConnections})
 * @param maxMessageBytes the largest message in either direction ({@code setConsoleOutputMaxMsgSize})
 * @param logConnections whether each connection is logged ({@code setConsoleConnectionsLogging})
 */
public record ConsoleSettings(
        @Nullable ConsoleKey key,
        Predicate<InetAddress> acl,
        int maxConnections,
        int maxMessageBytes,
        boolean logConnections) {

    /** The port of {@code controlSocket} when it names none. */
    public static final int DEFAULT_PORT = 5199;

    /** The default of {@code setConsoleOutputMaxMsgSize}. */
    public static final int DEFAULT_MAX_MESSAGE_BYTES = 10_000_000;

    /** No key, loopback only (127.0.0.0/8 and ::1), no limit on connections. */
    public static final ConsoleSettings DEFAULT =
            new ConsoleSettings(null, InetAddress::isLoopbackAddress, 0, DEFAULT_MAX_MESSAGE_BYTES, true);

    public ConsoleSettings withKey(@Nullable ConsoleKey newKey) {
        return new ConsoleSettings(newKey, acl, maxConnections, maxMessageBytes, logConnections);
    }

    public ConsoleSettings withAcl(Predicate<InetAddress> newAcl) {
        return new ConsoleSettings(key, newAcl, maxConnections, maxMessageBytes, logConnections);
    }

    public ConsoleSettings withMaxConnections(int connections) {
        return new ConsoleSettings(key, acl, connections, maxMessageBytes, logConnections);
    }

    public ConsoleSettings withMaxMessageBytes(int bytes) {
        return new ConsoleSettings(key, acl, maxConnections, bytes, logConnections);
    }

    public ConsoleSettings withLogConnections(boolean on) {
        return new ConsoleSettings(key, acl, maxConnections, maxMessageBytes, on);
    }
}
