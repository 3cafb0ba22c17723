package dev.weir.app;

import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.model.Model;
import dev.weir.engine.view.GuardView;
import dev.weir.gate.guard.GuardPins;
import dev.weir.gate.guard.GuardStatus;
import dev.weir.gate.table.GuardCounter;
import dev.weir.sys.Bpf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Looks at the guards of this machine's interfaces: those of {@code weir xdp}'s own directory, and of the directories in which the configuration
 * pins its filters' tables. A process without the rights to look sees none. One thread at a time.
 */
final class GuardLook implements Supplier<List<GuardView>> {
    private static final LogLimit FAILURES = new LogLimit(3_600);

    private final Model model;

    GuardLook(Model model) {
        this.model = model;
    }

    @Override
    public List<GuardView> get() {
        List<GuardView> all = new ArrayList<>();
        for (Path directory : directories()) {
            if (Files.isDirectory(directory)) {
                look(directory, all);
            }
        }
        return all;
    }

    private Set<Path> directories() {
        Set<Path> directories = new LinkedHashSet<>(Set.of(GuardPins.DEFAULT));
        for (KernelFilter filter : model.filters().all()) {
            String pinned = FilterSpec.pinDirectory(filter.spec().tables());
            if (!pinned.isEmpty()) {
                directories.add(Path.of(pinned));
            }
        }
        return directories;
    }

    private static void look(Path directory, List<GuardView> all) {
        try {
            for (GuardStatus status : GuardStatus.read(Bpf.kernel(), new GuardPins(directory))) {
                Map<String, Long> counters = new HashMap<>();
                for (Map.Entry<GuardCounter, Long> counter : status.counters().entrySet()) {
                    counters.put(counter.getKey().name().toLowerCase(Locale.ROOT), counter.getValue());
                }
                String state =
                        status.mode() == null ? "gone" : status.mode().name().toLowerCase(Locale.ROOT);
                all.add(new GuardView(status.device(), state, counters));
            }
        } catch (IOException e) {
            if (FAILURES.admit(System.nanoTime()) > 0) {
                Log.info("The guards can't be looked at", "ebpf", "path", directory, "error", e);
            }
        }
    }
}
