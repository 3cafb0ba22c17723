package dev.weir.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Descriptors are given back once, by the last who uses them; what is not given back is found. */
class FdTest {
    private static boolean isOpen(int number) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + number))
                    .toString()
                    .contains("eventfd");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void theLastCallThatHoldsADescriptorClosesIt() throws Exception {
        EventFd event = new EventFd();
        Fd fd = event.fd();
        int number = fd.number();
        assertThat(fd.hold()).isEqualTo(number);
        assertThat(fd.hold()).isEqualTo(number);
        fd.release();
        event.close();
        assertThat(fd.isOpen()).isFalse();
        assertThat(fd.number()).isEqualTo(-1);
        assertThat(fd.hold()).as("nobody comes in any more").isEqualTo(-1);
        assertThat(isOpen(number)).as("while a call runs").isTrue();
        fd.release();
        assertThat(isOpen(number)).isFalse();
        fd.close();
    }

    /** Many threads hold and release while one closes: the number goes back once, and not before the last is out. */
    @Test
    void closingUnderManyCalls() throws Exception {
        for (int round = 0; round < 200; round++) {
            EventFd event = new EventFd();
            Fd fd = event.fd();
            int number = fd.number();
            Thread[] threads = new Thread[4];
            boolean[] wrong = new boolean[threads.length];
            for (int i = 0; i < threads.length; i++) {
                int mine = i;
                threads[i] = Thread.ofPlatform().start(() -> {
                    while (fd.hold() >= 0) {
                        wrong[mine] |= !isOpen(number);
                        fd.release();
                    }
                });
            }
            event.close();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(wrong).doesNotContain(true);
            assertThat(isOpen(number)).isFalse();
        }
    }

    @Test
    void theDetectorTellsWhoOpened() throws Exception {
        try (LeakDetector detector = LeakDetector.start();
                EventFd kept = new EventFd()) {
            new EventFd().close();
            assertThat(detector.leaks())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("Fd, opened by")
                    .contains("FdTest.java");
            kept.close();
            assertThat(detector.leaks()).isEmpty();
            Mmap.anonymous(PageSize.bytes()).close();
            assertThat(detector.leaks()).isEmpty();
        }
    }
}
