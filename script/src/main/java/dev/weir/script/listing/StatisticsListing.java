package dev.weir.script.listing;

import dev.weir.engine.model.Engine;
import dev.weir.engine.view.GlobalFigures;
import dev.weir.engine.view.GlobalFigures.Sample;
import dev.weir.engine.view.ProcFigures;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The global statistics by the names that dnsdist gives them: what {@code dumpStats()} prints and {@code getStatisticsCounters()} returns. */
public final class StatisticsListing {
    private final Engine engine;
    private final ProcFigures proc;

    public StatisticsListing(Engine engine) {
        this(engine, new ProcFigures(Path.of("/proc")));
    }

    StatisticsListing(Engine engine, ProcFigures proc) {
        this.engine = engine;
        this.proc = proc;
    }

    /** Two columns of names and values: the first half of the alphabet on the left, the second on the right. */
    public String dumpStats() {
        List<Sample> all = GlobalFigures.read(engine, proc);
        int rows = (all.size() + 1) / 2;
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            String left = cell(all.get(row));
            if (rows + row < all.size()) {
                text.append(String.format(Locale.ROOT, "%-51s", left)).append(cell(all.get(rows + row)));
            } else {
                text.append(left);
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String cell(Sample sample) {
        // Whole numbers and whole parts end in the same column.
        String name = sample.metric().metric();
        return sample.value() instanceof Double real
                ? String.format(Locale.ROOT, "%-35s\t%13.1f", name, real)
                : String.format(Locale.ROOT, "%-35s\t%11d", name, sample.value().longValue());
    }

    /** All of them by name, in alphabetical order; {@link Double} for averages, {@link Long} for everything else. */
    public SortedMap<String, Number> values() {
        SortedMap<String, Number> values = new TreeMap<>();
        GlobalFigures.read(engine, proc)
                .forEach(sample -> values.put(sample.metric().metric(), sample.value()));
        return values;
    }
}
