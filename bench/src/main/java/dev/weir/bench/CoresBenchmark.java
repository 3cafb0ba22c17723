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
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.pool.Backend;
import dev.weir.engine.pool.BackendSpec;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.rule.Selector;
import dev.weir.wire.AnswerComposer;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Octets;
import dev.weir.wire.Rcode;
import java.util.Arrays;
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
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Whether a second core doubles what the walk does: data threads with a worker and a frontend each, as the agents have, on one engine and
 * one cache. Their objects are made one after the other by one thread and moved together by a collection, so that what can share a cache
 * line does.
 *
 * <pre>{@code bench/jmh CoresBenchmark -t 1; bench/jmh CoresBenchmark -t 2}</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m"})
public class CoresBenchmark {
    private static final int LANES = 4;
    private static final int NAMES = 256;
    private static final Endpoint CLIENT = Endpoint.parse("127.0.0.1:4000", 0);
    private static final Endpoint SERVER = Endpoint.parse("127.0.0.1:53", 0);

    private final byte[][] questions = new byte[NAMES][];
    private final byte[][] answers = new byte[NAMES][];
    private Lane[] hits;
    private Lane[] misses;
    private Lane[] inserts;
    private Lane[] refusals;

    /** Which thread this is. */
    @State(Scope.Thread)
    public static class Me {
        int index;
        int next;

        @Setup
        public void prepare(ThreadParams params) {
            index = params.getThreadIndex();
            next = index * NAMES / 2;
        }

        /** Each thread has an order of its own, or they might fall into step. */
        int next() {
            next = next + 2 * index + 1 & NAMES - 1;
            return next;
        }
    }

    @Setup
    public void prepare() {
        for (int i = 0; i < NAMES; i++) {
            questions[i] = question("www" + i + ".example.net.");
            answers[i] = answer(questions[i], 3600);
        }
        hits = lanes(cached());
        misses = lanes(model());
        inserts = lanes(cached());
        Model refusing = model();
        refusing.rules()
                .add(Rule.of(new Selector.All(), new Answering.RCode(Rcode.REFUSED, AnswerFlags.DEFAULT), null, ""));
        refusals = lanes(refusing);
        for (int i = 0; i < NAMES; i++) {
            if (!hits[0].missAndAnswer(questions[i], answers[i]) || hits[0].ask(questions[i]) != Verdict.ANSWER) {
                throw new IllegalStateException("the cache does not answer");
            }
            answers[i] = answer(questions[i], 0); // expired when stored
        }
        System.gc();
        System.gc();
    }

    private static Lane[] lanes(Model model) {
        model.start();
        Lane[] lanes = new Lane[LANES];
        for (int i = 0; i < LANES; i++) {
            lanes[i] = new Lane(model);
        }
        return lanes;
    }

    private static Model cached() {
        Model model = model();
        model.pool("").setCache(new PacketCache(CacheSpec.of(1000), 1, bound -> 0));
        return model;
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
        return Arrays.copyOf(packet, end + 4);
    }

    private static byte[] answer(byte[] question, int ttl) {
        byte[] packet = Arrays.copyOf(question, 512);
        AnswerComposer composer = new AnswerComposer();
        composer.start(packet, question.length);
        composer.addA(0xc0000201, ttl);
        return Arrays.copyOf(packet, composer.finish(false, 0));
    }

    /** What one data thread has to itself. */
    private static final class Lane implements ReplyPort, Forwarder {
        private final byte[] work = new byte[Worker.BUFFER];
        private final Query query = new Query();
        private final Frontend frontend = new Frontend(SERVER, Protocol.DO_UDP, false);
        private final Worker worker;
        private final ResponsePath responses;
        private final QueryPath path;

        Lane(Model model) {
            worker = model.engine().newWorker(new Random(1));
            responses = new ResponsePath(worker);
            path = new QueryPath(worker, responses, this);
            worker.beginBatch(System.nanoTime(), 1);
        }

        Verdict ask(byte[] question) {
            System.arraycopy(question, 0, work, 0, question.length);
            query.peer().set(CLIENT);
            query.local().set(SERVER);
            query.begin(Protocol.DO_UDP, frontend, work, question.length, worker.nowNanos());
            query.replyTo(this, 0);
            return path.datagram(query, false);
        }

        boolean missAndAnswer(byte[] question, byte[] answer) {
            if (ask(question) != Verdict.PARK) {
                return false;
            }
            System.arraycopy(answer, 0, work, 0, answer.length);
            Backend backend = query.backend();
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

    /** Hits on a few hundred names that both threads ask for. */
    @Benchmark
    public Verdict hit(Me me) {
        return hits[me.index].ask(questions[me.next()]);
    }

    /** Hits on one name: every look-up of either thread is in one shard. */
    @Benchmark
    public Verdict hitOneName(Me me) {
        return hits[me.index].ask(questions[0]);
    }

    /** A query that goes to a backend, and its answer; no cache. */
    @Benchmark
    public boolean miss(Me me) {
        int i = me.next();
        return misses[me.index].missAndAnswer(questions[i], answers[i]);
    }

    /** The same with a look-up that finds nothing, and an answer that is offered to the cache. */
    @Benchmark
    public boolean missAndInsert(Me me) {
        int i = me.next();
        return inserts[me.index].missAndAnswer(questions[i], answers[i]);
    }

    /** Answered by a rule. */
    @Benchmark
    public Verdict ruleAnswer(Me me) {
        return refusals[me.index].ask(questions[me.next()]);
    }
}
