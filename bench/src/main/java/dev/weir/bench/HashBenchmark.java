package dev.weir.bench;

import dev.weir.engine.cache.CacheSpec;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.query.HashedName;
import dev.weir.wire.Edns;
import dev.weir.wire.EdnsEditor;
import dev.weir.wire.Names;
import dev.weir.wire.Question;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a hash that outsiders can't aim at costs: a query's cache key, and the hashes of a name and all its suffixes. Queries change, so
 * that no branch is learnt by heart.
 *
 * <pre>bench/jmh HashBenchmark</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HashBenchmark {
    private static final int QUERIES = 256;

    /** Plain, with the OPT that resolvers send, or with an option of 16 octets behind a name of 47. */
    @Param({"plain", "opt", "long"})
    public String shape = "plain";

    private final PacketCache cache = new PacketCache(CacheSpec.of(100), 0x1234_5678, bound -> 0);
    private final HashedName nameKey = new HashedName();
    private final byte[][] queries = new byte[QUERIES][];
    private final int[] lengths = new int[QUERIES];
    private final int[] nameLengths = new int[QUERIES];
    private int next;

    @Setup
    public void fill() {
        EdnsEditor editor = new EdnsEditor();
        for (int i = 0; i < QUERIES; i++) {
            String tail = shape.equals("long") ? ".a-rather-long-label-as-some-networks-have." : ".";
            byte[] plain = SampleMessages.question("h" + "x".repeat(i % 7) + i + ".example.net" + tail);
            byte[] packet = Arrays.copyOf(plain, 600);
            int length = plain.length;
            if (!shape.equals("plain")) {
                length = editor.appendOpt(packet, length, 1232, Edns.DO, 0);
            }
            if (shape.equals("long")) {
                length = editor.appendOption(packet, length, 65_001, new byte[16], 0, 16);
            }
            queries[i] = packet;
            lengths[i] = length;
            nameLengths[i] = Names.endOfPlain(packet, length, Question.OFFSET) - Question.OFFSET;
        }
    }

    @Benchmark
    public long cacheKey() {
        int i = next = next + 1 & QUERIES - 1;
        return cache.key(queries[i], lengths[i], nameLengths[i], true);
    }

    @Benchmark
    public int nameHashes() {
        int i = next = next + 1 & QUERIES - 1;
        nameKey.set(queries[i], Question.OFFSET, nameLengths[i]);
        return nameKey.hash();
    }
}
