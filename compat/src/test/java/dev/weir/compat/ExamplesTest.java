package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Does every configuration in {@code examples/} pass the check, and start? */
class ExamplesTest {
    private static final Duration LIMIT = Await.PATIENCE;
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern LISTENER = Pattern.compile("(?m)^(?:set|add)Local\\(\"127\\.0\\.0\\.1:(\\d+)\"");

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(TestSubject.repositoryRoot().resolve("examples"))) {
            List<Path> examples = files.filter(file -> file.toString().endsWith(".lua"))
                    .sorted()
                    .toList();
            assertThat(examples).hasSizeGreaterThanOrEqualTo(6);
            return examples;
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void passesCheck(Path example) {
        try (TempDirectory directory = TempDirectory.create("weir-example")) {
            ChildProcess.Outcome outcome = ChildProcess.run(
                    directory.path(),
                    TestSubject.current().command("-C", example.toString(), "--check-config"),
                    "",
                    LIMIT);
            assertThat(outcome.status()).as(outcome.output()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void listensOnItsPorts(Path example) throws IOException {
        String config = onFreePorts(Files.readString(example));
        List<Integer> ports = LISTENER.matcher(config)
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
        assertThat(ports).isNotEmpty();
        try (TempDirectory directory = TempDirectory.create("weir-example");
                ChildProcess process = ChildProcess.start(
                        directory.path(),
                        TestSubject.current()
                                .command(
                                        "-C",
                                        directory.write("example.lua", config).toString(),
                                        "--supervised",
                                        "--disable-syslog"))) {
            boolean up = Await.reached(
                    LIMIT,
                    () -> !process.isAlive()
                            || ports.stream()
                                    .allMatch(p -> LoopbackPorts.tcpListening(p) && LoopbackPorts.udpBound(p)));
            assertThat(up && process.isAlive()).as(process.output()).isTrue();
        }
    }

    /** Others on this machine may be trying the examples, too. */
    private static String onFreePorts(String config) {
        Map<String, String> free = new HashMap<>();
        return PORT.matcher(config)
                .replaceAll(
                        found -> free.computeIfAbsent(found.group(), address -> "127.0.0.1:" + LoopbackPorts.free()));
    }
}
