package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TempDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The web server at a socket in the file system, asked by curl. */
@NewerThanDebian("listens at addresses only")
class WebAtSocketTest {
    private static String ask(Path socket, String path) {
        return ChildProcess.run(
                        socket.getParent(),
                        List.of(
                                "curl",
                                "-sS",
                                "--unix-socket",
                                socket.toString(),
                                "-H",
                                "X-API-Key: key",
                                "http://weir" + path),
                        "",
                        Await.PATIENCE)
                .output();
    }

    /** It is opened a little after those for DNS. */
    private static void awaitFigures(Path socket) {
        Await.until("figures", Await.PATIENCE, () -> ask(socket, "/metrics").contains("dnsdist_queries "));
    }

    @Test
    void aKillLeavesAFileThatTheNextStartReplaces() throws Exception {
        try (TempDirectory directory = TempDirectory.create("weir-web")) {
            Path socket = directory.path().resolve("web.sock");
            String body = "webserver('%s', {mode='0600'}) setWebserverConfig({apiKey='key'})\n".formatted(socket);
            try (DnsProcess first = DnsProcess.start(body)) {
                awaitFigures(socket);
                assertThat(ask(socket, "/api/v1/servers/localhost")).contains("\"daemon_type\"");
                assertThat(Files.getPosixFilePermissions(socket)).hasSize(2);
                first.process().kill();
                assertThat(socket).exists();
                try (DnsProcess second = first.again()) {
                    second.awaitListening();
                    awaitFigures(socket);
                    second.console("webserver('" + socket + ".2')");
                    assertThat(ask(directory.path().resolve("web.sock.2"), "/metrics"))
                            .contains("dnsdist_queries ");
                    assertThat(second.process().terminate(Await.PATIENCE)).isZero();
                }
            }
            assertThat(socket).doesNotExist();
            assertThat(directory.path().resolve("web.sock.2")).doesNotExist();
        }
    }
}
