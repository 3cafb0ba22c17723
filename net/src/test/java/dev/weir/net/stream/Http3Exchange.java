package dev.weir.net.stream;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http3.DefaultHttp3DataFrame;
import io.netty.handler.codec.http3.DefaultHttp3Headers;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3Headers;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request over HTTP/3, with as much of it as a test wants to say, and what comes back. */
final class Http3Exchange extends Http3RequestStreamInboundHandler {
    /** What came back. */
    record Reply(int status, Http3Headers headers, byte[] body) {
        String header(String name) {
            CharSequence value = headers.get(name);
            return value == null ? "" : value.toString();
        }
    }

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final CompletableFuture<Long> reset = new CompletableFuture<>();
    private final QuicStreamChannel stream;
    private @Nullable Http3Headers headers;

    Http3Exchange(QuicClient client) {
        stream = Http3.newRequestStream(client.connection(), this)
                .syncUninterruptibly()
                .getNow();
    }

    static Reply get(QuicClient client, String target, Map<String, String> more) {
        Http3Exchange exchange = new Http3Exchange(client);
        exchange.begin("GET", target, more);
        exchange.end();
        return exchange.reply();
    }

    void begin(String method, String target, Map<String, String> more) {
        Http3Headers all = new DefaultHttp3Headers()
                .method(method)
                .scheme("https")
                .authority("dns.example")
                .path(target);
        more.forEach(all::set);
        stream.writeAndFlush(new DefaultHttp3HeadersFrame(all)).awaitUninterruptibly();
    }

    void send(byte[] octets) {
        stream.writeAndFlush(new DefaultHttp3DataFrame(Unpooled.wrappedBuffer(octets)))
                .awaitUninterruptibly();
    }

    void end() {
        var _ = stream.shutdownOutput();
    }

    Reply reply() {
        return QuicClient.get(reply);
    }

    long reset() {
        return QuicClient.get(reset);
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame frame) {
        headers = frame.headers();
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame frame) {
        body.writeBytes(ByteBufUtil.getBytes(frame.content()));
        frame.release();
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext ctx) {
        Http3Headers all = headers;
        if (all != null) {
            reply.complete(new Reply(Integer.parseInt(String.valueOf(all.status())), all, body.toByteArray()));
        }
    }

    @Override
    protected void handleQuicException(ChannelHandlerContext ctx, QuicException cause) {
        if (cause instanceof QuicStreamResetException gone) {
            reset.complete(gone.applicationProtocolCode());
        }
    }
}
