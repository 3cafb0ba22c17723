package dev.weir.net.stream;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.listen.HttpCounters;
import dev.weir.engine.listen.HttpResponseRule;
import dev.weir.engine.listen.HttpSpec;
import dev.weir.engine.listen.TlsCounters;
import dev.weir.engine.query.HttpAnswer;
import dev.weir.engine.query.HttpRequest;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.net.http.DohMessage;
import dev.weir.net.http.HttpQuestion;
import dev.weir.net.http.HttpReply;
import dev.weir.net.http.StreamGone;
import dev.weir.wire.Header;
import dev.weir.wire.ProxyHeader;
import dev.weir.wire.Ttls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that speaks DNS over HTTP: takes whole requests, hands their queries to the walk, and answers each by itself. Ends when
 * it has been idle for too long, when the client takes no answers, or when a limit is reached. All methods run on the loop's thread, but for
 * {@link #ended}, which any thread may call.
 */
final class DohConnection extends Connection implements Accepted, IdleClients.Client {
    private static final String DNS = "application/dns-message";

    private final StreamListener listener;
    private final HttpSpec http;
    private final HttpCounters counters;
    private final ConnectionLimits limits;
    private final ClientIdentity identity;
    private final @Nullable ClientEncryption encryption;
    private final IdleClients.Place place = new IdleClients.Place(this);
    private final Map<Object, DohExchange> open = new HashMap<>();
    private final long openedNanos = System.nanoTime();
    private long waitingSinceNanos = openedNanos;
    private boolean handshaking;
    private int queries;
    private int unsent;
    private long sentNanos;
    private boolean ending;
    private boolean closed;

    DohConnection(StreamLoop loop, StreamListener listener, ConnectionLimits limits, ClientIdentity identity) {
        super(loop);
        this.listener = listener;
        this.http = Objects.requireNonNull(listener.http());
        this.counters = Objects.requireNonNull(listener.frontend().http());
        this.limits = limits;
        this.identity = identity;
        TlsCounters tls = listener.tls() == null ? null : listener.frontend().tls();
        this.encryption = tls == null ? null : new ClientEncryption(tls);
        this.handshaking = encryption != null;
    }

    // ---- events

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        loop.begin();
        counters.connects.increment(loop.worker().stats());
        loop.clients().active(place, loop.nowNanos());
        armDeadline();
        leaveClosedListener();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closed || ending || !(message instanceof HttpQuestion question)) {
            ReferenceCountUtil.release(message);
            return;
        }
        loop.begin();
        waitingSinceNanos = loop.nowNanos();
        loop.clients().active(place, loop.nowNanos());
        try {
            handle(question);
        } catch (Throwable e) {
            StreamLoop.GUARD.caught(e);
            reply(question, 500, Map.of(), new byte[0]);
        }
        armDeadline();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        loop.flush();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof StreamGone gone) {
            DohExchange left = open.remove(gone.stream());
            if (left != null) {
                left.close();
            }
        } else if (encryption != null && !closed) {
            loop.begin();
            secured(encryption, event);
            loop.flush();
        }
    }

    private void secured(ClientEncryption known, Object event) {
        switch (known.take(event, channel().pipeline(), loop.worker().stats())) {
            case READY -> {
                handshaking = false;
                waitingSinceNanos = loop.nowNanos();
                armDeadline();
                if (!limits.admitsSession(identity.peer(), known.resumed(), loop.nowNanos())) {
                    close();
                }
            }
            case OVER -> close();
            case NONE -> {}
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // Codecs throw what clients send; whatever else is wrong is ours.
        boolean ofPeer = cause instanceof IOException
                || cause instanceof io.netty.handler.codec.CodecException
                || cause instanceof io.netty.handler.codec.http2.Http2Exception;
        if (!ofPeer) {
            StreamLoop.GUARD.caught(cause);
        } else if (!closed) {
            listener.frontend().stream().diedReadingQuery.increment();
        }
        close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        loop.begin();
        closed();
        loop.flush();
    }

    @Override
    void outputFailed() {
        if (!closed && !channel().isActive()) {
            listener.frontend().stream().diedSendingResponse.increment();
            close();
        }
    }

    // ---- requests

    private void handle(HttpQuestion question) {
        boolean get = question.method().equals("GET");
        if (!get && !question.method().equals("POST")) {
            refuse(question, 400);
            return;
        }
        Peer forwarded = http.trustForwarded() ? forwardedFor(question) : null;
        Peer client = forwarded == null ? identity.client() : forwarded;
        boolean early = http.earlyAclDrop() && !http.trustForwarded();
        if (!early && !identity.isProxied() && !loop.worker().snapshot().acl().match(client)) {
            loop.worker().stats().increment(Counter.ACL_DROPS);
            refuse(question, 403);
            return;
        }
        if (!knows(question.path())) {
            refuse(question, 404);
            return;
        }
        if (answeredByMap(question)) {
            return;
        }
        byte[] message = DohMessage.of(question);
        if (message == null || message.length < Header.LENGTH || message.length > MAX_MESSAGE) {
            counters.badRequests.increment(loop.worker().stats());
            refuse(question, 400);
            return;
        }
        (get ? counters.get : counters.post).increment(loop.worker().stats());
        counters.queries(question.version()).increment(loop.worker().stats());
        queries++;
        ending |= limits.hasAskedEnough(queries);
        ask(question, message, forwarded);
    }

    private boolean knows(String path) {
        for (String each : http.paths()) {
            if (http.exactPaths() ? path.equals(each) : path.startsWith(each)) {
                return true;
            }
        }
        return false;
    }

    private boolean answeredByMap(HttpQuestion question) {
        for (HttpResponseRule rule : listener.frontend().httpResponses()) {
            if (HttpPaths.matches(loop.worker().scanners(), rule.path(), question.path())) {
                reply(question, rule.status(), rule.headers(), rule.content());
                return true;
            }
        }
        return false;
    }

    /** The last address: the one that the proxy in front of us has added. */
    private static @Nullable Peer forwardedFor(HttpQuestion question) {
        String all = question.headers().get("x-forwarded-for");
        if (all == null) {
            return null;
        }
        try {
            Peer peer = new Peer();
            peer.set(Endpoint.parse(all.substring(all.lastIndexOf(',') + 1).strip(), 0));
            return peer;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void ask(HttpQuestion question, byte[] message, @Nullable Peer forwarded) {
        Query query = loop.takeQuery();
        byte[] buffer = loop.queryBuffer();
        System.arraycopy(message, 0, buffer, 0, message.length);
        identity.addressesTo(query);
        if (forwarded != null) {
            query.origin().client().set(forwarded);
        }
        query.begin(listener.frontend().protocol(), listener.frontend(), buffer, message.length, loop.nowNanos());
        DohExchange exchange = new DohExchange(this, question);
        query.origin().replyTo(exchange, 0);
        query.origin()
                .setHttp(new HttpRequest(
                        question.scheme(),
                        question.host(),
                        question.path(),
                        question.queryString(),
                        http.keepHeaders() ? question.headers() : Map.of()));
        identity.tlvsTo(query);
        if (encryption != null) {
            encryption.took(query, loop.worker().stats());
        }
        open.put(question.stream(), exchange);
        WalkVerdict verdict = loop.path().handle(query);
        if (verdict == WalkVerdict.PARK) {
            return;
        }
        open.remove(question.stream());
        answer(question, query, verdict == WalkVerdict.ANSWER);
        loop.giveBack(query);
    }

    // ---- answers

    /** A query that was parked has its answer, or will have none. Any thread. */
    void ended(DohExchange exchange, Query query, boolean answered) {
        if (loop.eventLoop().inEventLoop()) {
            finish(exchange, query, answered);
            return;
        }
        byte[] answer = query.packetCopy();
        loop.execute(() -> {
            query.setPacket(answer, answer.length);
            finish(exchange, query, answered);
        });
    }

    private void finish(DohExchange exchange, Query query, boolean answered) {
        try {
            boolean waits = open.remove(exchange.question.stream(), exchange);
            if (!closed && waits) {
                waitingSinceNanos = loop.nowNanos();
                answer(exchange.question, query, answered);
                armDeadline();
            }
            loop.giveBack(query);
            settle();
        } catch (Throwable e) {
            // Whoever brings an answer has other clients' to bring.
            StreamLoop.GUARD.caught(e);
            giveUp();
        }
    }

    private void answer(HttpQuestion question, Query query, boolean answered) {
        HttpAnswer instead = query.decided().httpAnswer();
        if (instead != null) {
            Map<String, String> headers =
                    instead.contentType().isEmpty() ? Map.of() : Map.of("content-type", instead.contentType());
            reply(question, instead.status(), headers, instead.body());
        } else if (!answered) {
            boolean sent = query.found().sentNanos() != 0 || query.found().backendChosen();
            refuse(question, sent ? 502 : 403);
        } else {
            Map<String, String> headers = new HashMap<>();
            headers.put("content-type", DNS);
            long ttl = http.cacheControl() ? Ttls.scan(query.packet(), query.length()) : 0;
            if (ttl > 0 && (ttl & Ttls.ANY_RECORD) != 0) {
                headers.put("cache-control", "max-age=" + (ttl & 0xffff_ffffL));
            }
            reply(question, 200, headers, query.packetCopy());
        }
    }

    private void refuse(HttpQuestion question, int status) {
        String text =
                switch (status) {
                    case 400 -> "invalid DNS query";
                    case 403 -> "dns query not allowed";
                    case 404 -> "there is no endpoint configured for this path";
                    default -> "no downstream server available";
                };
        reply(
                question,
                status,
                Map.of("content-type", "text/plain; charset=utf-8"),
                text.getBytes(StandardCharsets.US_ASCII));
    }

    private void reply(HttpQuestion question, int status, Map<String, String> more, byte[] content) {
        StatShard stats = loop.worker().stats();
        Map<String, String> headers = new HashMap<>();
        http.headers().forEach(headers::put);
        more.forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
        byte[] body = content;
        if (status >= 300 && status < 400) {
            headers.put("location", new String(content, StandardCharsets.ISO_8859_1));
            body = new byte[0];
            counters.redirects.increment(stats);
        } else {
            (status == 200 ? counters.valid : counters.errors).increment(stats);
        }
        counters.responses(question.version(), HttpCounters.place(status)).increment(stats);
        if (unsent++ == 0) {
            sentNanos = loop.nowNanos();
        }
        var _ = channel().write(new HttpReply(question, status, headers, body)).addListener(done -> {
            unsent--;
            sentNanos = System.nanoTime();
            if (!done.isSuccess()) {
                outputFailed();
            }
        });
        flushSoon();
    }

    // ---- limits and end

    @Override
    public boolean expectsHeader() {
        return identity.headerExpected();
    }

    @Override
    public boolean takeHeader(ByteBuf input) {
        byte[] bytes = loop.queryBuffer();
        loop.begin();
        int most = Math.min(loop.worker().snapshot().settings().proxyMaximumPayloadSize(), bytes.length);
        int have = Math.min(input.readableBytes(), most);
        input.getBytes(input.readerIndex(), bytes, 0, have);
        int size = identity.readHeader(bytes, have, most);
        if (size == ProxyHeader.NEED_MORE) {
            return false;
        }
        boolean applies = loop.worker().snapshot().settings().proxyApplyAclToProxiedClients();
        if (size <= 0) {
            loop.worker().stats().increment(Counter.PROXY_PROTOCOL_INVALID);
            close();
            return false;
        }
        if (applies && !loop.worker().snapshot().acl().match(identity.client())) {
            loop.worker().stats().increment(Counter.ACL_DROPS);
            close();
            return false;
        }
        input.skipBytes(size);
        return true;
    }

    @Override
    public boolean isIdle() {
        return open.isEmpty();
    }

    @Override
    public void evict() {
        close();
    }

    @Override
    public void leaveClosedListener() {
        if (!closed && listener.isClosed()) {
            ending = true;
            settle();
        }
    }

    private void settle() {
        if (!closed && ending && open.isEmpty() && unsent == 0) {
            close();
        }
    }

    private void armDeadline() {
        if (!closed) {
            loop.wheel().set(deadline, nextDeadline());
        }
    }

    private long nextDeadline() {
        long at = handshaking
                ? openedNanos + limits.readNanos()
                : open.isEmpty() ? waitingSinceNanos + TimeUnit.SECONDS.toNanos(http.idleSeconds()) : farAway();
        if (unsent > 0) {
            at = Math.min(at, sentNanos + limits.sendNanos());
        }
        long duration = limits.durationNanos();
        return duration > 0 ? Math.min(at, openedNanos + duration) : at;
    }

    private long farAway() {
        return loop.nowNanos() + TimeUnit.SECONDS.toNanos(Math.max(1, http.idleSeconds()));
    }

    @Override
    void deadlineReached(long nowNanos) {
        settle();
        if (closed) {
            return;
        }
        if (nextDeadline() - nowNanos > 0) {
            armDeadline();
            return;
        }
        listener.frontend().stream().clientTimeouts.increment();
        close();
    }

    private void close() {
        if (!closed) {
            closed();
            if (hasChannel()) {
                var _ = channel().close();
            }
        }
    }

    @Override
    public void closed() {
        if (closed) {
            return;
        }
        closed = true;
        loop.wheel().remove(deadline);
        loop.clients().remove(place);
        loop.room().giveBack();
        dropInput();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedNanos);
        listener.frontend().stream().closed(queries, millis, queries);
        limits.leave();
        for (DohExchange each : java.util.List.copyOf(open.values())) {
            each.close();
        }
        open.clear();
    }
}
