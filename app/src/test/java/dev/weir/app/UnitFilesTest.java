package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.TestSubject;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The systemd units that come with the program. */
class UnitFilesTest {
    private static final Path UNITS = TestSubject.repositoryRoot().resolve("app/src/main/systemd");
    private static final Path ANALYZE = Path.of("/usr/bin/systemd-analyze");

    /** {@code systemd-analyze verify} prints a line for each word that systemd does not know, and for each path that is not there. */
    @Test
    void systemdUnderstandsEachLine(@TempDir Path directory) throws Exception {
        assumeTrue(Files.isExecutable(ANALYZE), "needs systemd-analyze");
        String[] units = {"weir.service", "weir-xdp@.service"};
        for (String unit : units) {
            String text = Files.readString(UNITS.resolve(unit)).replace("/usr/bin/weir ", "/bin/true ");
            assertThat(text).doesNotContain("/usr/bin/weir");
            Files.writeString(directory.resolve(unit), text);
        }
        assertThat(KernelSandbox.command(
                        ANALYZE.toString(),
                        "verify",
                        "--man=no",
                        directory.resolve("weir.service").toString(),
                        directory.resolve("weir-xdp@eth0.service").toString()))
                .isEmpty();
    }

    @Test
    void eachHasTheRightsThatItsCommandsNeed() throws Exception {
        assertThat(Files.readString(UNITS.resolve("weir.service")))
                .contains(
                        "\nUser=weir\n",
                        "\nExecReload=/bin/kill -HUP $MAINPID\n",
                        "AmbientCapabilities=CAP_NET_BIND_SERVICE CAP_BPF CAP_NET_ADMIN\n");
        assertThat(Files.readString(UNITS.resolve("weir-xdp@.service")))
                .contains(
                        "\nUser=weir\n",
                        "AmbientCapabilities=CAP_BPF CAP_NET_ADMIN CAP_PERFMON\n",
                        "After=sys-subsystem-net-devices-%i.device\n",
                        "Before=weir.service\n");
    }
}
