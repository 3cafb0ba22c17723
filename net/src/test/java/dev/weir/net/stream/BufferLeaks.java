package dev.weir.net.stream;

import dev.weir.testkit.Await;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.Assertions;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Watches every buffer of Netty's, from before the first test: a detector that comes after Netty's first buffer is not asked. */
public final class BufferLeaks implements LauncherSessionListener {
    private static final List<String> FOUND = new CopyOnWriteArrayList<>();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new ResourceLeakDetectorFactory() {
            @Override
            @SuppressWarnings("deprecation")
            public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int interval, long maxActive) {
                return new Recorder<>(type, interval);
            }
        });
    }

    public static void assertNone() {
        Assertions.assertThat(found()).isEmpty();
    }

    /** Lost buffers are found when the collector has met them, has told so, and the next buffer is made. Each is told once. */
    static List<String> found() {
        // The JVM tells of one collection's finds after the other: when it tells of the second's, all of the first are
        // told.
        for (int i = 0; i < 3; i++) {
            awaitCollection();
            ByteBufAllocator.DEFAULT.buffer(16).release();
        }
        List<String> all = List.copyOf(FOUND);
        FOUND.clear();
        return all;
    }

    private static void awaitCollection() {
        ReferenceQueue<Object> told = new ReferenceQueue<>();
        WeakReference<Object> lost = new WeakReference<>(new Object(), told);
        Await.until("a collection", Await.PATIENCE, () -> {
            System.gc();
            return told.poll() != null;
        });
        Reference.reachabilityFence(lost);
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
