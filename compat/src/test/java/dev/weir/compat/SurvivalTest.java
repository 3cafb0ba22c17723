package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.web.console.ConsoleClient;
import dev.weir.web.console.ConsoleKey;
import dev.weir.web.console.ConsoleSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Protection outlives its keepers: the daemon and {@code weir xdp} are killed at random moments of their work, under load, while
 *
 * <ul>
 *   <li>a good client asks a server that nobody kills, so that only the kernel could lose its queries: none may be lost;
 *   <li>two blocked clients ask, one blocked by {@code weir xdp}, one by the configuration: none may ever be answered;
 *   <li>blocks with an end are made: they must hold until then and end then, whether their daemon lives or not.
 * </ul>
 *
 * <p>{@code -Dweir.rounds=N} says how often, {@code -Dweir.report=FILE} where the figures go; {@code bench/survive} does both.
 */
@NewerThanDebian("has no program in front of it")
class SurvivalTest {
    private static final int ROUNDS = Integer.getInteger("weir.rounds", 3);
    private static final Duration LIMIT = Await.PATIENCE;
    private static final long BLOCK_SECONDS = 3;
    private static final String NOBODY = "no servers could be reached";
    private static final String BLOCKED_BY_TOOL = "198.18.0.66";
    private static final String BLOCKED_BY_CONFIG = "198.18.0.67";
    private static final String NOISY = "198.18.0.80";
    private static final String PORTS = "53,5301";
    private static final List<String> ENDLESS = List.of(BLOCKED_BY_TOOL, BLOCKED_BY_CONFIG, "198.18.2.1");

    private final Random random = new Random(4);
    private final AtomicLong changes = new AtomicLong();
    private final AtomicLong ends = new AtomicLong();
    private long worstLatenessNanos;
    private int killedInTime;
    private int toolsKilled;

    private static String config(Path pins) {
        return Wire.ANSWERS_ALL + """
                setKey('%1$s')
                controlSocket('127.0.0.1:5393')
                bpf = newBPFFilter({external=true, ipv4MaxItems=1024, ipv4PinnedPath='%2$s/addr-v4', ipv6MaxItems=1024,
                    ipv6PinnedPath='%2$s/addr-v6', qnamesMaxItems=1024, qnamesPinnedPath='%2$s/qnames'})
                setDefaultBPFFilter(bpf)
                bpf:block(newCA('%3$s'))
                dbr = dynBlockRulesGroup()
                dbr:setQueryRate(50, 2, 'too many', 2)
                function maintenance() dbr:apply() end
                """.formatted(DnsProcess.CONSOLE_KEY, pins, BLOCKED_BY_CONFIG);
    }

    private static void startNsd(Wire wire) throws IOException {
        Path at = wire.directory();
        Files.writeString(at.resolve("zone"), """
                $ORIGIN example.
                $TTL 3600
                @ SOA ns hostmaster 1 7200 3600 1209600 300
                @ NS ns
                ns A 192.0.2.53
                fine A 192.0.2.1
                """);
        Path file = Files.writeString(at.resolve("nsd.conf"), """
                server:
                  ip-address: %1$s@5301
                  server-count: 1
                  username: ""
                  chroot: ""
                  zonesdir: "%2$s"
                  pidfile: "%2$s/nsd.pid"
                  xfrdfile: "%2$s/xfrd.state"
                  zonelistfile: "%2$s/zone.list"
                  database: ""
                  rrl-ratelimit: 0
                remote-control:
                  control-enable: no
                zone:
                  name: "example."
                  zonefile: "zone"
                """.formatted(Wire.SERVER, at));
        wire.start(List.of("/usr/sbin/nsd", "-d", "-c", file.toString()));
        Await.until("nsd answers", LIMIT, () -> asks(wire, Wire.CLIENT));
    }

    /** Whether a client is answered by the server that nobody kills. */
    private static boolean asks(Wire wire, String client) {
        return wire.dig("fine.example.", "A", "-p", "5301", "-b", client).contains("192.0.2.1");
    }

    private static ChildProcess load(Wire wire, String client, String port, String rate) {
        Path queries = wire.directory().resolve("queries");
        List<String> command = new ArrayList<>(List.of("dnsperf", "-s", Wire.SERVER, "-p", port, "-a", client));
        command.addAll(List.of("-d", queries.toString(), "-Q", rate, "-q", "20", "-t", "5", "-l", "3000"));
        return wire.startFar(command.toArray(String[]::new));
    }

