package dev.weir.script.function;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.script.lang.Options;

/** Options that listeners of several protocols have. */
final class ListenOptionsReader {
    private static final int U16 = 0xffff;

    private ListenOptionsReader() {}

    static SocketSpec socket(Endpoint address, Options options) {
        SocketSpec usual = SocketSpec.of(address);
        return new SocketSpec(
                address,
                options.bool("reusePort", usual.reusePort()),
                options.string("interface", usual.networkInterface()),
                options.integers("cpus"),
                options.bool("enableProxyProtocol", usual.proxyProtocol()));
    }

    static StreamSpec stream(Options options) {
        return stream(options, options.integer("maxInFlight", StreamSpec.DEFAULT.maxInFlight(), 0, U16));
    }

    /** @param maxInFlight of listeners whose options do not say it */
    static StreamSpec stream(Options options, int maxInFlight) {
        StreamSpec usual = StreamSpec.DEFAULT;
        return new StreamSpec(
                options.integer("tcpListenQueueSize", usual.queueSize()),
                options.integer("tcpFastOpenQueueSize", usual.fastOpenQueueSize()),
                maxInFlight,
                options.integer("maxConcurrentTCPConnections", usual.maxConcurrentConnections()));
    }
}
