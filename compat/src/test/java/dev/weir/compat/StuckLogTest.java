package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Standard output is a pipe, and whoever should read it has stopped: queries, console and the end go on as ever. */
@NewerThanDebian("waits for the reader")
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StuckLogTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** More than a pipe and the queue behind it take together: 64 KiB and 2 MiB. */
    private static final int QUERIES = 600;

    private static final String NOISY = """
            addAction(AllRule(), LuaAction(function(dq)
              errlog(string.rep("e", 8000))
              print(string.rep("p", 2000))
              return DNSAction.Spoof, "192.0.2.1"
            end))
            """;

    @Test
    void nobodyWaitsForTheReader() throws Exception {
        int port = LoopbackPorts.free();
        try (TempDirectory directory = TempDirectory.create("weir-stuck")) {
            directory.write("c.conf", DnsProcess.preamble(port, "") + NOISY);
            Process stuck = new ProcessBuilder(
                            TestSubject.current().command("-C", "c.conf", "--supervised", "--disable-syslog"))
                    .directory(directory.path().toFile())
                    .start();
            try (UdpClient client = UdpClient.to(LoopbackPorts.address(port))) {
                Await.until("listening", LIMIT, () -> LoopbackPorts.tcpListening(port));
                for (int i = 0; i < QUERIES; i++) {
                    assertThat(client.ask(DnsQuery.of("q" + i + ".example.", DnsMessage.A))
                                    .answerTexts())
                            .containsExactly("192.0.2.1");
                }
                assertThat(lost(directory)).isPositive();
                // SIGTERM, the output left open: nobody reads it to the last.
                stuck.toHandle().destroy();
                assertThat(stuck.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
                assertThat(stuck.exitValue()).isZero();
            } finally {
                stuck.destroyForcibly();
            }
        }
    }

    private static long lost(TempDirectory directory) {
        ChildProcess.Outcome outcome = ChildProcess.run(
                directory.path(), TestSubject.current().command("-C", "c.conf", "-e", "dumpStats()"), "", LIMIT);
        Matcher counter = Pattern.compile("log-lines-lost\\s+(\\d+)").matcher(outcome.stdout());
        assertThat(counter.find()).as(outcome.output()).isTrue();
        return Long.parseLong(counter.group(1));
    }

    /** What was said just before the end is there, and in order. */
    @Test
    void theLastLinesAreOut() throws IOException {
        try (TempDirectory directory = TempDirectory.create("weir-stuck")) {
            directory.write("c.conf", DnsProcess.preamble(LoopbackPorts.free(), "") + """
                    print("first")
                    for i = 1, 300 do errlog("line " .. i) end
                    print("last")
                    error("the end")
                    """);
            ChildProcess.Outcome outcome = ChildProcess.run(
                    directory.path(),
                    TestSubject.current().command("-C", "c.conf", "--supervised", "--disable-syslog"),
                    "",
                    LIMIT);
            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.stdout().lines()).hasSize(303);
            assertThat(outcome.stdout().lines().findFirst()).hasValue("first");
            assertThat(outcome.stdout()).contains("line 1\"", "line 300\"");
            assertThat(outcome.stdout().indexOf("line 300\""))
                    .isLessThan(outcome.stdout().indexOf("\nlast\n"));
            assertThat(outcome.stdout().stripTrailing().lines().toList().getLast())
                    .contains("the end");
        }
    }
}
