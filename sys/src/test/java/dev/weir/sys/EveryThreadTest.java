package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** With the slack of timers, which each thread has for itself and which is of no consequence here. */
class EveryThreadTest {
    private static final long PR_SET_TIMERSLACK = 29;
    private static final String SLACK = "54321";

    @Test
    void threadsOfTheJvmMakeTheCallToo() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            Set<Integer> threads = EveryThread.threads();
            assertThat(threads)
                    .hasSizeGreaterThan(Thread.activeCount())
                    .allMatch(thread -> !SLACK.equals(slack(thread)));
            EveryThread.call("prctl", SyscallNumber.PRCTL, PR_SET_TIMERSLACK, Long.parseLong(SLACK), 0);
            assertThat(threads)
                    .allMatch(thread ->
                            slack(thread).equals(SLACK) || slack(thread).isEmpty());
            assertThat(EveryThread.threads()).anyMatch(thread -> slack(thread).equals(SLACK));
        } finally {
            EveryThread.call("prctl", SyscallNumber.PRCTL, PR_SET_TIMERSLACK, 0, 0);
            done.countDown();
            waiting.join();
        }
    }

    @Test
    void whatFailsInAThreadIsTold() {
        assertThatExceptionOfType(SyscallException.class)
                .isThrownBy(() -> EveryThread.call("prctl(-1)", SyscallNumber.PRCTL, -1, 0, 0))
                .withMessageStartingWith("prctl(-1): EINVAL");
    }

    /** Empty if it has ended. */
    private static String slack(int thread) {
        try {
            return Files.readAllLines(Path.of("/proc/" + thread + "/timerslack_ns"))
                    .getFirst();
        } catch (IOException e) {
            return "";
        }
    }
}
