package dev.weir.web.http;

import dev.weir.engine.rate.TokenBucket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often values may be tried whose trial costs milliseconds of a processor: each client ten times at once and then once a second, all together
 * fifty times and then ten times a second. Networks of 64 bits count as one client in IPv6. Belongs to the thread that answers.
 */
final class Guesses {
    static final int EACH_AT_ONCE = 10;
    static final int ALL_AT_ONCE = 50;
    private static final int EACH_PER_SECOND = 1;
    private static final int ALL_PER_SECOND = 10;
    private static final int MOST_CLIENTS = 1000;
    private static final int NETWORK_BYTES = 8;

    private final TokenBucket all;
    private final Map<String, TokenBucket> clients = new LinkedHashMap<>(16, 0.75f, true);

    Guesses(long nowNanos) {
        all = new TokenBucket(ALL_PER_SECOND, ALL_AT_ONCE, nowNanos);
    }

    /** @param client null if it came by a Unix socket */
    boolean admit(@Nullable InetAddress client, long nowNanos) {
        TokenBucket own =
                clients.computeIfAbsent(key(client), any -> new TokenBucket(EACH_PER_SECOND, EACH_AT_ONCE, nowNanos));
        if (clients.size() > MOST_CLIENTS) {
            // The first is the one that has not tried for the longest time.
            clients.remove(clients.keySet().iterator().next());
        }
        return own.take(nowNanos) && all.take(nowNanos);
    }

    private static String key(@Nullable InetAddress client) {
        return switch (client) {
            case null -> "";
            case Inet6Address six -> Arrays.toString(Arrays.copyOf(six.getAddress(), NETWORK_BYTES));
            default -> client.getHostAddress();
        };
    }
}
