package dev.weir.bench;

import dev.weir.config.Configuration;
import dev.weir.config.web.WebAddress;
import dev.weir.engine.acl.LinkAddresses;
import dev.weir.engine.export.CarbonSpec;
import dev.weir.engine.export.ExporterOpener;
import dev.weir.engine.kernel.KernelFiltering;
import dev.weir.engine.kernel.MemoryFilter;
import dev.weir.engine.listen.DnscryptIssuer;
import dev.weir.engine.model.Model;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.store.StoreOpener;
import dev.weir.engine.walk.WalkVerdict;
import dev.weir.script.LoadResult;
import dev.weir.script.LuaRuntime;
import dev.weir.script.host.LocalDatagrams;
import dev.weir.script.host.LuaHost;
import dev.weir.script.host.Purpose;
import java.time.Duration;
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
    @Param({"nothing", "action", "type", "rule", "name", "suffix", "address"})
    public String function = "action";

    private final byte[] question = SampleMessages.question("www.example.net.");
    private Model model;
    private Lane lane;

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
        public String reload(boolean dryRun, boolean json) {
            return "reload " + dryRun + " " + json + "\n";
        }

        @Override
        public String json(java.util.Map<String, Object> document) {
            return document.toString();
        }

        @Override
        public KernelFiltering kernelFiltering() {
            return MemoryFilter::new;
        }

        @Override
        public String hashPassword(String password, int workFactor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isHashedPassword(String text) {
            return false;
        }

        @Override
        public void openWebserver(WebAddress address) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void sendToCarbon(CarbonSpec spec) {
            throw new UnsupportedOperationException();
        }

        @Override
        public LinkAddresses linkAddresses() {
            return LinkAddresses.NONE;
        }

        @Override
        public LocalDatagrams localDatagrams() {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] ocspResponse(String certificate, String authority, String authorityKey, Duration valid) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DnscryptIssuer dnscryptIssuer() {
            throw new UnsupportedOperationException();
        }

        @Override
        public StoreOpener stores() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ExporterOpener exporters() {
            throw new UnsupportedOperationException();
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
        lane = new Lane(model);
        if (walk() != WalkVerdict.ANSWER) {
            throw new IllegalStateException("not answered");
        }
    }

    @TearDown
    public void noErrors() {
        if (model.engine().statistics().value(Counter.LUA_ERRORS) > 0) {
            throw new IllegalStateException("the function failed");
        }
    }

    @Benchmark
    public WalkVerdict walk() {
        return lane.ask(question);
    }
}
