package dev.weir.engine.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sink that takes nothing, then one line for each permit, stands for a pipe that nobody reads. */
@Timeout(60)
class QueuedSinkTest {
    private final Semaphore permits = new Semaphore(0);
    private final List<String> out = Collections.synchronizedList(new ArrayList<>());
    private LogSink before;

    @BeforeEach
    void queue() {
        before = Log.sink((level, line) -> {
            permits.acquireUninterruptibly();
            out.add(new String(line, StandardCharsets.UTF_8));
        });
        Log.settings(LogSettings.DEFAULT.withFormat(LogFormat.PLAIN));
        Log.queueLines();
    }

    @AfterEach
    void restore() {
        permits.release(1_000_000);
        // What is told late, such as how many were lost, belongs to no later test.
        Log.flush(30_000);
        Log.sink(before);
        Log.secondSink(null);
        Log.settings(LogSettings.DEFAULT);
    }

    @Test
    void whoLogsDoesNotWaitAndLostLinesAreCountedAndTold() {
        long lostBefore = QueuedSink.lostLines();
        int lines = 30_000;
        for (int i = 0; i < lines; i++) {
            Log.info("line " + i, "test");
        }
        long lost = QueuedSink.lostLines() - lostBefore;
        assertThat(lost).isBetween(15_000L, 29_000L);
        assertThat(out).isEmpty();
        permits.release(1_000_000);
        Log.flush(30_000);
        assertThat(out).hasSize((int) (lines - lost + 1));
        List<String> told = out.stream()
                .filter(line -> line.startsWith("Log lines are lost"))
                .toList();
        assertThat(told).singleElement().asString().contains("count=" + lost).contains("sink=log");
        List<String> rest =
                out.stream().filter(line -> line.startsWith("line ")).toList();
        for (int i = 0; i < rest.size(); i++) {
            assertThat(rest.get(i)).isEqualTo("line " + i + '\n');
        }
        Log.info("and on", "test");
        Log.flush(30_000);
        assertThat(out.getLast()).isEqualTo("and on\n");
    }

    @Test
    void aLongLineTakesTheRoomOfMany() {
        long lostBefore = QueuedSink.lostLines();
        String text = "x".repeat(1 << 20);
        for (int i = 0; i < 5; i++) {
            Log.info(text, "test");
        }
        assertThat(QueuedSink.lostLines() - lostBefore).isBetween(2L, 4L);
    }

    @Test
    void flushingGivesUpOnAReaderThatIsStuck() {
        Log.info("never read", "test");
        long start = System.nanoTime();
        Log.flush(30_000);
        assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
        assertThat(out).isEmpty();
    }

    @Test
    void flushingWaitsForWhatIsBeingRead() {
        permits.release(1_000_000);
        for (int i = 0; i < 1_000; i++) {
            Log.info("line " + i, "test");
        }
        Log.flush(30_000);
        assertThat(out).hasSize(1_000);
    }

    /** A stuck standard output holds up syslog no more than it holds up who logs. */
    @Test
    void sinksDoNotWaitForEachOther() throws InterruptedException {
        CountDownLatch arrived = new CountDownLatch(1);
        Log.secondSink(new QueuedSink("syslog", (level, line) -> arrived.countDown()));
        Log.info("line", "test");
        arrived.await();
        assertThat(out).isEmpty();
    }

    /** An error on the way out loses that line and no other. */
    @Test
    void theWriterSurvivesErrors() {
        LogSink failing = new LogSink() {
            private int count;

            @Override
            public void write(Level level, byte[] line) {
                if (count++ == 0) {
                    throw new OutOfMemoryError("planted");
                }
                out.add(new String(line, StandardCharsets.UTF_8));
            }
        };
        Log.sink(new QueuedSink("log", failing));
        Log.info("lost", "test");
        Log.info("kept", "test");
        Log.flush(30_000);
        assertThat(out).containsExactly("kept\n");
    }
}
