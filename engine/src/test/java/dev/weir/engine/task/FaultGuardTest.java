package dev.weir.engine.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FaultGuardTest {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final FaultGuard guard = new FaultGuard("Error in a test's loop", "test");
    private LogSink before;

    @BeforeEach
    void capture() {
        before = Log.sink((level, line) -> lines.add(new String(line, StandardCharsets.UTF_8)));
    }

    @AfterEach
    void restore() {
        Log.sink(before);
    }

    static List<Throwable> failures() {
        return List.of(
                new StackOverflowError(),
                new OutOfMemoryError("planted"),
                new NoClassDefFoundError("planted"),
                new AssertionError("planted"),
                new IllegalStateException("planted"),
                new Exception("checked"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aLoopGoesOn(Throwable failure) {
        AtomicInteger turns = new AtomicInteger();
        long before = FaultGuard.total();
        guard.repeat(() -> turns.get() < 3, () -> {
            if (turns.incrementAndGet() == 1) {
                sneak(failure);
            }
        });
        assertThat(turns).hasValue(3);
        assertThat(guard.count()).isOne();
        assertThat(FaultGuard.total()).isGreaterThan(before);
        assertThat(lines)
                .singleElement()
                .asString()
                .contains("Error in a test's loop", failure.getClass().getName())
                .contains("thread=\"" + Thread.currentThread().getName() + '"')
                .contains("FaultGuardTest");
    }

    @Test
    void aRealOverflowOfTheStackIsSurvived() {
        assertThat(guard.run(() -> recurse(0))).isFalse();
        assertThat(guard.run(() -> {})).isTrue();
        assertThat(guard.count()).isOne();
    }

    private static int recurse(int depth) {
        return depth < 0 ? depth : recurse(depth + 1) + 1;
    }

    @Test
    void manyFailuresAreOneLine() {
        for (int i = 0; i < 100; i++) {
            guard.around(() -> sneak(new StackOverflowError())).run();
        }
        assertThat(guard.count()).isEqualTo(100);
        assertThat(lines.size()).isBetween(1, 5);
    }

    @Test
    void anInterruptEndsTheLoop() throws InterruptedException {
        AtomicInteger turns = new AtomicInteger();
        Thread thread = Thread.ofPlatform()
                .start(() -> guard.repeat(() -> true, () -> {
                    turns.incrementAndGet();
                    Thread.sleep(60_000);
                }));
        thread.interrupt();
        thread.join();
        assertThat(turns).hasValue(1);
        assertThat(guard.count()).isZero();
    }

    /** A failure whose own text fails must not end the loop through the guard. */
    @Test
    void theGuardItselfThrowsNothing() {
        assertThat(guard.run(() -> {
                    throw new IllegalStateException() {
                        @Override
                        public String getMessage() {
                            throw new OutOfMemoryError("no room for the text either");
                        }
                    };
                }))
                .isFalse();
        assertThat(guard.count()).isOne();
    }

    @Test
    void aLoopThatAlwaysFailsIsSlowedDown() {
        long start = System.nanoTime();
        AtomicInteger turns = new AtomicInteger();
        guard.repeat(() -> System.nanoTime() - start < 300_000_000, () -> {
            turns.incrementAndGet();
            throw new IllegalStateException();
        });
        assertThat(turns.get()).isBetween(2, 20);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }
}
