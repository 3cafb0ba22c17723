package dev.weir.sys;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what was opened and never closed (descriptors, mappings, memory that is shared with the kernel), with the place that opened it. For
 * tests: while one is on, every opening costs a stack trace; else it costs the reading of a field. One at a time.
 */
public final class LeakDetector implements AutoCloseable {
    private static volatile @Nullable LeakDetector current;

    private final Map<Object, Throwable> open = Collections.synchronizedMap(new IdentityHashMap<>());

    private LeakDetector() {}

    /** Watches from now on. */
    public static LeakDetector start() {
        LeakDetector detector = new LeakDetector();
        current = detector;
        return detector;
    }

    /** To be called by what must be closed, when it opens. */
    public static void opened(Object thing) {
        LeakDetector detector = current;
        if (detector != null) {
            detector.open.put(thing, new Throwable(thing.getClass().getSimpleName()));
        }
    }

    /** To be called by what must be closed, when it has closed. */
    public static void closed(Object thing) {
        LeakDetector detector = current;
        if (detector != null) {
            detector.open.remove(thing);
        }
    }

    /** Returns what is open of that which was opened since {@link #start}, a line each: what it is, then who opened it. */
    public List<String> leaks() {
        synchronized (open) {
            return describe(open.values());
        }
    }

    private static List<String> describe(Collection<Throwable> opened) {
        List<String> lines = new ArrayList<>();
        for (Throwable where : opened) {
            StringBuilder line = new StringBuilder(String.valueOf(where.getMessage())).append(", opened by");
            for (StackTraceElement frame : where.getStackTrace()) {
                if (!frame.getClassName().equals(LeakDetector.class.getName())) {
                    line.append("\n    ").append(frame);
                }
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /** Stops watching. */
    @Override
    public void close() {
        if (current == this) {
            current = null;
        }
    }
}
