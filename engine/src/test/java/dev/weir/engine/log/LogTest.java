package dev.weir.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogTest {
    private final List<String> lines = new ArrayList<>();
    private LogSink before;

    @BeforeEach
    void capture() {
        before = Log.sink((level, line) -> lines.add(level + " " + new String(line, StandardCharsets.UTF_8)));
        Log.settings(LogSettings.DEFAULT.withFormat(LogFormat.PLAIN));
    }

    @AfterEach
    void restore() {
        Log.sink(before);
        Log.secondSink(null);
        Log.journalSink(null);
        Log.verboseSink(null);
        Log.settings(LogSettings.DEFAULT);
    }

    @Test
    void linesBelowTheThresholdStayAway() {
        Log.debug("off", "test", "key", 1);
        Log.info("on", "test");
        Log.settings(Log.settings().withThreshold(Level.ERROR));
        Log.warning("off", "test");
        Log.error("on", "test");
        assertThat(lines).containsExactly("INFO on\n", "ERROR on\n");
    }

    @Test
    void verboseSwitchesDebug() {
        Log.verbose(true);
        Log.debug("a", "test", "k", "v");
        Log.verbose(false);
        Log.debug("b", "test");
        assertThat(lines).containsExactly("DEBUG a (k=v)\n");
    }

    @Test
    void theJournalHasLinesForItselfAndWithoutOneTheyAreStructured() {
        Log.settings(LogSettings.DEFAULT.withFormat(LogFormat.JOURNAL).withThreshold(Level.DEBUG));
        Log.info("nobody there", "test");
        assertThat(lines).singleElement().asString().startsWith("INFO msg=\"nobody there\" subsystem=\"test\" ");
        List<String> journal = new ArrayList<>();
        Log.journalSink((level, line) -> journal.add(level + " " + new String(line, StandardCharsets.UTF_8)));
        Log.warning("taken", "test");
        assertThat(journal).singleElement().asString().startsWith("WARNING MESSAGE=taken\nPRIORITY=4\n");
        List<String> verbose = new ArrayList<>();
        Log.verboseSink((level, line) -> verbose.add(new String(line, StandardCharsets.UTF_8)));
        Log.debug("for a file", "test");
        assertThat(verbose).singleElement().asString().startsWith("msg=\"for a file\" ");
        assertThat(lines).hasSize(1);
        assertThat(journal).hasSize(1);
    }

    @Test
    void secondSinkGetsTheSameLine() {
        List<String> second = new ArrayList<>();
        Log.secondSink((level, line) -> second.add(level + " " + new String(line, StandardCharsets.UTF_8)));
        Log.notice("hello", "test");
        assertThat(second).isEqualTo(lines).containsExactly("NOTICE hello\n");
    }

    @Test
    void linesOfSeveralThreadsStayWhole() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            String text = "t".repeat(t + 1);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 500; i++) {
                    Log.info(text, "test");
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(lines).hasSize(2000).allMatch(line -> line.matches("INFO t{1,4}\n"));
    }

    @Test
    void offDebugAllocatesNothing() {
        var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Object value = new Object();
        debugMany(value);
        long beforeBytes = bean.getCurrentThreadAllocatedBytes();
        debugMany(value);
        long bytes = bean.getCurrentThreadAllocatedBytes() - beforeBytes;
        // The bean's own calls may allocate a little; one byte a call would be 10,000.
        assertThat(bytes).isLessThan(1_000);
    }

    private static void debugMany(Object value) {
        for (int i = 0; i < 10_000; i++) {
            Log.debug("off", "test", "a", value, "b", value, "c", value);
        }
    }
}
