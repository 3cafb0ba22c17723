package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.NsdServer;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestZone;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What do clients lose when one of three backends dies and comes back under load? */
class BackendFailureTest {
    private static final int RATE = 20_000;
    /** Interrupted long before: what is waited for comes while there is load. */
    private static final int SECONDS = 300;

    private static final int OUTSTANDING = 200;
    private static final Duration LIMIT = Await.PATIENCE;

    /**
     * Nothing is lost but what the dead backend was sent before it was known to be dead: its share of the rate until
     * the second failed check (a second each), never more than what dnsperf keeps outstanding per lost-query timeout.
     */
    @Test
    void onlyQueriesInFlightAreLost() {
        try (NsdServer one = NsdServer.withZone(TestZone.NAME, TestZone.masterFile());
                NsdServer two = NsdServer.withZone(TestZone.NAME, TestZone.masterFile());
                NsdServer three = NsdServer.withZone(TestZone.NAME, TestZone.masterFile());
                DnsProcess subject = DnsProcess.start(config(one, two, three));
                TempDirectory directory = TempDirectory.create("weir-load")) {
            directory.write("queries", queries());
            try (ChildProcess load = ChildProcess.start(directory.path(), dnsperf(subject.port()))) {
                Await.until("load", LIMIT, () -> served(subject) > RATE / 2);
                two.kill();
                Await.until("known to be down", LIMIT, () -> serverLine(subject, two)
                        .contains(" down "));
                long before = queriesOf(subject, two);
                two.restart();
                Await.until(
                        "known to be up", LIMIT, () -> serverLine(subject, two).contains(" up "));
                Await.until("used again", LIMIT, () -> queriesOf(subject, two) > before);
                assertThat(load.interrupt(LIMIT)).isZero();
                String report = load.output();
                long sent = figure(report, "Queries sent");
                long lost = figure(report, "Queries lost");
                assertThat(sent).as(report).isGreaterThan(RATE * figure(report, "Run time \\(s\\)") / 4);
                // A lost query blocks one of the outstanding places for the second of dnsperf's timeout, so at most
                // these can be lost in each second until the backend is known to be down.
                assertThat(lost).as(report).isLessThanOrEqualTo(3L * OUTSTANDING);
                assertThat(report).doesNotContain("SERVFAIL");
            }
        }
    }

    private static String config(NsdServer... backends) {
        StringBuilder config = new StringBuilder("setServerPolicy(leastOutstanding)\nsetUDPTimeout(1)\n");
        for (NsdServer backend : backends) {
            config.append(
                    "newServer({address=\"%s\", checkName=\"%s\", checkType=\"SOA\", checkInterval=1, checkTimeout=500, maxCheckFailures=1, sockets=2})\n"
                            .formatted(backend.hostPort(), TestZone.NAME));
        }
        return config.toString();
    }

    private static List<String> dnsperf(int port) {
        return List.of(
                "dnsperf",
                "-s",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-d",
                "queries",
                "-c",
                "8",
                "-q",
                Integer.toString(OUTSTANDING),
                "-Q",
                Integer.toString(RATE),
                "-t",
                "1",
                "-l",
                Integer.toString(SECONDS));
    }

    private static String queries() {
        return TestZone.queries(1000).stream()
                .filter(q -> q.type() == dev.weir.testkit.DnsMessage.A)
                .map(q -> q.name() + " A")
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static long figure(String report, String name) {
        Matcher found = Pattern.compile(name + ": +(\\d+)").matcher(report);
        assertThat(found.find()).as("%s in %s", name, report).isTrue();
        return Long.parseLong(found.group(1));
    }

    private static long served(DnsProcess subject) {
        return subject.counter("responses");
    }

    private static String serverLine(DnsProcess subject, NsdServer backend) {
        return subject.console("showServers()")
                .lines()
                .filter(line -> line.contains(backend.hostPort()))
                .findFirst()
                .orElseThrow();
    }

    /** The column "Queries": # Name Address State Qps Qlim Ord Wt Queries. */
    private static long queriesOf(DnsProcess subject, NsdServer backend) {
        return Long.parseLong(serverLine(subject, backend).strip().split(" +")[8]);
    }
}
