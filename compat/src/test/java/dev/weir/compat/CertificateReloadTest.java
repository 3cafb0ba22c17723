package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Do certificates change under load without a query being lost? */
@Timeout(180)
class CertificateReloadTest {
    private static final int RELOADS = 6;

    private static void replace(TestCertificates.Pair by, Path certificate, Path key) throws IOException {
        Path next = certificate.resolveSibling("next");
        Files.copy(by.key(), next, StandardCopyOption.REPLACE_EXISTING);
        Files.move(next, key, StandardCopyOption.ATOMIC_MOVE);
        Files.copy(by.certificate(), next, StandardCopyOption.REPLACE_EXISTING);
        Files.move(next, certificate, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The name in the certificate that is shown to a new client. */
    private static String shown(int port) {
        return ChildProcess.run(
                        Path.of("/tmp"),
                        List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port),
                        "",
                        Await.PATIENCE)
                .output();
    }

    /** 5,000 queries a second on 200 connections, and new certificates all the while. */
    @ParameterizedTest
    @CsvSource({"dot, addTLSLocal", "doh, addDOHLocal"})
    void noQueryIsLost(String mode, String function) throws Exception {
        int port = LoopbackPorts.free();
        try (TempDirectory directory = TempDirectory.create("weir-reload");
                TestCertificates files = new TestCertificates()) {
            Path certificate = directory.path().resolve("cert.pem");
            Path key = directory.path().resolve("key.pem");
            List<TestCertificates.Pair> pairs =
                    List.of(files.make("one", "one.example"), files.make("two", "two.example"));
            replace(pairs.getFirst(), certificate, key);
            Path queries = directory.path().resolve("queries");
            Files.writeString(queries, "www.example. A\n");
            try (DnsProcess weir = DnsProcess.start(
                            "%s(\"127.0.0.1:%d\", \"%s\", \"%s\")\naddAction(AllRule(), SpoofAction(\"192.0.2.1\"))\n"
                                    .formatted(function, port, certificate, key));
                    ChildProcess load = ChildProcess.start(
                            directory.path(),
                            List.of(
                                    "dnsperf",
                                    "-m",
                                    mode,
                                    "-s",
                                    "127.0.0.1",
                                    "-p",
                                    String.valueOf(port),
                                    "-c",
                                    "200",
                                    "-Q",
                                    "5000",
                                    "-l",
                                    "170",
                                    "-t",
                                    "10",
                                    "-d",
                                    queries.toString()))) {
                Await.until(
                        "load",
                        Await.PATIENCE,
                        () -> weir.console("showBinds()").contains("127.0.0.1:" + port)
                                && Long.parseLong(weir.console("getStatisticsCounters()['queries']")) > 2000);
                for (int i = 1; i <= RELOADS; i++) {
                    replace(pairs.get(i % 2), certificate, key);
                    weir.console("reloadAllCertificates()");
                    assertThat(load.isAlive()).as("under load").isTrue();
                }
                assertThat(shown(port)).contains("CN = one.example").doesNotContain("CN = two.example");
                assertThat(load.interrupt(Await.PATIENCE)).isZero();
                assertThat(load.output())
                        .containsPattern("Queries sent: +[1-9]\\d{3,}")
                        .containsPattern("Queries lost: +0 ")
                        .contains("NOERROR", "(100.00%)");
            }
        }
    }
}
