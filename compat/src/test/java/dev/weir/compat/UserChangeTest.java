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
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Weir below a directory that only root may enter, such as root's home, as a user who may not: all it needs later it has open before. */
@NewerThanDebian("is one file")
class UserChangeTest {
    @Test
    void whatIsFirstUsedAfterwardsIsThere() throws IOException {
        Rights.assumeRoot();
        int port = LoopbackPorts.free();
        try (InstalledWeir installed = InstalledWeir.forOwner()) {
            Path config = installed.write(
                    "weir.conf",
                    DnsProcess.preamble(port, "") + "addAction('spoof.test.', SpoofAction('192.0.2.1'))\n");
            String weir = installed.weir();
            List<String> daemon =
                    List.of(weir, "-C", config.toString(), "--supervised", "-u", "nobody", "-g", "nogroup");
            try (ChildProcess process = ChildProcess.start(installed.path(), daemon)) {
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
                        installed.path(),
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
