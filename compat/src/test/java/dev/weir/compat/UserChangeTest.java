package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.Rights;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Weir below a directory that only root may enter, such as root's home, as a user who may not: all it needs later it has open before. */
@NewerThanDebian("is one file")
class UserChangeTest {
    private static final List<String> PARTS =
            List.of("weir", ".mvn/find-jdk.sh", "app/src/main/aot/jvm.options", "app/target/weir");

    /** Temporary directories are their owner's alone. */
    private static TempDirectory installed() throws IOException {
        TempDirectory directory = TempDirectory.create("weir installed");
        for (String part : PARTS) {
            copy(TestSubject.repositoryRoot().resolve(part), directory.path().resolve(part));
        }
        return directory;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path file : tree.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    @Test
    void whatIsFirstUsedAfterwardsIsThere() throws IOException {
        Rights.assumeRoot();
        int port = LoopbackPorts.free();
        try (TempDirectory directory = installed()) {
            Path config = directory.write(
                    "weir.conf",
                    DnsProcess.preamble(port, "") + "addAction('spoof.test.', SpoofAction('192.0.2.1'))\n");
            String weir = directory.path().resolve("weir").toString();
            List<String> daemon =
                    List.of(weir, "-C", config.toString(), "--supervised", "-u", "nobody", "-g", "nogroup");
            try (ChildProcess process = ChildProcess.start(directory.path(), daemon)) {
                Await.until("it listens as nobody", Await.PATIENCE, () -> isNobody(process) || !process.isAlive());
                assertThat(process.isAlive()).as(process.output()).isTrue();
                DnsQuery query = DnsQuery.of("spoof.test.", DnsMessage.A);
                try (UdpClient udp = UdpClient.to(LoopbackPorts.address(port));
                        TcpClient tcp = TcpClient.to(LoopbackPorts.address(port))) {
                    assertThat(udp.ask(query).answerTexts()).containsExactly("192.0.2.1");
                    assertThat(tcp.ask(query).answerTexts()).containsExactly("192.0.2.1");
                }
                // The names of all functions are read when one is missing.
                ChildProcess.Outcome console = ChildProcess.run(
                        directory.path(),
                        List.of(weir, "-C", config.toString(), "-e", "thereIsNoSuchFunction()"),
                        "",
                        Await.PATIENCE);
                assertThat(console.output())
                        .contains("thereIsNoSuchFunction")
                        .doesNotContain("missing from the program");
                assertThat(process.output()).doesNotContain("NoClassDefFound", "ClassNotFound");
            }
        }
    }

    private static boolean isNobody(ChildProcess process) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "status"))
                    .contains("\nUid:\t65534\t");
        } catch (IOException e) {
            return false;
        }
    }
}
