package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TestSubject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code weir xdp} as an operator runs it: a balancer behind one end of a cable, dig in another network namespace behind the other end. No
 * process of ours is there while packets are judged.
 */
@NewerThanDebian("has no such program")
class XdpTest {
    private static final Duration LIMIT = Await.PATIENCE;
    private static final int RUNS_KILLED = 12;

    /** What a test does with the two namespaces. */
    @FunctionalInterface
    private interface Body {
        void run(Wire wire) throws Exception;
    }

    private static void onTheWire(boolean withServer, Body body) throws Exception {
        KernelSandbox.run(sandbox -> {
            try (Wire wire = new Wire(sandbox)) {
                if (withServer) {
                    wire.serve(Wire.ANSWERS_ALL);
                }
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

            ChildProcess dropped = wire.startDig("DROPPED.example.", "A");
            assertThat(wire.dig("fine.example.", "A")).contains("192.0.2.1");
            assertThat(wire.dig("www.retry.example.", "A", "+ignore"))
                    .contains("flags: qr tc rd")
                    .doesNotContain("192.0.2.1");
            assertThat(wire.dig("www.retry.example.", "A"))
                    .contains("Truncated, retrying in TCP mode")
                    .contains("192.0.2.1");
            assertThat(wire.dig("no.example.", "A")).contains("status: REFUSED");
            assertThat(wire.dig("no.example.", "AAAA")).doesNotContain("REFUSED");
            assertThat(wire.dig("none.example.", "TXT")).contains("status: NXDOMAIN");

            assertThat(unanswered(dropped)).isTrue();
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
                    wire.pins().resolve("qnames").toString());
            assertThat(dump.split("\"hits\":1\\b", -1))
                    .as("three entries hit once each: %s", dump)
                    .hasSize(4);

            wire.done("block", Wire.CLIENT, "--for", "1h");
            assertThat(wire.dig("fine.example.", "A")).contains("no servers could be reached");
            assertThat(wire.done("ls", "addresses"))
                    .containsPattern("address +" + Wire.CLIENT + " +drop +1 +3[0-9]{3} s");
            wire.done("unblock", Wire.CLIENT);
            assertThat(wire.dig("fine.example.", "A")).contains("192.0.2.1");
            assertThat(wire.xdp("unblock", Wire.CLIENT).status()).isEqualTo(1);

            wire.done("limit", "198.18.0.0/24", "1", "--burst", "1");
            assertThat(wire.done("ls", "limits")).containsPattern("limit +198\\.18\\.0\\.0/24 +drop +0 +1 +1 +0\n");
            assertThat(wire.done("ls", "limits", "--json"))
                    .contains("\"rate\":1")
                    .contains("\"slip\":0");
            List<ChildProcess> three = Stream.of("one.example.", "two.example.", "three.example.")
                    .map(name -> wire.startDig(name, "A"))
                    .toList();
            assertThat(three).anyMatch(XdpTest::unanswered);
            assertThat(wire.counter("limited")).isPositive();
            assertThat(wire.done("top", "--once", "--interval", "0.1", "-n", "1")
                            .lines())
                    .hasSize(2);
            wire.done("unlimit", "198.18.0.0/24");
        });
    }

    /** Whether a dig that was started has heard nothing, once it has ended. */
    private static boolean unanswered(ChildProcess dig) {
        dig.awaitExit(LIMIT);
        return dig.output().contains("no servers could be reached");
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
                        .contains("\"interface\":\"a\"", "\"client\":\"" + Wire.CLIENT + "\"", "\"protocol\":\"udp\"")
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
                wire.pins().resolve("weir-settings").toString(),
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
                int drops = run + 1;
                try (ChildProcess dig = wire.startDig("dropped.example.", "A")) {
                    Await.until("counters go on", LIMIT, () -> wire.counter("dropped") == drops);
                    assertThat(dig.stdout()).as("run %d", run).doesNotContain("ANSWER");
                }
            }
            assertThat(wire.done("attach", "-i", "a")).contains("in place of");
            assertThat(pinned(wire)).containsExactly("link", "options", "prog", "stats");
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
                assertThat(pinned(wire)).containsExactly("link", "options", "prog", "stats");
                wire.done("detach", "-i", "a", "--purge");
                assertThat(wire.pins()).doesNotExist();
            }
        });
    }

    private static List<String> pinned(Wire wire) throws IOException {
        try (var files = Files.list(wire.pins().resolve("weir/a"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Where no daemon runs: entries that had ended stayed in the table until it was full of them. */
    @Test
    void whatHasEndedMakesRoom() throws Exception {
        onTheWire(false, wire -> {
            wire.done("attach", "-i", "a", "--max-items", "1");
            wire.done("block", "192.0.2.1", "--for", "1s");
            Await.until("the end", LIMIT, () -> !wire.done("ls", "addresses").contains("192.0.2.1"));
            wire.done("block", "192.0.2.2", "--for", "1h");
            assertThat(wire.done("ls", "addresses")).contains("192.0.2.2").doesNotContain("192.0.2.1");
            assertThat(wire.done("status")).containsPattern("addr-v4 +1 +1\n");
        });
    }

    @Test
    void aStrangersProgramStaysAndIsNamed() throws Exception {
        onTheWire(false, wire -> {
            wire.done("attach", "-i", "a");
            ChildProcess.Outcome other =
                    wire.xdp("attach", "-i", "a", "--maps=" + wire.pins().resolveSibling("other"));
            assertThat(other.status()).as("--maps twice").isEqualTo(2);
            Path elsewhere = wire.pins().resolveSibling("other");
            ChildProcess.Outcome refused = ChildProcess.run(
                    wire.directory(),
                    TestSubject.current().command("xdp", "attach", "-i", "a", "--maps", elsewhere.toString()),
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
