package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The commands of the systemd units under the conditions that the units set: an unprivileged user with just the capabilities that stand there,
 * no way to more, a file system that can only be read but for the paths that stand there. A service manager needs a machine of its own;
 * {@code setpriv} and {@code mount} do the same to one command.
 */
@NewerThanDebian("comes with other units")
class UnitsTest {
    private static final Path UNITS = Path.of("app/src/main/systemd");
    /** In place of the user {@code weir}, whom the machine need not know. */
    private static final String NOBODY = "65534";

    /** One unit, for the interface {@code a}. */
    private record Unit(List<String> lines) {
        static Unit of(String file) throws IOException {
            return new Unit(Files.readAllLines(
                    TestSubject.repositoryRoot().resolve(UNITS).resolve(file)));
        }

        String value(String key) {
            return lines.stream()
                    .filter(line -> line.startsWith(key + "="))
                    .map(line -> line.substring(key.length() + 1))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(key + " in " + lines));
        }

        /** What runs as root before the command: {@code +/bin/sh -c '…'}. */
        void prepare() throws Exception {
            String command = value("ExecStartPre");
            assertThat(command).startsWith("+/bin/sh -c '").endsWith("'");
            String script = command.substring(command.indexOf('\'') + 1, command.length() - 1);
            KernelSandbox.command("/bin/sh", "-c", script.replace("weir:", NOBODY));
        }

        /** The words that run a command as the unit's service. */
        List<String> command(String key, InstalledWeir installed) {
            assertThat(value("ProtectSystem")).isEqualTo("strict");
            assertThat(value("NoNewPrivileges")).isEqualTo("yes");
            assertThat(value("ReadWritePaths")).isEqualTo("/sys/fs/bpf");
            List<String> words = new ArrayList<>(List.of(
                    "unshare", "--mount", "--", "/bin/sh", "-c", "mount -o remount,bind,ro / && exec \"$@\"", "sh"));
            words.addAll(List.of(
                    "setpriv",
                    "--reuid=" + NOBODY,
                    "--regid=" + NOBODY,
                    "--clear-groups",
                    "--no-new-privs",
                    "--inh-caps=" + capabilities("AmbientCapabilities"),
                    "--ambient-caps=" + capabilities("AmbientCapabilities"),
                    "--bounding-set=" + capabilities("CapabilityBoundingSet"),
                    "--"));
            for (String word : value(key).split(" ", -1)) {
                words.add(word.equals("/usr/bin/weir") ? installed.weir() : word.replace("%I", "a"));
            }
            return words;
        }

        private String capabilities(String key) {
            return "-all,"
                    + Arrays.stream(value(key).split(" ", -1))
                            .map(name -> '+' + name.toLowerCase(Locale.ROOT).substring("cap_".length()))
                            .collect(Collectors.joining(","));
        }
    }

    private static String run(InstalledWeir installed, List<String> command) {
        ChildProcess.Outcome outcome = ChildProcess.run(installed.path(), command, "", Await.PATIENCE);
        assertThat(outcome.status()).as("%s: %s", command, outcome.output()).isZero();
        return outcome.output();
    }

    @Test
    void theGuardComesIsReplacedAndGoes() throws Exception {
        KernelSandbox.run(sandbox -> {
            sandbox.veth();
            Unit unit = Unit.of("weir-xdp@.service");
            try (InstalledWeir installed = InstalledWeir.forAll()) {
                unit.prepare();
                assertThat(run(installed, unit.command("ExecStart", installed))).contains("a is guarded");
                assertThat(KernelSandbox.command("ip", "link", "show", "dev", "a"))
                        .contains("prog/xdp");
                assertThat(run(installed, unit.command("ExecReload", installed)))
                        .contains("a is guarded", "in place of");
                run(installed, unit.command("ExecStop", installed));
                assertThat(KernelSandbox.command("ip", "link", "show", "dev", "a"))
                        .doesNotContain("prog/xdp");
            }
            purge();
        });
    }

    @Test
    void theDaemonHasItsFiltersAndReloads() throws Exception {
        KernelSandbox.run(sandbox -> {
            KernelSandbox.command("ip", "link", "set", "dev", "lo", "up");
            Unit unit = Unit.of("weir.service");
            try (InstalledWeir installed = InstalledWeir.forAll()) {
                unit.prepare();
                Path config = installed.write("weir.conf", """
                        setLocal('127.0.0.1:53')
                        setSecurityPollSuffix('')
                        local inside = newBPFFilter({ipv4MaxItems=16})
                        setDefaultBPFFilter(inside)
                        inside:block(newCA('127.0.0.9'))
                        local pin = '/sys/fs/bpf/dnsdist/addr-v4'
                        local outside = newBPFFilter({ipv4MaxItems=16, ipv4PinnedPath=pin, external=true})
                        outside:block(newCA('198.51.100.1'))
                        addAction(AllRule(), SpoofAction('192.0.2.1'))
                        """);
                Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r--r--"));
                List<String> command = new ArrayList<>(unit.command("ExecStart", installed));
                command.addAll(List.of("-C", config.toString()));
                try (ChildProcess daemon = ChildProcess.start(installed.path(), command)) {
                    Await.until(
                            "it listens",
                            Await.PATIENCE,
                            () -> daemon.output().contains("Listening on") || !daemon.isAlive());
                    assertThat(daemon.isAlive()).as(daemon.output()).isTrue();
                    assertThat(Files.readString(Path.of("/proc/" + daemon.pid() + "/status")))
                            .contains("\nUid:\t65534\t", "\nNoNewPrivs:\t1\n");
                    try (UdpClient client = UdpClient.to(new InetSocketAddress("127.0.0.1", 53))) {
                        assertThat(client.ask(DnsQuery.of("a.test.", DnsMessage.A))
                                        .answerTexts())
                                .containsExactly("192.0.2.1");
                    }
                    assertThat(Path.of("/sys/fs/bpf/dnsdist/addr-v4")).exists();

                    Files.writeString(config, Files.readString(config).replace("192.0.2.1", "192.0.2.2"));
                    assertThat(unit.value("ExecReload")).isEqualTo("/bin/kill -HUP $MAINPID");
                    KernelSandbox.command("kill", "-HUP", String.valueOf(daemon.pid()));
                    Await.until("the new rule", Await.PATIENCE, () -> {
                        try (UdpClient client = UdpClient.to(new InetSocketAddress("127.0.0.1", 53))) {
                            return client.ask(DnsQuery.of("a.test.", DnsMessage.A))
                                    .answerTexts()
                                    .equals(List.of("192.0.2.2"));
                        }
                    });
                    assertThat(daemon.terminate(Await.PATIENCE))
                            .as(daemon.output())
                            .isZero();
                    assertThat(daemon.output()).doesNotContain("EPERM", "EACCES", "EROFS", "CAP_");
                }
            }
            purge();
        });
    }

    /** What a service leaves for its next start. */
    private static void purge() throws Exception {
        KernelSandbox.command("rm", "-r", "/sys/fs/bpf/dnsdist");
    }
}
