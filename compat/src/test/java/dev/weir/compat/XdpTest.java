package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.Subject;
import dev.weir.testkit.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code weir xdp} as an operator runs it: a balancer behind one end of a cable, dig in another network namespace behind the other end. No
 * process of ours is there while packets are judged.
 */
@NewerThanDebian("has no such program")
class XdpTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SERVER = "198.18.0.1";
    private static final String CLIENT = "198.18.0.2";
    private static final int RUNS_KILLED = 12;

    /** Two namespaces, with a server that answers everything with 192.0.2.1. */
    private static final class Wire implements AutoCloseable {
        private final Path pins;
        private final TempDirectory directory = TempDirectory.create("weir-xdp");
        private final ChildProcess far;
        private final ChildProcess server;

        Wire(KernelSandbox sandbox, boolean withServer) throws Exception {
            pins = sandbox.bpffs().resolve("dns");
            sandbox.veth();
            far = ChildProcess.start(directory.path(), List.of("unshare", "-n", "sleep", "600"));
            Await.until("a namespace of its own", LIMIT, this::isApart);
            ip("link", "set", "dev", "b", "netns", String.valueOf(far.pid()));
            ip("addr", "add", SERVER + "/24", "dev", "a");
            inFar("ip", "addr", "add", CLIENT + "/24", "dev", "b");
            inFar("ip", "link", "set", "dev", "b", "up");
            // Replies by XDP_TX arrive at b only if b polls, which a program there makes it do.
            assertThat(farXdp("attach", "-i", "b", "--mode", "native").status()).isZero();
            directory.write(
                    "c.conf",
                    "setLocal('" + SERVER
                            + ":53')\nsetACL('0.0.0.0/0')\naddAction(AllRule(), SpoofAction('192.0.2.1'))\n");
            server = withServer
                    ? ChildProcess.start(directory.path(), Subject.current().command("-C", "c.conf", "--supervised"))
                    : ChildProcess.start(directory.path(), List.of("sleep", "600"));
            if (withServer) {
                Await.until("the server answers", LIMIT, () -> dig("warm.example.", "A")
                        .contains("192.0.2.1"));
            }
        }

        private boolean isApart() {
            try {
                Path own = Path.of("/proc/thread-self/ns/net");
                return !Files.readSymbolicLink(Path.of("/proc/" + far.pid() + "/ns/net"))
                        .equals(Files.readSymbolicLink(own));
            } catch (IOException e) {
                return false;
            }
        }

        private static void ip(String... words) throws Exception {
            List<String> command = new ArrayList<>(List.of("ip"));
            command.addAll(List.of(words));
            KernelSandbox.command(command.toArray(String[]::new));
        }

        private ChildProcess.Outcome inFar(String... words) {
            List<String> command = new ArrayList<>(List.of("nsenter", "--net=/proc/" + far.pid() + "/ns/net"));
            command.addAll(List.of(words));
            return ChildProcess.run(directory.path(), command, "", LIMIT);
        }

        private static String[] words(Path pins, String... words) {
            List<String> all = new ArrayList<>(List.of("xdp"));
            all.addAll(List.of(words));
            all.addAll(List.of("--maps", pins.toString()));
            return all.toArray(String[]::new);
        }

        private ChildProcess.Outcome farXdp(String... words) {
            Path farPins = pins.resolveSibling("far");
            return inFar(Subject.current().command(words(farPins, words)).toArray(String[]::new));
        }

        /** Runs {@code weir xdp} beside the server. */
        ChildProcess.Outcome xdp(String... words) {
            return ChildProcess.run(directory.path(), Subject.current().command(words(pins, words)), "", LIMIT);
        }

        ChildProcess startXdp(String... words) {
            return ChildProcess.start(directory.path(), Subject.current().command(words(pins, words)));
        }

        /** Runs {@code weir xdp}, which must succeed. */
        String done(String... words) {
            ChildProcess.Outcome outcome = xdp(words);
            assertThat(outcome.status())
                    .as("%s: %s", List.of(words), outcome.output())
                    .isZero();
            return outcome.stdout();
        }

        /** Asks once, for a second at most. */
        String dig(String name, String type, String... more) {
            List<String> command =
                    new ArrayList<>(List.of("dig", "+tries=1", "+time=1", "+nocookie", "@" + SERVER, name, type));
            command.addAll(List.of(more));
            return inFar(command.toArray(String[]::new)).output();
        }

        long counter(String name) {
            Matcher number = Pattern.compile("\"" + name + "\":(\\d+)").matcher(done("status", "--json", "-i", "a"));
            assertThat(number.find()).isTrue();
            return Long.parseLong(number.group(1));
        }

        @Override
        public void close() {
            xdp("detach", "--all", "--purge");
            farXdp("detach", "--all", "--purge");
            server.close();
            far.close();
            directory.close();
        }
    }

    /** What a test does with the two namespaces. */
    @FunctionalInterface
    private interface Body {
        void run(Wire wire) throws Exception;
    }

    private static void onTheWire(boolean withServer, Body body) throws Exception {
        KernelSandbox.run(sandbox -> {
            try (Wire wire = new Wire(sandbox, withServer)) {
                body.run(wire);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"native", "generic"})
    void digSeesEachVerdictAndTheCountersAgree(String mode) throws Exception {
        onTheWire(true, wire -> {
            assertThat(wire.done("attach", "-i", "a", "--mode", mode)).contains("a is guarded: " + mode + " mode");
            wire.done("block", "dropped.example");
            wire.done("block", "retry.example", "--suffix", "--action", "truncate");
            wire.done("block", "no.example", "--type", "A", "--action", "refused");
            wire.done("block", "none.example", "--action", "nxdomain");

            assertThat(wire.dig("fine.example.", "A")).contains("192.0.2.1");
            assertThat(wire.dig("DROPPED.example.", "A")).contains("no servers could be reached");
            assertThat(wire.dig("www.retry.example.", "A", "+ignore"))
                    .contains("flags: qr tc rd")
                    .doesNotContain("192.0.2.1");
            assertThat(wire.dig("www.retry.example.", "A"))
                    .contains("Truncated, retrying in TCP mode")
                    .contains("192.0.2.1");
            assertThat(wire.dig("no.example.", "A")).contains("status: REFUSED");
            assertThat(wire.dig("no.example.", "AAAA")).doesNotContain("REFUSED");
            assertThat(wire.dig("none.example.", "TXT")).contains("status: NXDOMAIN");

            assertThat(wire.counter("dropped")).isEqualTo(1);
            assertThat(wire.counter("truncated")).isEqualTo(2);
            assertThat(wire.counter("refused")).isEqualTo(1);
            assertThat(wire.counter("nxdomain")).isEqualTo(1);
            String list = wire.done("ls");
            assertThat(list)
                    .containsPattern("name +dropped\\.example\\.? +any +drop +1\\b")
                    .containsPattern("suffix +retry\\.example\\.? +any +truncate +2\\b")
                    .containsPattern("name +no\\.example\\.? +A +refused +1\\b");
            assertThat(wire.done("ls", "suffixes").lines()).hasSize(2);
            String dump = KernelSandbox.command(
                    "bpftool",
                    "-j",
                    "map",
                    "dump",
                    "pinned",
                    wire.pins.resolve("qnames").toString());
            assertThat(dump.split("\"hits\":1\\b", -1))
                    .as("three entries hit once each: %s", dump)
                    .hasSize(4);

            wire.done("block", CLIENT, "--for", "1h");
            assertThat(wire.dig("fine.example.", "A")).contains("no servers could be reached");
            assertThat(wire.done("ls", "addresses")).containsPattern("address +" + CLIENT + " +drop +1 +3[0-9]{3} s");
            wire.done("unblock", CLIENT);
            assertThat(wire.dig("fine.example.", "A")).contains("192.0.2.1");
            assertThat(wire.xdp("unblock", CLIENT).status()).isEqualTo(1);

            wire.done("limit", "198.18.0.0/24", "1", "--burst", "1");
            wire.dig("one.example.", "A");
            assertThat(wire.dig("two.example.", "A") + wire.dig("three.example.", "A"))
                    .contains("no servers");
            assertThat(wire.counter("limited")).isPositive();
            assertThat(wire.done("top", "--once", "--interval", "0.1", "-n", "1")
                            .lines())
                    .hasSize(2);
            wire.done("unlimit", "198.18.0.0/24");
        });
    }

    @Test
    void watchTellsWhatHappensAndStopsSampling() throws Exception {
        onTheWire(true, wire -> {
            wire.done("attach", "-i", "a");
            wire.done("block", "dropped.example");
            try (ChildProcess watch = wire.startXdp("watch", "--json")) {
                Await.until("events", LIMIT, () -> {
                    wire.dig("dropped.example.", "AAAA");
                    return watch.stdout().contains("dropped.example");
                });
                assertThat(watch.stdout()
                                .lines()
                                .filter(line -> line.contains("dropped.example"))
                                .findFirst())
                        .get()
                        .asString()
                        .contains("\"interface\":\"a\"", "\"client\":\"" + CLIENT + "\"", "\"protocol\":\"udp\"")
                        .contains("\"type\":\"AAAA\"", "\"verdict\":\"dropped\"");
                ChildProcess second = wire.startXdp("watch", "-n", "1");
                Await.until("a warning", LIMIT, () -> second.stderr().contains("another 'weir xdp watch' is here"));
                assertThat(second.terminate(LIMIT)).isZero();
                assertThat(samples(wire)).isEqualTo(1);
                assertThat(watch.terminate(LIMIT)).isZero();
            }
            assertThat(samples(wire)).isZero();
        });
    }

    private static int samples(Wire wire) throws Exception {
        String dump = KernelSandbox.command(
                "bpftool",
                "-j",
                "map",
                "lookup",
                "pinned",
                wire.pins.resolve("weir-settings").toString(),
                "key",
                "0",
                "0",
                "0",
                "0");
        Matcher number = Pattern.compile("\"sample_every\":(\\d+)").matcher(dump);
        assertThat(number.find()).as(dump).isTrue();
        return Integer.parseInt(number.group(1));
    }

    /** Killed at any moment: the state before or the state after, a working program at all times, and attaching again completes it. */
    @Test
    void killedAttachesLeaveTheOldOrTheNewGuard() throws Exception {
        onTheWire(true, wire -> {
            wire.done("attach", "-i", "a");
            wire.done("block", "dropped.example");
            Random random = new Random(4);
            for (int run = 0; run < RUNS_KILLED; run++) {
                ChildProcess attach = wire.startXdp("attach", "-i", "a");
                LockSupport.parkNanos(
                        Duration.ofMillis(100 + random.nextInt(600)).toNanos());
                attach.kill();
                assertThat(wire.dig("dropped.example.", "A")).as("run %d", run).contains("no servers could be reached");
                assertThat(wire.counter("dropped")).as("counters go on").isEqualTo(run + 1);
            }
            assertThat(wire.done("attach", "-i", "a")).contains("in place of");
            assertThat(pinned(wire)).containsExactly("link", "prog", "stats");
            assertThat(wire.dig("dropped.example.", "A")).contains("no servers could be reached");
        });
    }

    /** From nothing: killed before the link has its pin, nothing is attached; after, all is. */
    @Test
    void killedFirstAttachesLeaveNothingOrAGuard() throws Exception {
        onTheWire(false, wire -> {
            Random random = new Random(5);
            for (int run = 0; run < RUNS_KILLED / 2; run++) {
                ChildProcess attach = wire.startXdp("attach", "-i", "a");
                LockSupport.parkNanos(
                        Duration.ofMillis(200 + random.nextInt(400)).toNanos());
                attach.kill();
                boolean guarded =
                        KernelSandbox.command("ip", "link", "show", "dev", "a").contains("prog/xdp");
                assertThat(wire.done("status").contains("native")).isEqualTo(guarded);
                wire.done("attach", "-i", "a");
                assertThat(pinned(wire)).containsExactly("link", "prog", "stats");
                wire.done("detach", "-i", "a", "--purge");
                assertThat(wire.pins).doesNotExist();
            }
        });
    }

    private static List<String> pinned(Wire wire) throws IOException {
        try (var files = Files.list(wire.pins.resolve("weir/a"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aStrangersProgramStaysAndIsNamed() throws Exception {
        onTheWire(false, wire -> {
            wire.done("attach", "-i", "a");
            ChildProcess.Outcome other = wire.xdp("attach", "-i", "a", "--maps=" + wire.pins.resolveSibling("other"));
            assertThat(other.status()).as("--maps twice").isEqualTo(2);
            Path elsewhere = wire.pins.resolveSibling("other");
            ChildProcess.Outcome refused = ChildProcess.run(
                    wire.directory.path(),
                    Subject.current().command("xdp", "attach", "-i", "a", "--maps", elsewhere.toString()),
                    "",
                    LIMIT);
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.stderr())
                    .containsPattern("program \"guard\" \\(id \\d+\\)")
                    .contains("--replace");
            assertThat(elsewhere).doesNotExist();
            assertThat(wire.done("status")).containsPattern("a +native");
        });
    }
}
