package dev.weir.net.stream;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.HttpCounters;
import dev.weir.engine.listen.HttpResponseRule;
import dev.weir.engine.listen.HttpSpec;
import dev.weir.engine.query.HttpAnswer;
import dev.weir.engine.query.HttpRequest;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.net.http.DohMessage;
import dev.weir.net.http.HttpQuestion;
import dev.weir.net.http.HttpReply;
import dev.weir.wire.Header;
import dev.weir.wire.Ttls;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one client's connection over HTTP, whatever its version: who may ask what, what is answered instead of DNS, and the exchanges
 * that wait for an answer. All methods run on the loop's thread, but for {@link #ended}, which any thread may call.
 */
final class DohRequests {
    private static final String DNS = "application/dns-message";
    private static final Map<String, String> PLAIN = Map.of("content-type", DNS);

    /** The connection that they came by. */
    interface Carrier {
        boolean isClosed();

        /** A query has begun, and is about to walk. */
        void took(Query query);

        /** Sends a reply to its client. */
        void write(HttpReply reply);

        /** A query that had been parked is not worked on any more. */
        void worked();

        /** Something of ours failed: ends the connection. */
        void giveUp();
    }

    private final StreamLoop loop;
    private final Carrier carrier;
    private final ClientIdentity identity;
    private final Frontend frontend;
    private final HttpSpec http;
    private final HttpCounters counters;
    private final Map<Object, DohExchange> open = new HashMap<>();

    DohRequests(StreamLoop loop, Carrier carrier, ClientIdentity identity, Frontend frontend, HttpSpec http) {
        this.loop = loop;
        this.carrier = carrier;
        this.identity = identity;
        this.frontend = frontend;
        this.http = http;
        this.counters = Objects.requireNonNull(frontend.http());
    }

    /** Whether none waits for an answer. */
    boolean isIdle() {
        return open.isEmpty();
    }

    /** Whoever asked on this stream does not wait any more. */
    void gone(Object stream) {
        DohExchange left = open.remove(stream);
        if (left != null) {
            left.close();
        }
    }

    /** Nobody waits any more. */
    void forsake() {
        List.copyOf(open.values()).forEach(DohExchange::close);
        open.clear();
    }

    // ---- requests

    /** Takes a request, and answers it one day. */
    void take(HttpQuestion question) {
        try {
            handle(question);
        } catch (Throwable e) {
            StreamLoop.GUARD.caught(e);
            reply(question, 500, Map.of(), new byte[0]);
        }
    }

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
        if (message == null || message.length < Header.LENGTH || message.length > Connection.MAX_MESSAGE) {
            counters.badRequests.increment(loop.worker().stats());
            refuse(question, 400);
            return;
        }
        (get ? counters.get : counters.post).increment(loop.worker().stats());
        counters.queries(question.version()).increment(loop.worker().stats());
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
        for (HttpResponseRule rule : frontend.httpResponses()) {
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
        query.begin(frontend.protocol(), frontend, buffer, message.length, loop.nowNanos());
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
        carrier.took(query);
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
            if (!carrier.isClosed() && waits) {
                answer(exchange.question, query, answered);
            }
            loop.giveBack(query);
            carrier.worked();
        } catch (Throwable e) {
            // Whoever brings an answer has other clients' to bring.
            StreamLoop.GUARD.caught(e);
            carrier.giveUp();
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
            long ttl = http.cacheControl() ? Ttls.scan(query.packet(), query.length()) : 0;
            Map<String, String> headers = ttl > 0 && (ttl & Ttls.ANY_RECORD) != 0
                    ? Map.of("content-type", DNS, "cache-control", "max-age=" + (ttl & 0xffff_ffffL))
                    : PLAIN;
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

    /** What a URI can't have is escaped (RFC 3986 section 2.1): scripts make it of what clients ask, line feeds included. */
    private static String uri(byte[] octets) {
        StringBuilder uri = new StringBuilder();
        for (byte octet : octets) {
            if (octet > ' ' && octet < 0x7f) {
                uri.append((char) octet);
            } else {
                uri.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
            }
        }
        return uri.toString();
    }

    private void reply(HttpQuestion question, int status, Map<String, String> more, byte[] content) {
        StatShard stats = loop.worker().stats();
        Map<String, String> headers = more;
        byte[] body = content;
        boolean elsewhere = status >= 300 && status < 400;
        if (elsewhere || !http.headers().isEmpty()) {
            headers = new HashMap<>(http.headers());
            headers.putAll(more);
        }
        if (elsewhere) {
            headers.put("location", uri(content));
            body = new byte[0];
            counters.redirects.increment(stats);
        } else {
            (status == 200 ? counters.valid : counters.errors).increment(stats);
        }
        counters.responses(question.version(), HttpCounters.place(status)).increment(stats);
        carrier.write(new HttpReply(question, status, headers, body));
    }
}
