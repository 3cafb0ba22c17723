package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.stat.Counter;
import dev.weir.testkit.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Can whoever forges addresses fill the memory of the process? */
class ForgedSourcesTest {
    @TempDir
    Path directory;

    private static long value(Map<String, Long> figures, Counter counter) {
        return figures.getOrDefault(counter.metric(), -1L);
    }

    /**
     * Five million addresses and as many names in a heap of 256 MB: the honest client is served, the greedy one is not, and whatever found no
     * room is counted. Rates alone took 145 octets an address, and the process died after a third of this.
     */
    @Test
    void fiveMillionSourcesFindNoMoreRoomThanThereIs() {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                ForgedSources.class.getName(),
                "5000000");
        ChildProcess.Outcome outcome = ChildProcess.run(directory, command, "", Duration.ofMinutes(10));
        assertThat(outcome.status()).as(outcome.output()).isZero();
        Map<String, Long> figures = new HashMap<>();
        outcome.stdout()
                .lines()
                .filter(line -> line.matches("[a-z0-9-]+=[0-9]+"))
                .forEach(line -> {
                    int equals = line.indexOf('=');
                    figures.put(line.substring(0, equals), Long.valueOf(line.substring(equals + 1)));
                });
        System.out.println("ForgedSourcesTest: " + figures.get("millis") + " ms, " + figures.get("heap-megabytes")
                + " MB of heap left in use");
        assertThat(figures.get("honest-served")).isEqualTo(50).isEqualTo(figures.get("honest-asked"));
        assertThat(figures.get("greedy-served")).isLessThan(figures.get("greedy-asked") / 2);
        assertThat(figures.get("blocks")).isBetween(200_000L, 262_144L);
        assertThat(figures.get("keys")).isLessThan(150_000);
        assertThat(figures.get("heap-megabytes")).isLessThan(180);
        for (Counter counter : List.of(
                Counter.RATE_TABLE_EVICTIONS,
                Counter.QUERY_COUNT_OVERFLOWS,
                Counter.DYN_BLOCK_OVERFLOWS,
                Counter.DYN_BLOCK_UNSEEN)) {
            assertThat(value(figures, counter)).as(counter.sentence()).isPositive();
        }
        assertThat(outcome.stdout().lines().filter(line -> line.contains("Inserting")))
                .as("log lines of %s blocks", figures.get("blocks"))
                .hasSizeLessThan(200);
    }
}
