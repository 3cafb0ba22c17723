package dev.weir.net.stream;

import dev.weir.engine.listen.TlsCounters;
import dev.weir.engine.listen.TlsVersion;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.StatShard;
import dev.weir.net.tls.Handshake;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;

/** What a client's connection learns from its TLS, and counts. Belongs to its loop's thread. */
public final class ClientEncryption {
    /** What an event of TLS means for the connection. */
    public enum Meaning {
        /** Nothing. */
        NONE,
        /** Queries may come. */
        READY,
        /** It is over: the handshake failed, or the client has closed. */
        OVER
    }

    private final TlsCounters counters;
    private final long begunMillis = System.currentTimeMillis();
    private TlsVersion version = TlsVersion.UNKNOWN;
    private String serverName = "";
    private boolean resumed;

    public ClientEncryption(TlsCounters counters) {
        this.counters = counters;
    }

    /** Takes an event that a handler of TLS has sent. */
    public Meaning take(Object event, ChannelPipeline pipeline, StatShard stats) {
        if (event instanceof SniCompletionEvent named) {
            serverName = named.hostname() == null ? "" : named.hostname();
        } else if (event instanceof SslHandshakeCompletionEvent ended) {
            if (!ended.isSuccess()) {
                Handshake.failure(ended.cause())
                        .ifPresent(failure -> counters.failures(failure).increment(stats));
                return Meaning.OVER;
            }
            Handshake handshake = Handshake.of(pipeline, begunMillis);
            version = handshake.version();
            resumed = handshake.resumed();
            (resumed ? counters.resumptions() : counters.newSessions()).increment(stats);
            return Meaning.READY;
        } else if (event instanceof SslCloseCompletionEvent) {
            return Meaning.OVER;
        }
        return Meaning.NONE;
    }

    /** Whether the handshake took up a former session. */
    public boolean resumed() {
        return resumed;
    }

    /** A query has come, and has begun. */
    public void took(Query query, StatShard stats) {
        counters.queries(version).increment(stats);
        query.origin().setServerName(serverName);
    }
}
