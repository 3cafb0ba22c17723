package dev.weir.bench;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.action.Result;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.block.DynamicBlock;
import dev.weir.engine.block.DynamicBlocks;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.Query;
import dev.weir.engine.stat.Statistics;
import dev.weir.wire.Name;
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
 * What a look for dynamic blocks costs a query that none is meant for: without blocks, with ten thousand addresses and networks, and with
 * ten thousand names.
 *
 * <pre>{@code ./mvnw -q -pl bench -am -DskipTests package && bench/jmh BlockStageBenchmark -prof gc}</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx256m"})
public class BlockStageBenchmark {
    private static final int MANY = 10_000;
    private static final long NOW = 77;

    private final DynamicBlocks none = new DynamicBlocks(new Statistics());
    private final DynamicBlocks clients = new DynamicBlocks(new Statistics());
    private final DynamicBlocks names = new DynamicBlocks(new Statistics());
    private final Query query = new Query();

    @Setup
    public void prepare() {
        BlockSpec spec = BlockSpec.of("bench", 1000, Result.DROP);
        for (int i = 0; i < MANY; i++) {
            IpAddress ip = IpAddress.v4(0x0a000000 + 256 * i);
            clients.insert(ClientRange.of(ip, 32, 0, 0), spec, NOW);
            clients.insert(ClientRange.of(ip, i % 100 == 0 ? 24 : 32, 0, 0), spec, NOW);
            names.insert(Name.parse("n" + i + ".example."), spec, NOW);
        }
        Frontend frontend = new Frontend(Endpoint.parse("127.0.0.1:53", 0), Protocol.DO_UDP, false);
        query.begin(Protocol.DO_UDP, frontend, new byte[512], 12, NOW);
        query.rename(Name.parse("www.some.example.net."));
        query.origin().client().set(Endpoint.parse("192.0.2.1:4711", 0));
        if (client(clients) != null || client(none) != null) {
            throw new IllegalStateException("the client is blocked");
        }
    }

    private DynamicBlock client(DynamicBlocks blocks) {
        DynamicBlocks.InForce inForce = blocks.inForce();
        return inForce == null ? null : inForce.client(query.origin().client(), NOW);
    }

    /** No block at all. */
    @Benchmark
    public DynamicBlock withoutBlocks() {
        return client(none);
    }

    /** Ten thousand addresses and a hundred networks. */
    @Benchmark
    public DynamicBlock amongClients() {
        return client(clients);
    }

    /** Ten thousand names; the name of the query has four labels and is prepared already. */
    @Benchmark
    public DynamicBlock amongNames() {
        DynamicBlocks.InForce inForce = names.inForce();
        return inForce == null ? null : inForce.name(query, NOW);
    }
}
