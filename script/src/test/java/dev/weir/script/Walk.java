package dev.weir.script;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;
import dev.weir.engine.walk.QueryPath;
import dev.weir.engine.walk.ResponsePath;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.engine.walk.Worker;
import dev.weir.testkit.DnsQuery;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Takes queries through the engine without sockets: what goes to a backend is remembered and can be answered. */
final class Walk implements ReplyPort {
    private final Worker worker;
    private final ResponsePath responses;
    private final QueryPath path;
    private final Frontend frontend;

    final Query query = new Query();

    /** Who asks. */
    Endpoint client = Endpoint.parse("127.0.0.9:4242", 0);

    /** Where the latest query went. */
    @Nullable Backend sentTo;

    Walk(World world) {
        this(world, "");
    }

    /** @param networkInterface the option of the listener */
    Walk(World world, String networkInterface) {
        Endpoint here = Endpoint.parse("127.0.0.1:5300", 53);
        frontend = new Frontend(here, Protocol.DO_UDP, false, networkInterface);
        worker = new Worker(world.model.engine(), new Random(1));
        responses = new ResponsePath(worker);
        path = new QueryPath(worker, responses, (q, backend) -> {
            sentTo = backend;
            return true;
        });
    }

    /** Asks as {@link #client}. */
    WalkVerdict ask(String name, int type) {
        return ask(DnsQuery.of(name, type));
    }

    WalkVerdict ask(DnsQuery question) {
        byte[] packet = question.packet();
        byte[] buffer = new byte[Query.BUFFER];
        System.arraycopy(packet, 0, buffer, 0, packet.length);
        worker.beginBatch(System.nanoTime());
        sentTo = null;
        query.origin().peer().set(client);
        query.origin().local().set(frontend.address());
        query.begin(Protocol.DO_UDP, frontend, buffer, packet.length, System.nanoTime());
        query.origin().replyTo(this, 0);
        return path.datagram(query, false);
    }

    /** Lets the backend answer with the question and this response code. */
    void answer(int rcode) {
        worker.beginBatch(System.nanoTime());
        byte[] answer = new byte[Query.BUFFER];
        int length = query.length();
        System.arraycopy(query.packet(), 0, answer, 0, length);
        dev.weir.wire.Header.set(answer, dev.weir.wire.Header.QR, true);
        dev.weir.wire.Header.setRcode(answer, rcode);
        responses.answered(query, answer, length, false);
    }

    /** Nobody answers. */
    void timeOut() {
        worker.beginBatch(System.nanoTime());
        responses.timedOut(query, false);
    }

    int rcode() {
        return dev.weir.wire.Header.rcode(query.packet());
    }

    @Override
    public void reply(Query answered) {}

    @Override
    public void abandon(Query unanswered) {}
}
