package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code weir top} beside a running instance, Weir's or dnsdist's: it has nothing but the console. */
@Timeout(120)
class TopTest {
    private static final String CONFIG = """
            newServer({address="127.0.0.1:9", name="alpha", healthCheckMode="up"})
            addAction(AllRule(), SpoofAction("192.0.2.1"))
            addDynBlocks({["192.0.2.66"]=1}, "too many", 600)
            """;

    private static Process top(DnsProcess server, String... more) throws IOException {
        List<String> command =
                TestSubject.WEIR.command("top", "-C", server.config().toString());
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void load(DnsProcess server, AtomicBoolean on) {
        Thread.ofPlatform().daemon().start(() -> {
            try (UdpClient client = UdpClient.to(server.address())) {
                while (on.get()) {
                    client.ask(DnsQuery.of("busy.example.", DnsMessage.A));
                }
            }
        });
    }

    @Test
    void onePageHasRatesAndTables() throws Exception {
        AtomicBoolean on = new AtomicBoolean(true);
        try (DnsProcess server = DnsProcess.start(CONFIG)) {
            load(server, on);
            Process top = top(server, "--once", "--interval", "1");
            String page = new String(top.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            on.set(false);
            assertThat(top.waitFor()).as(page).isZero();
            assertThat(page)
                    .containsPattern("Queries +[1-9][\\d,]*/s   from backends 0/s .* by rules [1-9][\\d,]*/s")
                    .contains("alpha")
                    .contains("192.0.2.66/32")
                    .contains("busy.example")
                    .containsPattern("Process +[1-9]\\d* MB");
        } finally {
            on.set(false);
        }
    }

    /** Where there is no terminal, page after page, until nobody reads or the server is gone. */
    @Test
    void pagesGoOnUntilTheServerEnds() throws Exception {
        Process top;
        BufferedReader pages;
        try (DnsProcess server = DnsProcess.start(CONFIG)) {
            top = top(server, "--interval", "0.2");
            pages = new BufferedReader(new InputStreamReader(top.getInputStream(), StandardCharsets.UTF_8));
            int seen = 0;
            while (seen < 3) {
                String line = pages.readLine();
                assertThat(line).isNotNull();
                seen += line.startsWith("Weir top") ? 1 : 0;
            }
        }
        assertThat(pages.lines().toList()).contains("Connection closed by the server.");
        assertThat(top.waitFor()).isZero();
    }

    @Test
    void whatIsWrongIsSaid() throws Exception {
        try (TempDirectory directory = TempDirectory.create("weir-top")) {
            directory.write("c.conf", "controlSocket('127.0.0.1:1')\nsetKey('" + DnsProcess.CONSOLE_KEY + "')\n");
            List<String> command = TestSubject.WEIR.command(
                    "top", "-C", directory.path().resolve("c.conf").toString());
            ChildProcess.Outcome outcome = ChildProcess.run(directory.path(), command, "", Await.PATIENCE);
            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.output()).contains("console at 127.0.0.1:1", "Connection refused");
            command.addAll(List.of("--interval", "soon"));
            assertThat(ChildProcess.run(directory.path(), command, "", Await.PATIENCE)
                            .output())
                    .contains("--interval takes a number");
        }
    }
}
