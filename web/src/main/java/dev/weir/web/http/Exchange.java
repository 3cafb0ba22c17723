package dev.weir.web.http;

import dev.weir.config.web.WebRequest;
import dev.weir.config.web.WebResponse;
import dev.weir.engine.task.FaultGuard;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection's one request and its response. Runs on the loop's thread, but for the making of the response. */
final class Exchange extends SimpleChannelInboundHandler<FullHttpRequest> {
    static final FaultGuard GUARD = new FaultGuard("Error while answering a web request", "webserver");

    /** How long a client may take to fetch its response. */
    private static final long FETCH_SECONDS = 30;

    private static final int MOST_PARAMETERS = 64;

    private final Routes routes;
    private final Visitors visitors;
    private final Executor answers;

    /** @param answers runs what makes responses */
    Exchange(Routes routes, Visitors visitors, Executor answers) {
        this.routes = routes;
        this.visitors = visitors;
        this.answers = answers;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest message) {
        if (message.decoderResult().isFailure()) {
            refuse(ctx, unreadable(message.decoderResult().cause()));
            return;
        }
        visitors.spoke(ctx.channel());
        boolean old = message.protocolVersion().equals(HttpVersion.HTTP_1_0);
        WebRequest request;
        try {
            request = request(message);
        } catch (IllegalArgumentException brokenEscapes) {
            respond(ctx, WebResponse.of(400), old);
            return;
        }
        InetAddress client =
                ctx.channel().remoteAddress() instanceof InetSocketAddress address ? address.getAddress() : null;
        answers.execute(() -> {
            WebResponse response = null;
            try {
                response = routes.answer(request, client);
            } catch (Throwable e) {
                GUARD.caught(e);
            }
            EventStream events = response == null ? null : routes.stream(request, response);
            if (response == null || events == null) {
                respond(ctx, response, old);
            } else {
                WebResponse head = response;
                ctx.executor().execute(() -> stream(ctx, head, events));
            }
        });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == BodyLimit.EXCEEDED) {
            refuse(ctx, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    private static HttpResponseStatus unreadable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
            case TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
            default -> HttpResponseStatus.BAD_REQUEST;
        };
    }

    /** Answers what was not read to its end. The connection still gives way to whoever comes. */
    private static void refuse(ChannelHandlerContext ctx, HttpResponseStatus status) {
        var late = ctx.executor().schedule(() -> close(ctx), FETCH_SECONDS, TimeUnit.SECONDS);
        var _ = ctx.writeAndFlush(composed(WebResponse.of(status.code()), false))
                .addListener(done -> {
                    var _ = late.cancel(false);
                    LingeringClose.begin(ctx);
                });
    }

    /** @param response null: the connection is closed without one */
    private static void respond(ChannelHandlerContext ctx, @Nullable WebResponse response, boolean old) {
        if (response == null) {
            var _ = ctx.close();
            return;
        }
        var late = ctx.executor().schedule(() -> close(ctx), FETCH_SECONDS, TimeUnit.SECONDS);
        var _ = ctx.writeAndFlush(composed(response, old)).addListener(done -> {
            var _ = late.cancel(false);
            close(ctx);
        });
    }

    private void stream(ChannelHandlerContext ctx, WebResponse head, EventStream events) {
        if (!events.hasRoom()) {
            respond(ctx, WebResponse.of(503), false);
            return;
        }
        HttpResponse composed =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(head.status()));
        head.headers().forEach(composed.headers()::set);
        composed.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        var _ = ctx.writeAndFlush(composed);
        events.join(ctx.channel(), answers);
    }

    private static void close(ChannelHandlerContext ctx) {
        var _ = ctx.close();
    }

    /** @throws IllegalArgumentException if a percent sign in the path, the query or a form is followed by what is no octet */
    private static WebRequest request(FullHttpRequest message) {
        QueryStringDecoder uri = new QueryStringDecoder(message.uri(), StandardCharsets.UTF_8, true, MOST_PARAMETERS);
        Map<String, String> headers = new HashMap<>();
        message.headers().forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        String body = message.content().toString(StandardCharsets.ISO_8859_1);
        boolean isForm = headers.getOrDefault("content-type", "").startsWith("application/x-www-form-urlencoded");
        Map<String, String> form = isForm
                ? first(new QueryStringDecoder(body, StandardCharsets.UTF_8, false, MOST_PARAMETERS).parameters())
                : Map.of();
        int version = message.protocolVersion().majorVersion() * 10
                + message.protocolVersion().minorVersion();
        return new WebRequest(
                message.method().name(), uri.path(), version, headers, first(uri.parameters()), form, body);
    }

    private static Map<String, String> first(Map<String, List<String>> parameters) {
        Map<String, String> first = new HashMap<>();
        parameters.forEach((name, values) -> first.put(name, values.getFirst()));
        return first;
    }

    private static FullHttpResponse composed(WebResponse response, boolean old) {
        FullHttpResponse composed = new DefaultFullHttpResponse(
                old ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(response.status()),
                Unpooled.wrappedBuffer(response.body()));
        response.headers().forEach(composed.headers()::set);
        composed.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        composed.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, response.body().length);
        return composed;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        visitors.leave(ctx.channel());
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            GUARD.caught(cause);
        }
        var _ = ctx.close();
    }
}
