package dev.weir.net.stream;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;

/** Watches every buffer of Netty's; must be installed before Netty's first buffer. */
final class BufferLeaks {
    private static final List<String> FOUND = new CopyOnWriteArrayList<>();

    private BufferLeaks() {}

    static void watch() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation")
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int interval, long maxActive) {
                return new Recorder<>(type, interval);
            }
        });
    }

    static void assertNone() {
        Assertions.assertThat(found()).isEmpty();
    }

    /** Lost buffers are found when the collector has met them and the next buffer is made. Each is told once. */
    static List<String> found() {
        for (int i = 0; i < 3; i++) {
            System.gc();
            var unseen = new java.lang.ref.WeakReference<>(new Object());
            dev.weir.testkit.Await.until("a collection", Duration.ofSeconds(5), () -> {
                System.gc();
                return unseen.get() == null;
            });
            ByteBufAllocator.DEFAULT.buffer(16).release();
        }
        List<String> all = List.copyOf(FOUND);
        FOUND.clear();
        return all;
    }

    private static final class Recorder<T> extends ResourceLeakDetector<T> {
        @SuppressWarnings("deprecation")
        Recorder(Class<T> type, int interval) {
            super(type, interval);
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            FOUND.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            FOUND.add(resourceType);
        }
    }
}
