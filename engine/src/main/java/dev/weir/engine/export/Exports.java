package dev.weir.engine.export;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The exporters that are open. Any thread. */
public final class Exports {
    private final List<Exporter> open = new CopyOnWriteArrayList<>();

    public void add(Exporter exporter) {
        open.add(exporter);
    }

    /** Records that all of them have lost: {@code export-records-lost} of the statistics. */
    public long lost() {
        return open.stream().mapToLong(Exporter::lost).sum();
    }

    /** Has all of them write what waits. */
    public void end() {
        open.forEach(Exporter::end);
    }
}
