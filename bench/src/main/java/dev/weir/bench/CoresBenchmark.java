package dev.weir.bench;

import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.model.Model;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.wire.Rcode;
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
    private static final int ADDRESS = 0xc000_0201;

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
            questions[i] = SampleMessages.question("www" + i + ".example.net.");
            answers[i] = SampleMessages.answer(questions[i], 3600, ADDRESS);
        }
        hits = lanes(cached());
        misses = lanes(Lane.modelWithBackend());
        inserts = lanes(cached());
        Model refusing = Lane.modelWithBackend();
        refusing.rules()
                .add(Rule.of(
                        new LogicSelector.All(), new Answering.RCode(Rcode.REFUSED, AnswerFlags.DEFAULT), null, ""));
        refusals = lanes(refusing);
        for (int i = 0; i < NAMES; i++) {
            if (!hits[0].missAndAnswer(questions[i], answers[i]) || hits[0].ask(questions[i]) != WalkVerdict.ANSWER) {
                throw new IllegalStateException("the cache does not answer");
            }
            answers[i] = SampleMessages.answer(questions[i], 0, ADDRESS); // expired when stored
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
        Model model = Lane.modelWithBackend();
        model.pool("").setCache(new PacketCache(CacheSpec.of(1000), 1, bound -> 0));
        return model;
    }

    /** Hits on a few hundred names that both threads ask for. */
    @Benchmark
    public WalkVerdict hit(Me me) {
        return hits[me.index].ask(questions[me.next()]);
    }

    /** Hits on one name: every look-up of either thread is in one shard. */
    @Benchmark
    public WalkVerdict hitOneName(Me me) {
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
    public WalkVerdict ruleAnswer(Me me) {
        return refusals[me.index].ask(questions[me.next()]);
    }
}