    /** Ends a load and reads one of its figures. */
    private static long[] figures(Wire wire, ChildProcess load) {
        wire.run(List.of("kill", "-INT", String.valueOf(load.pid())));
        load.awaitExit(LIMIT);
        return new long[] {figure(load, "sent"), figure(load, "completed"), figure(load, "lost")};
    }

    private static long figure(ChildProcess load, String name) {
        Matcher number = Pattern.compile("Queries " + name + ": +(\\d+)").matcher(load.stdout());
        assertThat(number.find()).as(load.output()).isTrue();
        return Long.parseLong(number.group(1));
    }

    @Test
    void nothingIsLostAndNothingIsLeft() throws Exception {
        // The first socket that is closed makes a pair that the JDK keeps: not the sandbox's leak.
        new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
        long startNanos = System.nanoTime();
        List<String> report = new ArrayList<>();
        KernelSandbox.run(sandbox -> {
            try (Wire wire = new Wire(sandbox)) {
                prepare(wire);
                ChildProcess daemon = wire.serve(config(wire.pins()));
                List<ChildProcess> blocked =
                        List.of(load(wire, BLOCKED_BY_TOOL, "5301", "20"), load(wire, BLOCKED_BY_CONFIG, "53", "20"));
                ChildProcess noisy = load(wire, NOISY, "53", "200");
                ChildProcess good = load(wire, Wire.CLIENT, "5301", "500");
                for (int round = 1; round <= ROUNDS; round++) {
                    daemon = round(wire, daemon, round);
                }
                assertThat(daemon.terminate(LIMIT)).isZero();
                long[] kept = figures(wire, good);
                for (ChildProcess load : blocked) {
                    long[] seen = figures(wire, load);
                    assertThat(seen[0]).isPositive();
                    assertThat(seen[1]).as("answers to a blocked client").isZero();
                    report.add("blocked client: " + seen[0] + " queries sent, " + seen[1] + " answered");
                }
                assertThat(kept[1]).isPositive();
                assertThat(kept[2]).as("queries of the good client lost").isZero();
                report.add("good client: " + kept[0] + " queries sent, " + kept[1] + " answered, " + kept[2] + " lost");
                long[] flood = figures(wire, noisy);
                report.add("client over its rate: " + flood[0] + " queries sent, " + flood[1] + " answered");
                assertThat(wire.counter("dropped")).isGreaterThan(ROUNDS);
                report.add("dropped in the kernel: " + wire.counter("dropped"));
            }
        });
        // The sandbox has compared links, programs, maps, pins, descriptors and namespaces with those before.
        report.add("left behind: no link, program, map, pin, descriptor or namespace");
        report.addFirst(ROUNDS + " rounds in "
                + Duration.ofNanos(System.nanoTime() - startNanos).toSeconds() + " s: the daemon killed " + ROUNDS
                + " times, weir xdp killed " + toolsKilled + " times before its end");
        report.add(
                1,
                "entries changed by the console meanwhile: " + changes.get() + "; blocks with an end checked: "
                        + ends.get() + ", " + killedInTime + " of them past the death of their daemon; seen ended "
                        + worstLatenessNanos / 1_000_000 + " ms late at most (dig waits for 1 s)");
        String file = System.getProperty("weir.report");
        if (file != null) {
            Files.write(Path.of(file), report);
        }
    }

    private static void prepare(Wire wire) throws Exception {
        wire.done("attach", "-i", "a", "--mode", "native", "--port", PORTS);
        KernelSandbox.command("ip", "link", "add", "c", "type", "veth", "peer", "name", "d");
        KernelSandbox.command("ip", "link", "set", "dev", "c", "up");
        for (String client : List.of(BLOCKED_BY_TOOL, BLOCKED_BY_CONFIG, NOISY)) {
            wire.addClient(client);
        }
        Files.writeString(wire.directory().resolve("queries"), "fine.example A\n");
        wire.done("block", BLOCKED_BY_TOOL);
        startNsd(wire);
    }

