package dev.weir.engine.log;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A sink behind a bounded queue: a log that nobody reads holds up nobody who logs. Lines that find no room are lost and counted; a line says how
 * many, once there is room.
 */
public final class QueuedSink implements LogSink {
    private static final int MOST_LINES = 10_000;
    private static final long MOST_BYTES = 2 << 20;
    private static final AtomicLong LOST = new AtomicLong();

    private final WriteBehind<Line> lines;

    private record Line(Level level, byte[] octets) {}

    /** @param name of the thread that writes to {@code target} */
    public QueuedSink(String name, LogSink target) {
        lines = new WriteBehind<>(
                name, MOST_LINES, MOST_BYTES, line -> line.octets.length, new WriteBehind.Writer<Line>() {
                    @Override
                    public void write(Line line) {
                        target.write(line.level, line.octets);
                    }

                    @Override
                    public void lost(long count) {
                        Log.warning(
                                "Log lines are lost: they were not read in time", "log", "sink", name, "count", count);
                    }
                });
    }

    @Override
    public void write(Level level, byte[] line) {
        if (!lines.offer(new Line(level, line))) {
            LOST.getAndIncrement();
        }
    }

    @Override
    public void flush(long millis) {
        var _ = lines.await(millis);
    }

    /** Lines that all sinks of the process have lost: {@code log-lines-lost} of the statistics. */
    public static long lostLines() {
        return LOST.get();
    }
}
