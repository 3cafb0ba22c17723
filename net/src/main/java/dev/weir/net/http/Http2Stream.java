package dev.weir.net.http;

import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One stream of a client's connection: a request on its way to us, then its reply on its way back. Belongs to its connection. */
final class Http2Stream {
    private static final byte[] NOTHING = {};

    final int id;
    final Http2Headers headers;

    /** Whether the client has said all. */
    boolean whole;

    /** Octets that the client has sent on it, padding included. */
    int received;

    /** Octets that the client takes on it. */
    long window;

    private byte[] body = NOTHING;
    private int bodyLength;

    /** Waits for the client to take it, from {@link #sent} on; null while there is none. */
    @Nullable HttpReply reply;

    @Nullable ChannelPromise promise;

    /** Octets of the reply's body that have been sent; -1 before its headers. */
    int sent = -1;

    Http2Stream(int id, Http2Headers headers, long window) {
        this.id = id;
        this.headers = headers;
        this.window = window;
    }

    int bodyLength() {
        return bodyLength;
    }

    /** Room for so many octets more at the end of the body: an array, and where in it is {@link #bodyLength} before the call. */
    byte[] grow(int octets) {
        if (bodyLength + octets > body.length) {
            body = Arrays.copyOf(body, bodyLength == 0 ? octets : Math.max(bodyLength + octets, 2 * bodyLength));
        }
        bodyLength += octets;
        return body;
    }

    byte[] body() {
        return bodyLength == body.length ? body : Arrays.copyOf(body, bodyLength);
    }

    /** Whoever keeps streams in tables needs no better number; that of the JVM takes longer. */
    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }
}
