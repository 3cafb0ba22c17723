package dev.weir.net.stream;

import dev.weir.engine.listen.TlsCounters;
import dev.weir.engine.listen.TlsVersion;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.StatShard;
import dev.weir.net.tls.Handshake;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import jdk.net.ExtendedSocketOptions;

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

    private static final ChannelOption<Boolean> QUICK_ACK = NioChannelOption.of(ExtendedSocketOptions.TCP_QUICKACK);

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
            acknowledge(pipeline.channel());
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

    /**
     * Has the kernel acknowledge the end of the handshake now (tcp(7), TCP_QUICKACK). We have nothing to send, tickets went before it, so the
     * acknowledgement would be delayed by 40 ms; and for so long a client with Nagle's algorithm holds its first query back.
     */
    private static void acknowledge(Channel channel) {
        if (channel instanceof NioSocketChannel) {
            channel.config().setOption(QUICK_ACK, true);
        }
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
