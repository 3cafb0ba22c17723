package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSink;
import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TempDirectory;
import dev.weir.web.console.ConsoleClient;
import dev.weir.web.console.ConsoleException;
import dev.weir.web.console.ConsoleKey;
import dev.weir.web.console.ConsoleServer;
import dev.weir.web.console.ConsoleSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Do both programs' console clients talk with both programs' servers? The other one is always Debian's dnsdist. */
class ConsoleInteropTest {
    private static final Duration LIMIT = Await.PATIENCE;
    private static final ConsoleKey KEY = Objects.requireNonNull(ConsoleKey.parse(DnsProcess.CONSOLE_KEY));
    private static final int MAX_BYTES = ConsoleSettings.DEFAULT_MAX_MESSAGE_BYTES;

    private TempDirectory directory;
    private LogSink logBefore;

    @BeforeEach
    void prepare() {
        directory = TempDirectory.create("weir-console");
        logBefore = Log.sink((level, line) -> {});
    }

    @AfterEach
    void cleanUp() {
        Log.sink(logBefore);
        directory.close();
    }

    @Test
    void ourClientTalksToDnsdist() throws IOException {
        int port = LoopbackPorts.free();
        String config = "setLocal(\"127.0.0.1:%d\")\nsetSecurityPollSuffix(\"\")\n".formatted(LoopbackPorts.free())
                + clientConfig(port, KEY);
        directory.write("server.conf", config);
        List<String> command = List.of("/usr/bin/dnsdist", "--supervised", "--disable-syslog", "-C", "server.conf");
        try (ChildProcess dnsdist = ChildProcess.start(directory.path(), command)) {
            assertThat(Await.reached(LIMIT, () -> LoopbackPorts.tcpListening(port)))
                    .as(dnsdist.output())
                    .isTrue();
            InetSocketAddress address = LoopbackPorts.address(port);
            try (ConsoleClient client = ConsoleClient.connect(address, KEY, MAX_BYTES)) {
                for (int i = 0; i < 300; i++) { // the nonce's counter passes its first byte
                    assertThat(client.execute(i + "+1")).isEqualTo((i + 1) + "\n");
                }
                assertThat(client.execute("showVersion()")).startsWith("dnsdist 1.");
                assertThat(client.execute("error('x')")).startsWith("Error: ");
                assertThat(client.execute("return string.rep('x', 100000)")).isEqualTo("x".repeat(100_000) + "\n");
            }
            assertThatThrownBy(() -> ConsoleClient.connect(address, ConsoleKey.random(), MAX_BYTES))
                    .isInstanceOf(ConsoleException.class);
        }
    }

    @Test
    void dnsdistsClientTalksToOurServer() throws IOException {
        ConsoleSettings settings = ConsoleSettings.DEFAULT.withKey(KEY);
        try (ConsoleServer server = ConsoleServer.open(
                LoopbackPorts.address(0),
                () -> settings,
                line -> line.equals("long") ? "x".repeat(1_000_000) + "\n" : "<" + line + ">\n")) {
            int port = server.address().getPort();
            assertThat(dnsdist(port, KEY, "", "-e", "showServers()").stdout()).isEqualTo("<showServers()>\n");
            assertThat(dnsdist(port, KEY, "", "-e", "long").stdout()).isEqualTo("x".repeat(1_000_000) + "\n");
            assertThat(dnsdist(port, KEY, "one\ntwo\n\nquit\nthree\n", "-c").stdout())
                    .contains("<one>\n", "<two>\n")
                    .doesNotContain("three");
            assertThat(dnsdist(port, ConsoleKey.random(), "", "-e", "1").output())
                    .contains("closed the connection right away")
                    .doesNotContain("<1>");
        }
    }

    private ChildProcess.Outcome dnsdist(int port, ConsoleKey key, String input, String... arguments) {
        directory.write("client.conf", clientConfig(port, key));
        // Its client writes its history into HOME.
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/env", "HOME=" + directory.path(), "/usr/bin/dnsdist", "-C", "client.conf"));
        command.addAll(List.of(arguments));
        return ChildProcess.run(directory.path(), command, input, LIMIT);
    }

    private static String clientConfig(int port, ConsoleKey key) {
        return "controlSocket(\"127.0.0.1:%d\")\nsetKey(\"%s\")\n".formatted(port, key.base64());
    }
}
