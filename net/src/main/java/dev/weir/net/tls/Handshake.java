package dev.weir.net.tls;

import dev.weir.engine.listen.TlsCounters.Failure;
import dev.weir.engine.listen.TlsVersion;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake came to.
 *
 * @param resumed whether it took up a former session
 */
public record Handshake(TlsVersion version, boolean resumed) {
    /** The one that has just succeeded on a connection. */
    public static Handshake of(ChannelPipeline pipeline, long begunMillis) {
        BoringHandler own = pipeline.get(BoringHandler.class);
        if (own != null) {
            return own.handshake();
        }
        SslHandler handler = pipeline.get(SslHandler.class);
        if (handler == null) {
            return new Handshake(TlsVersion.UNKNOWN, false);
        }
        SSLEngine engine = handler.engine();
        SSLSession session = engine.getSession();
        TlsVersion version = TlsVersion.ofProtocol(session.getProtocol());
        boolean resumed = engine instanceof ReferenceCountedOpenSslEngine ofLibrary
                ? SSL.isSessionReused(ofLibrary.sslPointer())
                // The JDK does not say it, but knows how old a session is.
                : session.getCreationTime() < begunMillis;
        return new Handshake(version, resumed);
    }

    /** Why one failed, as far as reasons are told apart. */
    public static Optional<Failure> failure(@Nullable Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause() == at ? null : at.getCause()) {
            String text =
                    String.valueOf(at.getMessage()).toUpperCase(Locale.ROOT).replace(' ', '_');
            if (text.contains("NO_SHARED_CIPHER") || text.contains("NO_CIPHER_SUITES_IN_COMMON")) {
                return Optional.of(Failure.NO_SHARED_CIPHER);
            }
            if (text.contains("INAPPROPRIATE_FALLBACK")) {
                return Optional.of(Failure.INAPPROPRIATE_FALLBACK);
            }
            if (text.contains("UNSUPPORTED_PROTOCOL") || text.contains("IS_NOT_ENABLED_OR")) {
                return Optional.of(Failure.UNSUPPORTED_PROTOCOL);
            }
            if (text.contains("NO_SHARED_GROUP") || text.contains("WRONG_CURVE")) {
                return Optional.of(Failure.UNSUPPORTED_EC);
            }
            if (text.contains("UNKNOWN_PROTOCOL")
                    || text.contains("WRONG_VERSION_NUMBER")
                    || text.contains("HTTP_REQUEST")
                    || text.contains("NOT_AN_SSL/TLS_RECORD")) {
                return Optional.of(Failure.UNKNOWN_PROTOCOL);
            }
        }
        return Optional.empty();
    }
}
