package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * A start takes its classes from its cache, and looks for nothing that is nowhere, for which the JVM opens all jars. A class that the build's training
 * has not met may open one of ours.
 */
@DisabledIfSystemProperty(named = "weir.subject", matches = "dnsdist", disabledReason = "has no jars")
class OpenJarsTest {
    /** Those of libraries. */
    private static List<String> openJars(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            return files.map(OpenJarsTest::target)
                    .filter(target -> target.endsWith(".jar") && !target.contains("/lib/weir-"))
                    .toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static boolean isForEverybody(Path directory) throws IOException {
        for (Path each = directory.toRealPath(); each != null; each = each.getParent()) {
            if (!Files.getPosixFilePermissions(each).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPowerless(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .anyMatch(line -> line.matches("CapEff:\\s+0+"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answers(DnsProcess subject) throws IOException {
        try (UdpClient client = subject.udp()) {
            client.ask(DnsQuery.of("www.example.", DnsMessage.A));
        }
        long pid = subject.process().pid();
        // The last thing that a start does.
        Await.until("capabilities are given up", Await.PATIENCE, () -> isPowerless(pid));
        if (!isPowerless(ProcessHandle.current().pid()) && !isForEverybody(TestSubject.repositoryRoot())) {
            // Root's rights go, and with them the way to the jars: they are opened before.
            assertThat(openJars(pid)).hasSizeGreaterThan(10);
        } else {
            assertThat(openJars(pid)).isEmpty();
        }
    }

    @Test
    void lua() throws IOException {
        try (DnsProcess subject = DnsProcess.start("""
                newServer({address="127.0.0.1:9", healthCheckMode="up"})
                addAction(AllRule(), LuaAction(function(dq) return DNSAction.Spoof, "192.0.2.1" end))
                """)) {
            answers(subject);
        }
    }

    @Test
    void yaml() throws IOException {
        try (DnsProcess subject = DnsProcess.startYaml("""
                query_rules:
                  - {name: all, selector: {type: All}, action: {type: Spoof, ips: [192.0.2.1]}}
                """)) {
            answers(subject);
        }
    }
}