    /** One life of the daemon and one of the tool. @return the next daemon */
    private ChildProcess round(Wire wire, ChildProcess daemon, int round) throws Exception {
        String client = "198.18.1." + round;
        wire.addClient(client);
        ChildProcess look = wire.startXdp("ls");
        long madeNanos = System.nanoTime();
        Thread busy = keepBusy(client);
        long readyBy = madeNanos + LIMIT.toNanos();
        // Without a process for each look, which beside much else lives longer than the block.
        while (wire.hits(client) < 0) {
            assertThat(System.nanoTime()).as("the block is made").isLessThan(readyBy);
        }
        pause(500);
        daemon.kill();
        busy.join();
        look.awaitExit(LIMIT);
        boolean answered = asks(wire, client);
        assertThat(answered
                        && System.nanoTime() - madeNanos
                                < Duration.ofSeconds(BLOCK_SECONDS).toNanos())
                .as("round %d: the block holds without its daemon", round)
                .isFalse();
        killTool(wire, round);
        ChildProcess next = round % 2 == 0 ? wire.serve(config(wire.pins())) : null;
        awaitEnd(wire, client, madeNanos, next == null);
        if (next == null) {
            next = wire.serve(config(wire.pins()));
        }
        assertThat(next.output()).doesNotContainIgnoringCase("error").doesNotContain("already blocked");
        assertThat(next.isAlive()).as(next.output()).isTrue();
        checkEntries(wire, round);
        return next;
    }

    /** Has the console make blocks and lift them, with an end and without, as fast as it can until it breaks. */
    private Thread keepBusy(String client) throws IOException {
        ConsoleClient console = ConsoleClient.connect(
                new InetSocketAddress("127.0.0.1", 5393),
                Objects.requireNonNull(ConsoleKey.parse(DnsProcess.CONSOLE_KEY)),
                ConsoleSettings.DEFAULT_MAX_MESSAGE_BYTES);
        console.execute("addDynamicBlock('%s', 'round', DNSAction.Drop, %d)".formatted(client, BLOCK_SECONDS));
        return Thread.ofPlatform().start(() -> {
            try (console) {
                for (int i = 0; ; i = (i + 1) % 200) {
                    console.execute(
                            "pcall(function() bpf:block(newCA('198.18.2.1')) end) addDynamicBlock('198.18.3." + i
                                    + "', 'churn', DNSAction.Drop, 1) pcall(function() bpf:unblock(newCA('198.18.2.1')) end)");
                    changes.addAndGet(3);
                }
            } catch (IOException e) {
                // The daemon is dead.
            }
        });
    }

    private void pause(int atMostMillis) {
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(atMostMillis)).toNanos());
    }

    private void killTool(Wire wire, int round) {
        String[] words =
                switch (round % 5) {
                    case 0 -> new String[] {"attach", "-i", "c", "--port", PORTS};
                    case 1 -> new String[] {"attach", "-i", "a", "--port", PORTS};
                    case 2 -> new String[] {"block", "198.18.4." + round, "--for", "2s"};
                    case 3 -> new String[] {"detach", "-i", "c"};
                    default -> new String[] {"block", "198.18.0.0/16", "--action", "pass", "--for", "1s"};
                };
        ChildProcess tool = wire.startXdp(words);
        pause(450);
        if (tool.isAlive()) {
            toolsKilled++;
            tool.kill();
        }
        // The same again completes what was begun, or finds it done.
        ChildProcess.Outcome again = wire.xdp(words);
        boolean gone = words[0].equals("detach") && again.stderr().contains("no guard");
        assertThat(again.status() == 0 || gone)
                .as("%s: %s", List.of(words), again.output())
                .isTrue();
        if (words[0].equals("detach")) {
            assertThat(wire.pins().resolve("weir/c")).doesNotExist();
        }
    }

    private void awaitEnd(Wire wire, String client, long madeNanos, boolean alone) {
        long endNanos = madeNanos + Duration.ofSeconds(BLOCK_SECONDS).toNanos();
        Await.until("the block ends", LIMIT, () -> asks(wire, client));
        long seenNanos = System.nanoTime();
        assertThat(seenNanos - endNanos).as("not before its time").isNotNegative();
        worstLatenessNanos = Math.max(worstLatenessNanos, seenNanos - endNanos);
        ends.incrementAndGet();
        killedInTime += alone ? 1 : 0;
    }

    /** Whatever was to end has an end; what was to stay is there. */
    private static void checkEntries(Wire wire, int round) {
        String list = wire.done("ls", "addresses");
        List<String> endless = list.lines()
                .map(line -> Pattern.compile("^address +(\\S+) +drop +\\d+ *(daemon .*)?$")
                        .matcher(line))
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .toList();
        assertThat(endless)
                .as("round %d: blocks without an end", round)
                .contains(BLOCKED_BY_TOOL, BLOCKED_BY_CONFIG)
                .isSubsetOf(ENDLESS);
        assertThat(wire.dig("fine.example.", "A", "-p", "5301", "-b", BLOCKED_BY_CONFIG))
                .contains(NOBODY);
    }
}
