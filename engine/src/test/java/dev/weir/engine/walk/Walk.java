package dev.weir.engine.walk;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.action.Action;
import dev.weir.engine.action.ResponseAction;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.model.Model;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.engine.stat.Counter;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One data thread without sockets: hands queries to the walk, keeps what goes to backends, and brings their answers. */
final class Walk {
    static final Endpoint CLIENT = Endpoint.parse("127.0.0.9:4000", 0);
    static final Endpoint SERVER = Endpoint.parse("127.0.0.1:53", 0);

    final Model model = new Model();
    final Deque<Query> inFlight = new ArrayDeque<>();
    final Deque<byte[]> sent = new ArrayDeque<>();
    boolean backendsReachable = true;
    Protocol protocol = Protocol.DO_UDP;
    Endpoint peer = CLIENT;
    long nowNanos = 1_000_000_000L;

    @Nullable Query lastQuery;

    private @Nullable Frontend frontend;
    private boolean proxied;
    private @Nullable Worker worker;
    private @Nullable ResponsePath responses;
    private @Nullable QueryPath path;
    private byte @Nullable [] reply;
    private boolean abandoned;

    /** Adds a backend that is up. */
    Backend backend(String address, UnaryOperator<BackendSpec.Builder> options) {
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse(address, 53));
        spec.healthMode = BackendSpec.HealthMode.UP;
        Backend backend = new Backend(options.apply(spec).build());
        model.addBackend(backend);
        return backend;
    }

    Backend backend(String address) {
        return backend(address, spec -> spec);
    }

    PacketCache cache(UnaryOperator<CacheSpec.Builder> options) {
        PacketCache cache =
                new PacketCache(options.apply(CacheSpec.builder(1000)).build(), 7, bound -> 0);
        model.pool("").setCache(cache);
        return cache;
    }

    PacketCache cache() {
        return cache(spec -> spec);
    }

    void rule(Selector selector, Action action) {
        model.rules().add(Rule.of(selector, action, null, ""));
    }

    void responseRule(Selector selector, ResponseAction action) {
        model.responseRules().add(Rule.of(selector, action, null, ""));
    }

    /** Peers in this network must send a PROXY header. */
    void expectProxyFrom(String netmask) {
        proxied = true;
        model.setProxyAcl(NetmaskGroup.parse(java.util.List.of(netmask)));
    }

    private QueryPath path() {
        if (path == null) {
            model.start();
            worker = new Worker(model.engine(), new Random(1));
            responses = new ResponsePath(worker);
            path = new QueryPath(worker, responses, this::forward);
            frontend = new Frontend(SERVER, protocol, proxied);
            model.engine().addFrontend(frontend);
        }
        return path;
    }

    /** Has a frontend without having sent anything. */
    Model begin() {
        path();
        return model;
    }

    private boolean forward(Query query, Backend backend) {
        if (!backendsReachable) {
            return false;
        }
        sent.add(query.packetCopy());
        backend.querySent(Objects.requireNonNull(worker).stats());
        query.keepQuestion();
        inFlight.add(query);
        return true;
    }

    WalkVerdict send(byte[] packet) {
        return send(packet, false);
    }

    /** Takes a packet through the query's walk. */
    WalkVerdict send(byte[] packet, boolean cutByKernel) {
        QueryPath current = path();
        Objects.requireNonNull(worker).beginBatch(nowNanos);
        Query query = new Query();
        query.origin().peer().set(peer);
        query.origin().local().set(SERVER);
        byte[] buffer = Arrays.copyOf(packet, Query.BUFFER);
        query.begin(protocol, Objects.requireNonNull(frontend), buffer, packet.length, nowNanos);
        query.origin().replyTo(replies, 0);
        reply = null;
        abandoned = false;
        lastQuery = query;
        if (protocol.isDatagram()) {
            WalkVerdict verdict = current.datagram(query, cutByKernel);
            reply = verdict == WalkVerdict.ANSWER ? query.packetCopy() : null;
            return verdict;
        }
        query.origin().client().set(peer);
        query.origin().destination().set(SERVER);
        WalkVerdict verdict = current.handle(query);
        reply = verdict == WalkVerdict.ANSWER ? query.packetCopy() : null;
        return verdict;
    }

    private final ReplyPort replies = new ReplyPort() {
        @Override
        public void reply(Query query) {
            reply = query.packetCopy();
        }

        @Override
        public void abandon(Query query) {
            abandoned = true;
        }
    };

    WalkVerdict send(DnsQuery query) {
        return send(query.packet());
    }

    /** Sends and expects an answer at once. */
    DnsMessage ask(DnsQuery query) {
        WalkVerdict verdict = send(query);
        if (verdict != WalkVerdict.ANSWER) {
            throw new AssertionError("answered with " + verdict);
        }
        return reply();
    }

    /** What the client got last. */
    DnsMessage reply() {
        if (reply == null) {
            throw new AssertionError("the client got no answer");
        }
        return DnsMessage.parse(reply);
    }

    boolean hasReply() {
        return reply != null;
    }

    boolean abandoned() {
        return abandoned;
    }

    /** The oldest query as the backend saw it. */
    DnsMessage seenByBackend() {
        return DnsMessage.parse(sent.getFirst());
    }

    /** The backend answers its oldest query; false if the answer does not match. */
    boolean answer(UnaryOperator<DnsMessage> make) {
        byte[] packet = make.apply(DnsMessage.parse(sent.removeFirst())).compose();
        return answerRaw(packet);
    }

    boolean answerRaw(byte[] packet) {
        Objects.requireNonNull(worker).beginBatch(nowNanos);
        Query query = inFlight.getFirst();
        byte[] buffer = Arrays.copyOf(packet, Query.BUFFER);
        if (!Objects.requireNonNull(responses).matches(query, buffer, packet.length)) {
            return false;
        }
        inFlight.removeFirst();
        Objects.requireNonNull(query.found().backend())
                .queryEnded(Objects.requireNonNull(worker).stats());
        Objects.requireNonNull(responses).answered(query, buffer, packet.length, !protocol.isDatagram());
        return true;
    }

    void timeOut() {
        sent.removeFirst();
        Query query = inFlight.removeFirst();
        Objects.requireNonNull(query.found().backend())
                .queryEnded(Objects.requireNonNull(worker).stats());
        Objects.requireNonNull(responses).timedOut(query, false);
    }

    void passSeconds(long seconds) {
        nowNanos += seconds * 1_000_000_000L;
    }

    long count(Counter counter) {
        return model.engine().statistics().value(counter);
    }
}
