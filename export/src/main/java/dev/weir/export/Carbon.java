package dev.weir.export;

import dev.weir.engine.export.CarbonSpec;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.model.Model;
import dev.weir.engine.ring.QueryCounts;
import dev.weir.engine.task.FaultGuard;
import dev.weir.engine.view.ProcFigures;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sends figures to Carbon's servers, each at its own pace from a thread of its own: one that does not take them holds up nothing. The first
 * report goes at once. A report that fails is lost, its counts of queries are not: they go with the next one. Any thread.
 */
public final class Carbon implements AutoCloseable {
    private static final FaultGuard GUARD = new FaultGuard("Error while sending figures to Carbon", "carbon");
    private static final int SEND_SECONDS = 10;
    private static final int FAILURE_LINE_SECONDS = 60;

    private final Model model;
    private final ProcFigures proc = new ProcFigures(Path.of("/proc"));
    private final Map<CarbonSpec, CountDownLatch> ends = new HashMap<>();

    public Carbon(Model model) {
        this.model = model;
    }

    /** Begins to send there, until {@link #close} or {@link #endTo}; goes on if it does so already. */
    public synchronized void sendTo(CarbonSpec spec) {
        if (ends.containsKey(spec)) {
            return;
        }
        CountDownLatch closed = new CountDownLatch(1);
        ends.put(spec, closed);
        String host = spec.host().isEmpty() ? machine() : spec.host();
        LogLimit failures = new LogLimit(FAILURE_LINE_SECONDS);
        Thread.ofPlatform().daemon().name("carbon").start(() -> {
            CountDownLatch first = new CountDownLatch(1);
            GUARD.repeat(() -> closed.getCount() > 0, () -> {
                if (first.getCount() > 0) {
                    first.countDown();
                    report(spec, host, failures);
                } else if (!closed.await(spec.intervalSeconds(), TimeUnit.SECONDS)) {
                    report(spec, host, failures);
                }
            });
        });
    }

    private static String machine() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"))
                    .strip()
                    .split("\\.", 2)[0];
        } catch (IOException e) {
            return "localhost";
        }
    }

    private void report(CarbonSpec spec, String host, LogLimit failures) {
        QueryCounts queries = model.engine().queryCounts();
        List<QueryCounts.Count> counts = queries.take();
        try {
            send(spec, CarbonReport.of(model, proc, spec, host, counts, System.currentTimeMillis() / 1000));
        } catch (IOException e) {
            queries.putBack(counts);
            long times = failures.admit(System.nanoTime());
            if (times > 0) {
                Log.warning(
                        "Figures could not be sent to Carbon",
                        "carbon",
                        "address",
                        spec.server(),
                        "error",
                        e,
                        "count",
                        times);
            }
        }
    }

    /** Connects and writes within {@link #SEND_SECONDS}: a server that takes nothing must not keep the thread. */
    private static void send(CarbonSpec spec, String report) throws IOException {
        ByteBuffer octets = ByteBuffer.wrap(report.getBytes(StandardCharsets.UTF_8));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SEND_SECONDS);
        try (SocketChannel channel = SocketChannel.open();
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            boolean connected = channel.connect(new InetSocketAddress(
                    spec.server().ip().toInetAddress(), spec.server().port()));
            while (!connected || octets.hasRemaining()) {
                if (connected && channel.write(octets) > 0) {
                    continue;
                }
                key.interestOps(connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT);
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || selector.select(left) == 0) {
                    throw new IOException(connected ? "it does not take them" : "it does not answer");
                }
                selector.selectedKeys().clear();
                connected = connected || channel.finishConnect();
            }
        }
    }

    /** Sends no more there. */
    public synchronized void endTo(CarbonSpec spec) {
        CountDownLatch closed = ends.remove(spec);
        if (closed != null) {
            closed.countDown();
        }
    }

    @Override
    public synchronized void close() {
        ends.values().forEach(CountDownLatch::countDown);
        ends.clear();
    }
}
