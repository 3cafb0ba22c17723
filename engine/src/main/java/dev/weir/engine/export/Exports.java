package dev.weir.engine.export;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/** The exporters that are open. Any thread. */
public final class Exports {
    private final List<Exporter> open = new CopyOnWriteArrayList<>();
    private final LongAdder lostByOthers = new LongAdder();

    public void add(Exporter exporter) {
        open.add(exporter);
    }

    /** One of them is closed: what it has lost stays counted. */
    public void remove(Exporter exporter) {
        if (open.remove(exporter)) {
            lostByOthers.add(exporter.lost());
        }
    }

    /** Records that all of them have lost: {@code export-records-lost} of the statistics. */
    public long lost() {
        return lostByOthers.sum() + open.stream().mapToLong(Exporter::lost).sum();
    }

    /** Has all of them write what waits. */
    public void end() {
        open.forEach(Exporter::end);
    }
}
