package dev.weir.net.stream;

import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.Query;
import java.util.Map;

/** What a request to a backend over HTTP says of the client ({@code addXForwardedHeaders}). */
final class ForwardedHeaders {
    private ForwardedHeaders() {}

    static Map<String, String> of(Query query) {
        return Map.of(
                "x-forwarded-for", query.origin().client().ip().toString(),
                "x-forwarded-port", String.valueOf(query.origin().client().port()),
                "x-forwarded-proto", scheme(query.origin().protocol()));
    }

    private static String scheme(Protocol protocol) {
        return switch (protocol) {
            case DO_UDP, DNSCRYPT_UDP -> "udp";
            case DO_TCP, DNSCRYPT_TCP -> "tcp";
            case DOT -> "tls";
            case DOH, DOH3 -> "https";
            case DOQ -> "quic";
        };
    }
}
