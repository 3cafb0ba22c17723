package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sys.UnixDatagram;
import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.ProcessProbe;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reading the configuration again: every way to ask for it, and a load that must not notice. */
@NewerThanDebian("has no reload")
@Timeout(900)
class ReloadTest {
    /** Reloads under load; the profile {@code long} has 200. */
    private static final int RELOADS = Integer.getInteger("weir.reloads", 40);

    private static final int QUERIES_PER_SECOND = Integer.getInteger("weir.reload.qps", 3_000);

    /** As a whole: half a file is another configuration, and an empty one listens elsewhere. */
    private static void write(DnsProcess weir, String text) {
        try {
            Path next = weir.config().resolveSibling("next");
            Files.writeString(next, text);
            Files.move(next, weir.config(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(DnsProcess weir) {
        try {
            return Files.readString(weir.config());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ChildProcess.Outcome command(DnsProcess weir, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-C", weir.config().toString()));
        return ChildProcess.run(
                weir.directory(), TestSubject.current().command(all.toArray(String[]::new)), "", Await.PATIENCE);
    }

    private static int rcode(DnsProcess weir) {
        try (UdpClient client = weir.udp()) {
            return client.ask(DnsQuery.of("www.example.", DnsMessage.A)).rcode();
        }
    }

    private static String refusing(String rcode) {
        return "addAction(AllRule(), RCodeAction(DNSRCode." + rcode + "))\n";
    }

    @Test
    void theCommandSaysWhatBecameOfIt() {
        try (DnsProcess weir = DnsProcess.start(refusing("REFUSED"))) {
            String preamble = read(weir).replace(refusing("REFUSED"), "");
            write(weir, preamble + refusing("NXDOMAIN"));
            ChildProcess.Outcome look = command(weir, "reload", "--dry-run");
            assertThat(look.status()).isZero();
            assertThat(look.stdout())
                    .isEqualTo(
                            "Nothing is changed, this would be:\n- rule All → set rcode 5\n+ rule All → set rcode 3\n");
            assertThat(rcode(weir)).isEqualTo(5);
            assertThat(command(weir, "reload", "--dry-run", "--json").stdout())
                    .isEqualTo("{\"changes\": ["
                            + "{\"change\": \"removed\", \"subject\": \"rule\", \"text\": \"All → set rcode 5\"}, "
                            + "{\"change\": \"added\", \"subject\": \"rule\", \"text\": \"All → set rcode 3\"}], "
                            + "\"notes\": [], \"outcome\": \"dry-run\"}\n");
            ChildProcess.Outcome done = command(weir, "reload");
            assertThat(done.status()).isZero();
            assertThat(done.stdout()).startsWith("Reloaded:\n");
            assertThat(rcode(weir)).isEqualTo(3);

            // The client reads the same file for the console's key: what is wrong must come behind that.
            write(weir, preamble + "if not inClientStartup() then error('planted') end\n");
            ChildProcess.Outcome failed = command(weir, "reload");
            assertThat(failed.status()).isEqualTo(1);
            assertThat(failed.output()).contains("Not reloaded", weir.config() + ":5: planted");
            assertThat(rcode(weir)).isEqualTo(3);
            Await.until("it is in the log", Await.PATIENCE, () -> weir.process()
                    .output()
                    .contains("The configuration is not reloaded"));
        }
    }

    @Test
    void overTheApi() throws Exception {
        int web = LoopbackPorts.free();
        String server = "webserver('127.0.0.1:" + web + "')\nsetWebserverConfig({apiKey='key', password='word'})\n";
        try (DnsProcess weir = DnsProcess.start(server + refusing("REFUSED"));
                HttpClient http = HttpClient.newHttpClient()) {
            String preamble = read(weir).replace(refusing("REFUSED"), "");
            write(weir, preamble + refusing("NXDOMAIN") + "setAPIWritable(true)\n");
            // It opens behind the listeners.
            Await.until("the API is there", Await.PATIENCE, () -> LoopbackPorts.tcpListening(web));
            assertThat(post(http, web, "/api/v1/weir/reload", "other").statusCode())
                    .isEqualTo(401);
            HttpResponse<String> readOnly = post(http, web, "/api/v1/weir/reload", "key");
            assertThat(readOnly.statusCode()).isEqualTo(405);
            HttpResponse<String> look = post(http, web, "/api/v1/weir/reload?dry-run", "key");
            assertThat(look.statusCode()).isEqualTo(200);
            assertThat(look.body()).contains("\"outcome\": \"dry-run\"", "apiWritable: false → true");
            assertThat(rcode(weir)).isEqualTo(5);
            assertThat(weir.console("reloadConfig()")).startsWith("Reloaded");
            assertThat(rcode(weir)).isEqualTo(3);
            write(weir, preamble + refusing("SERVFAIL") + "setAPIWritable(true)\n");
            HttpResponse<String> done = post(http, web, "/api/v1/weir/reload", "key");
            assertThat(done.statusCode()).isEqualTo(200);
            assertThat(done.body()).contains("\"outcome\": \"reloaded\"");
            assertThat(rcode(weir)).isEqualTo(2);
            write(weir, preamble + "error('planted')\n");
            HttpResponse<String> failed = post(http, web, "/api/v1/weir/reload", "key");
            assertThat(failed.statusCode()).isEqualTo(400);
            assertThat(failed.body()).contains("\"outcome\": \"failed\"", ":7: planted");
        }
    }

    private static HttpResponse<String> post(HttpClient http, int port, String path, String key) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("X-API-Key", key)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Signals that come while one is answered start another one behind it; none is lost, and none runs beside another. */
    @Test
    void signalsInARow() throws Exception {
        try (DnsProcess weir = DnsProcess.start(refusing("REFUSED"))) {
            String preamble = read(weir).replace(refusing("REFUSED"), "");
            write(weir, preamble + refusing("NXDOMAIN") + "local t = os.time() while os.time() < t + 2 do end\n");
            hangUp(weir);
            Await.until("one is under way", Await.PATIENCE, () -> {
                hangUp(weir);
                return weir.process().output().contains("Configuration reloaded");
            });
            write(weir, preamble + refusing("SERVFAIL"));
            hangUp(weir);
            Await.until("the last one counts", Await.PATIENCE, () -> rcode(weir) == 2);
        }
    }

    @Test
    void theServiceManagerHearsOfIt() throws Exception {
        int port = LoopbackPorts.free();
        try (TempDirectory directory = TempDirectory.create("weir-notify");
                UnixDatagram manager =
                        UnixDatagram.bind(directory.path().resolve("socket").toString())) {
            String preamble = DnsProcess.preamble(port, "");
            Path config = directory.write("weir.conf", preamble + refusing("REFUSED"));
            List<String> command = new ArrayList<>(
                    List.of("env", "NOTIFY_SOCKET=" + directory.path().resolve("socket")));
            command.addAll(TestSubject.current().command("-C", config.toString(), "--supervised", "--disable-syslog"));
            try (ChildProcess weir = ChildProcess.start(directory.path(), command)) {
                assertThat(heard(manager)).isEqualTo("READY=1");
                for (String text : List.of(refusing("NXDOMAIN"), "error('planted')\n")) {
                    Files.writeString(config, preamble + text);
                    hangUp(weir);
                    assertThat(heard(manager)).matches("RELOADING=1\nMONOTONIC_USEC=\\d+");
                    assertThat(heard(manager)).isEqualTo("READY=1");
                }
                Await.until(
                        "both are in the log",
                        Await.PATIENCE,
                        () -> weir.output().contains("Configuration reloaded")
                                && weir.output().contains(":5: planted"));
            }
        }
    }

    private static String heard(UnixDatagram manager) throws IOException {
        UnixDatagram.Received received = manager.receive((int) Await.PATIENCE.toMillis());
        return received == null ? "" : new String(received.octets(), StandardCharsets.UTF_8);
    }

    private static void hangUp(DnsProcess weir) {
        hangUp(weir.process());
    }

    private static void hangUp(ChildProcess weir) {
        try {
            assertThat(new ProcessBuilder("kill", "-HUP", String.valueOf(weir.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- threads of the operator's own

    /** How many threads of the process have this name. */
    private static long threads(DnsProcess weir, String name) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + weir.process().pid() + "/task"))) {
            return tasks.filter(task -> {
                        try {
                            return Files.readString(task.resolve("comm"))
                                    .strip()
                                    .equals(name);
                        } catch (IOException ended) {
                            return false;
                        }
                    })
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A thread that a configuration does not have any more ends, also if it catches what it can; one that it still has goes on. */
    @Test
    void threadsEndWithTheirConfiguration() {
        String listening = "said = {} function threadmessage(cmd, dict) said[cmd] = (said[cmd] or 0) + 1 end\n";
        String kept = "newThread([[ while true do os.execute('sleep 0.05') submitToMainThread('kept', {}) end ]])\n";
        String gone = "newThread([[ while true do pcall(function() while true do end end) end ]])\n";
        try (DnsProcess weir = DnsProcess.start(listening + kept + gone)) {
            String preamble = read(weir).replace(listening + kept + gone, "");
            Await.until("both run", Await.PATIENCE, () -> threads(weir, "lua-thread") == 2);
            write(weir, preamble + listening + kept);
            assertThat(weir.console("reloadConfig()")).startsWith("Reloaded");
            Await.until("one has ended", Await.PATIENCE, () -> threads(weir, "lua-thread") == 1);
            Await.until("the other one talks to the new world", Await.PATIENCE, () -> weir.console(
                            "tostring((said.kept or 0) > 2)")
                    .equals("true"));
            Await.until("the log says so", Await.PATIENCE, () -> weir.process()
                    .output()
                    .contains("A Lua thread has ended"));
            String other =
                    "newThread([[ while true do os.execute('sleep 0.05') submitToMainThread('other', {}) end ]])\n";
            write(weir, preamble + listening + other);
            assertThat(weir.console("reloadConfig()")).startsWith("Reloaded");
            Await.until("the changed one talks", Await.PATIENCE, () -> weir.console("tostring((said.other or 0) > 2)")
                    .equals("true"));
            Await.until("alone", Await.PATIENCE, () -> threads(weir, "lua-thread") == 1);
            assertThat(weir.console("tostring(said.kept)")).isEqualTo("nil");
        }
    }

    // ---- under load

    /** Asks at a steady rate from one socket, and knows which queries have not been answered. One thread, and whoever starts and stops it. */
    private static final class Load implements AutoCloseable {
        private static final int IDS = 65_536;
        private static final int MOST_WAITING = 150;

        private final DatagramChannel channel;
        private final List<byte[]> queries;
        private final AtomicBoolean ending = new AtomicBoolean();
        private final Thread thread;
        private final BitSet waiting = new BitSet(IDS);
        private volatile long sent;
        private volatile long bad;
        private volatile int lost = -1;

        Load(InetSocketAddress server, List<byte[]> queries) throws IOException {
            this.queries = queries;
            channel = DatagramChannel.open();
            channel.connect(server);
            channel.configureBlocking(false);
            thread = Thread.ofPlatform().daemon().name("load").start(this::run);
        }

        private void run() {
            try {
                long begin = System.nanoTime();
                long skipped = 0;
                ByteBuffer answer = ByteBuffer.allocate(4096);
                while (!ending.get()) {
                    long due = (System.nanoTime() - begin) * QUERIES_PER_SECOND / 1_000_000_000L - skipped;
                    // More at a time would not fit into the socket's buffer if this thread has to wait for a processor.
                    while (sent < due && waiting.cardinality() < MOST_WAITING) {
                        int id = (int) (sent % IDS);
                        if (waiting.get(id)) {
                            throw new IllegalStateException(
                                    "an answer to id " + id + " is late by " + IDS + " queries");
                        }
                        waiting.set(id);
                        byte[] query = DnsMessage.withId(queries.get((int) (sent % queries.size())), id);
                        if (channel.write(ByteBuffer.wrap(query)) == 0) {
                            waiting.clear(id);
                            break;
                        }
                        sent++;
                    }
                    skipped += Math.max(0, due - sent);
                    receive(answer);
                    LockSupport.parkNanos(200_000);
                }
                long end = System.nanoTime() + 45_000_000_000L;
                while (!waiting.isEmpty() && System.nanoTime() < end) {
                    receive(answer);
                    LockSupport.parkNanos(200_000);
                }
                lost = waiting.cardinality();
            } catch (Throwable e) {
                e.printStackTrace();
                lost = IDS;
            }
        }

        private void receive(ByteBuffer answer) throws IOException {
            while (channel.read(answer.clear()) > 0) {
                byte[] octets = new byte[answer.flip().remaining()];
                answer.get(octets);
                waiting.clear(DnsMessage.idOf(octets));
                bad += (octets[3] & 15) == 0 ? 0 : 1;
            }
        }

        long sent() {
            return sent;
        }

        /** Stops, and counts what was never answered. */
        int lost() throws InterruptedException {
            ending.set(true);
            thread.join();
            return lost;
        }

        long bad() {
            return bad;
        }

        @Override
        public void close() throws IOException {
            ending.set(true);
            channel.close();
        }
    }

    private static List<byte[]> queries() {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(DnsQuery.of("name" + i + ".example.", DnsMessage.A).packet());
        }
        return all;
    }

    /** The n-th configuration: rules, servers, listeners and the cache's size differ from the one before. */
    private static String variant(int n, List<FakeBackend> servers, int port) {
        StringBuilder text = new StringBuilder("setUDPTimeout(30)\n");
        for (int i = 0; i < servers.size(); i++) {
            if (i == 0 || i % 3 == n % 3) {
                text.append("newServer({address='%s', name='s%d', weight=%d})\n"
                        .formatted(servers.get(i).hostPort(), i, 1 + (n + i) % 4));
            }
        }
        for (int i = 0; i < n % 20; i++) {
            text.append("addAction('no%d.example.', DropAction())\n".formatted(i));
        }
        text.append("addAction(AllRule(), LuaAction(function(dq) return DNSAction.None, '' end), {name='lua'})\n");
        text.append("addAction('name1.example.', NoneAction(), {name='counted'})\n");
        // Every fourth configuration has another cache.
        text.append("getPool(''):setCache(newPacketCache(%d, {maxTTL=1}))\n".formatted(1000 + n / 4 % 2));
        if (n % 3 > 0) {
            text.append("addLocal('127.0.0.1:%d', {tcpListenQueueSize=%d})\n".formatted(port, n % 3));
        }
        return text.toString();
    }

    @Test
    void nobodyNoticesUnderLoad() throws Exception {
        int second = LoopbackPorts.free();
        List<FakeBackend> servers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            servers.add(FakeBackend.answering("192.0.2." + (i + 1)));
        }
        try (DnsProcess weir = DnsProcess.start(variant(0, servers, second));
                Load load = new Load(weir.address(), queries())) {
            String preamble = read(weir).replace(variant(0, servers, second), "");
            ProcessProbe probe = new ProcessProbe(weir.process().pid());
            weir.console("addDynBlocks({['192.0.2.99']=1}, 'kept', 3600)");
            int descriptors = 0;
            int threads = 0;
            long used = 0;
            for (int n = 1; n <= RELOADS; n++) {
                // The listener that is asked becomes another one, too.
                String at = "127.0.0.1:" + weir.port() + "\"";
                String head = n % 5 < 2 ? preamble : preamble.replace(at, at + ", {tcpListenQueueSize=9}");
                write(weir, head + variant(n, servers, second));
                String said = weir.console("reloadConfig()");
                assertThat(said).as("reload %d", n).startsWith("Reloaded");
                if (n == RELOADS / 2) {
                    descriptors = probe.openFds();
                    threads = probe.threads();
                    used = heapBytes(weir);
                }
            }
            int lost = load.lost();
            long heap = heapBytes(weir);
            System.out.printf(
                    "%d reloads, %d queries, %d lost; from the middle to the end: descriptors %d to %d, threads %d to %d, heap %d to %d KB%n",
                    RELOADS,
                    load.sent(),
                    lost,
                    descriptors,
                    probe.openFds(),
                    threads,
                    probe.threads(),
                    used >> 10,
                    heap >> 10);
            assertThat(lost).as("queries without an answer, of %d", load.sent()).isZero();
            assertThat(load.bad()).as("answers that are errors").isZero();
            assertThat(load.sent()).isGreaterThan(QUERIES_PER_SECOND);
            assertThat(weir.console("showDynBlocks()")).contains("192.0.2.99", "kept");
            assertThat(matches(weir, "lua")).as("counts go on").isEqualTo(load.sent());
            assertThat(matches(weir, "counted")).isBetween(load.sent() / 200 - 1, load.sent() / 200 + 1);
            int then = descriptors;
            int thenThreads = threads;
            Await.until("descriptors as before", Await.PATIENCE, () -> probe.openFds() <= then + 4);
            Await.until("threads as before", Await.PATIENCE, () -> probe.threads() <= thenThreads + 2);
            assertThat(heapBytes(weir)).isLessThan(used + (8 << 20));
        } finally {
            servers.forEach(FakeBackend::close);
        }
    }

    /** How often the rule of that name has matched. */
    private static long matches(DnsProcess weir, String rule) {
        Matcher found = Pattern.compile("\\d+ +" + rule + " +(\\d+) ").matcher(weir.console("showRules()"));
        assertThat(found.find()).isTrue();
        return Long.parseLong(found.group(1));
    }

    /** What lives after a collection of garbage. */
    private static long heapBytes(DnsProcess weir) {
        ChildProcess.Outcome outcome = ChildProcess.run(
                weir.directory(),
                List.of(
                        ProcessHandle.current().info().command().orElse("java").replaceFirst("java$", "jcmd"),
                        String.valueOf(weir.process().pid()),
                        "GC.class_histogram"),
                "",
                Await.PATIENCE);
        String[] words =
                outcome.stdout().strip().lines().reduce((a, b) -> b).orElse("").split("\\s+");
        assertThat(words[0]).as(outcome.output()).isEqualTo("Total");
        return Long.parseLong(words[2]);
    }
}
