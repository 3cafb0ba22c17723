package dev.weir.bench;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.model.Model;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;
import dev.weir.engine.walk.Forwarder;
import dev.weir.engine.walk.QueryPath;
import dev.weir.engine.walk.ResponsePath;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.engine.walk.Worker;
import java.util.Random;

/**
 * What one data thread has to itself, without sockets: a worker, a frontend, a buffer, and a query that goes through the walk again and
 * again. A backend takes every query and says nothing until {@link #missAndAnswer} answers in its place.
 */
final class Lane implements ReplyPort, Forwarder {
    private static final Endpoint CLIENT = Endpoint.parse("127.0.0.1:4000", 0);
    private static final Endpoint SERVER = Endpoint.parse("127.0.0.1:53", 0);

    private final byte[] work = new byte[Query.BUFFER];
    private final Query query = new Query();
    private final Frontend frontend = new Frontend(SERVER, Protocol.DO_UDP, false);
    private final Worker worker;
    private final ResponsePath responses;
    private final QueryPath path;

    /** @param model one that was started */
    Lane(Model model) {
        worker = new Worker(model.engine(), new Random(1));
        responses = new ResponsePath(worker);
        path = new QueryPath(worker, responses, this);
        worker.beginBatch(System.nanoTime());
    }

    /** A model, not yet started, with one backend that is up. */
    static Model modelWithBackend() {
        Model model = new Model();
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("192.0.2.1:53", 53));
        spec.healthMode = BackendSpec.HealthMode.UP;
        model.addBackend(new Backend(spec.build()));
        return model;
    }

    Worker worker() {
        return worker;
    }

    Query query() {
        return query;
    }

    /** From a received datagram to what the walk makes of it. */
    WalkVerdict ask(byte[] question) {
        System.arraycopy(question, 0, work, 0, question.length);
        query.origin().peer().set(CLIENT);
        query.origin().local().set(SERVER);
        query.begin(Protocol.DO_UDP, frontend, work, question.length, worker.nowNanos());
        query.origin().replyTo(this, 0);
        return path.datagram(query, false);
    }

    /** From a received datagram to the backend, and from its answer to the client's; false if one of them did not come that far. */
    boolean missAndAnswer(byte[] question, byte[] answer) {
        if (ask(question) != WalkVerdict.PARK) {
            return false;
        }
        System.arraycopy(answer, 0, work, 0, answer.length);
        Backend backend = query.found().backend();
        if (backend == null || !responses.matches(query, work, answer.length)) {
            return false;
        }
        backend.queryEnded(worker.stats());
        responses.answered(query, work, answer.length, false);
        return true;
    }

    @Override
    public void reply(Query answered) {}

    @Override
    public void abandon(Query lost) {}

    @Override
    public boolean forward(Query sent, Backend backend) {
        backend.querySent(worker.stats());
        sent.keepQuestion();
        return true;
    }
}
