package dev.weir.bench;

import dev.weir.engine.Forwarder;
import dev.weir.engine.Frontend;
import dev.weir.engine.Model;
import dev.weir.engine.Protocol;
import dev.weir.engine.Query;
import dev.weir.engine.QueryPath;
import dev.weir.engine.ReplyPort;
import dev.weir.engine.ResponsePath;
import dev.weir.engine.Verdict;
import dev.weir.engine.Worker;
import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.pool.Backend;
import dev.weir.engine.pool.BackendSpec;
import dev.weir.wire.AnswerComposer;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Octets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the walk costs without sockets, and what garbage it makes: a cache hit, and a miss with its answer.
 *
 * <pre>{@code ./mvnw -q -pl bench -am -DskipTests package && bench/jmh QueryPathBenchmark -prof gc}</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m"})
public class QueryPathBenchmark {
    private static final Endpoint CLIENT = Endpoint.parse("127.0.0.1:4000", 0);
    private static final Endpoint SERVER = Endpoint.parse("127.0.0.1:53", 0);

    private final byte[] question = question("www.example.net.");
    private final byte[] work = new byte[Worker.BUFFER];
    private final byte[] answer = new byte[Worker.BUFFER];
    private final Query query = new Query();
    private final Frontend frontend = new Frontend(SERVER, Protocol.DO_UDP, false);
    private int answerLength;
    private Worker worker;
    private QueryPath hits;
    private ResponsePath hitResponses;
    private QueryPath misses;
    private ResponsePath missResponses;

    private final ReplyPort port = new ReplyPort() {
        @Override
        public void reply(Query answered) {}

        @Override
        public void abandon(Query lost) {}
    };

    private final Forwarder backends = new Forwarder() {
        @Override
        public boolean forward(Query sent, Backend backend) {
            backend.querySent(worker.stats());
            sent.keepQuestion();
            return true;
        }
    };

    @Setup
    public void prepare() {
        Model cached = model();
        cached.pool("").setCache(new PacketCache(CacheSpec.of(1000), 1, bound -> 0));
        cached.start();
        worker = cached.engine().newWorker(new Random(1));
        hitResponses = new ResponsePath(worker);
        hits = new QueryPath(worker, hitResponses, backends);

        Model plain = model();
        plain.start();
        Worker other = plain.engine().newWorker(new Random(1));
        missResponses = new ResponsePath(other);
        misses = new QueryPath(other, missResponses, backends);
        other.beginBatch(System.nanoTime(), 1);

        System.arraycopy(question, 0, answer, 0, question.length);
        AnswerComposer composer = new AnswerComposer();
        composer.start(answer, question.length);
        composer.addA(0xc0000201, 3600);
        answerLength = composer.finish(false, 0);
        worker.beginBatch(System.nanoTime(), 1);
        if (ask(hits) != Verdict.PARK || !answered(hitResponses) || ask(hits) != Verdict.ANSWER) {
            throw new IllegalStateException("the cache does not answer");
        }
    }

    private static Model model() {
        Model model = new Model();
        BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("192.0.2.1:53", 53));
        spec.healthMode = BackendSpec.HealthMode.UP;
        model.addBackend(new Backend(spec.build()));
        return model;
    }

    private static byte[] question(String name) {
        byte[] packet = new byte[512];
        Header.setId(packet, 4711);
        Header.setFlags(packet, Header.RD);
        Header.setCounts(packet, 1, 0, 0, 0);
        int end = Name.parse(name).compose(packet, Header.LENGTH);
        Octets.putU16(packet, end, 1);
        Octets.putU16(packet, end + 2, 1);
        return java.util.Arrays.copyOf(packet, end + 4);
    }

    private Verdict ask(QueryPath path) {
        System.arraycopy(question, 0, work, 0, question.length);
        query.peer().set(CLIENT);
        query.local().set(SERVER);
        query.begin(Protocol.DO_UDP, frontend, work, question.length, worker.nowNanos());
        query.replyTo(port, 0);
        return path.datagram(query, false);
    }

    private boolean answered(ResponsePath responses) {
        System.arraycopy(answer, 0, work, 0, answerLength);
        if (!responses.matches(query, work, answerLength)) {
            return false;
        }
        Backend backend = query.backend();
        if (backend != null) {
            backend.queryEnded(worker.stats());
        }
        responses.answered(query, work, answerLength, false);
        return true;
    }

    /** From a received datagram to the answer ready to be sent. */
    @Benchmark
    public Verdict cacheHit() {
        return ask(hits);
    }

    /** From a received datagram to the backend, and from its answer to the client's. */
    @Benchmark
    public boolean missAndAnswer() {
        return ask(misses) == Verdict.PARK && answered(missResponses);
    }
}
