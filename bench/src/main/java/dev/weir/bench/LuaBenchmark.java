package dev.weir.bench;

import dev.weir.config.Configuration;
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
import dev.weir.engine.kernel.KernelFiltering;
import dev.weir.engine.kernel.MemoryFilter;
import dev.weir.engine.stat.Counter;
import dev.weir.lua.LoadResult;
import dev.weir.lua.LuaHost;
import dev.weir.lua.LuaRuntime;
import dev.weir.lua.Purpose;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Octets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one function of the operator's costs each query: the whole walk to REFUSED by the last rule, with the function's rule in front of it
 * and without. The difference to {@code nothing} is the function's.
 *
 * <pre>{@code ./mvnw -q -pl bench -am -DskipTests package && bench/jmh LuaBenchmark -prof gc}</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx512m"})
public class LuaBenchmark {
    private static final Endpoint CLIENT = Endpoint.parse("127.0.0.1:4000", 0);
    private static final Endpoint SERVER = Endpoint.parse("127.0.0.1:53", 0);

    @Param({"nothing", "action", "type", "rule", "name", "suffix", "address"})
    public String function = "action";

    private final byte[] question = question("www.example.net.");
    private final byte[] work = new byte[Worker.BUFFER];
    private final Query query = new Query();
    private final Frontend frontend = new Frontend(SERVER, Protocol.DO_UDP, false);
    private Model model;
    private Worker worker;
    private QueryPath path;

    private final ReplyPort port = new ReplyPort() {
        @Override
        public void reply(Query answered) {}

        @Override
        public void abandon(Query lost) {}
    };

    /** A process that nobody asks for anything. */
    private static final class Host implements LuaHost {
        @Override
        public void shutdown() {}

        @Override
        public void exit(int status) {
            throw new IllegalStateException("exit " + status);
        }

        @Override
        public String version() {
            return "weir";
        }

        @Override
        public boolean cryptoWorks(byte[] key) {
            return false;
        }

        @Override
        public KernelFiltering kernelFiltering() {
            return MemoryFilter::new;
        }
    }

    private static String rule(String function) {
        return switch (function) {
            case "nothing" -> "";
            case "action" -> "addAction(AllRule(), LuaAction(function(dq) return DNSAction.None, '' end))";
            case "type" -> """
                    addAction(AllRule(), LuaAction(function(dq)
                      if dq.qtype == DNSQType.ANY then return DNSAction.Refused, "" end
                      return DNSAction.None, ""
                    end))""";
            case "rule" -> "addAction(LuaRule(function(dq) return dq.qtype == DNSQType.ANY end), DropAction())";
            case "name" -> """
                    addAction(AllRule(), LuaAction(function(dq)
                      if dq.qname:toString() == "bad.example." then return DNSAction.Refused, "" end
                      return DNSAction.None, ""
                    end))""";
            case "suffix" -> """
                    local bad = newDNSName("bad.example.")
                    addAction(AllRule(), LuaAction(function(dq)
                      if dq.qname:isPartOf(bad) then return DNSAction.Refused, "" end
                      return DNSAction.None, ""
                    end))""";
            default -> """
                    addAction(AllRule(), LuaAction(function(dq)
                      if dq.remoteaddr:toString() == "192.0.2.1" then return DNSAction.Refused, "" end
                      return DNSAction.None, ""
                    end))""";
        };
    }

    @Setup
    public void prepare() {
        model = new Model();
        LuaRuntime lua = new LuaRuntime(model, new Configuration(), Purpose.RUN, new Host());
        LoadResult loaded =
                lua.load("bench.lua", rule(function) + "\naddAction(AllRule(), RCodeAction(DNSRCode.REFUSED))");
        if (loaded.error() != null) {
            throw new IllegalStateException(loaded.error().toString());
        }
        model.start();
        lua.started();
        worker = model.engine().newWorker(new Random(1));
        worker.beginBatch(System.nanoTime(), 1);
        path = new QueryPath(worker, new ResponsePath(worker), (sent, backend) -> false);
        if (walk() != Verdict.ANSWER) {
            throw new IllegalStateException("not answered");
        }
    }

    @TearDown
    public void noErrors() {
        if (model.engine().statistics().value(Counter.LUA_ERRORS) > 0) {
            throw new IllegalStateException("the function failed");
        }
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

    @Benchmark
    public Verdict walk() {
        System.arraycopy(question, 0, work, 0, question.length);
        query.peer().set(CLIENT);
        query.local().set(SERVER);
        query.begin(Protocol.DO_UDP, frontend, work, question.length, worker.nowNanos());
        query.replyTo(port, 0);
        return path.datagram(query, false);
    }
}
