package dev.weir.bench;

import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.model.Model;
import dev.weir.engine.walk.WalkVerdict;
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
    private final byte[] question = SampleMessages.question("www.example.net.");
    private final byte[] answer = SampleMessages.answer(question, 3600, 0xc000_0201);
    private Lane hits;
    private Lane misses;

    @Setup
    public void prepare() {
        Model cached = Lane.modelWithBackend();
        cached.pool("").setCache(new PacketCache(CacheSpec.of(1000), 1, bound -> 0));
        cached.start();
        hits = new Lane(cached);
        Model plain = Lane.modelWithBackend();
        plain.start();
        misses = new Lane(plain);
        if (!hits.missAndAnswer(question, answer) || hits.ask(question) != WalkVerdict.ANSWER) {
            throw new IllegalStateException("the cache does not answer");
        }
    }

    /** From a received datagram to the answer ready to be sent. */
    @Benchmark
    public WalkVerdict cacheHit() {
        return hits.ask(question);
    }

    /** From a received datagram to the backend, and from its answer to the client's. */
    @Benchmark
    public boolean missAndAnswer() {
        return misses.missAndAnswer(question, answer);
    }
}
