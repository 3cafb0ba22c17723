package dev.weir.app.xdp;

import dev.weir.app.bpf.Report;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFiltering;
import dev.weir.gate.guard.Guard;
import dev.weir.gate.guard.GuardPins;
import dev.weir.gate.guard.GuardTables;
import dev.weir.sys.Bpf;
import java.io.IOException;
import java.io.PrintStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a command works with.
 *
 * @param filters opens the tables for those who write entries
 * @param atExit takes what is to be done when a signal ends the process
 */
record Session(
        Bpf bpf, KernelFiltering filters, Words words, PrintStream out, PrintStream err, Consumer<Runnable> atExit) {
    boolean json() {
        return words.has(Option.JSON);
    }

    GuardPins pins() {
        return new GuardPins(words.maps(GuardPins.DEFAULT));
    }

    Guard guard() {
        return new Guard(bpf, pins());
    }

    /** Opens the tables that are pinned, with the sizes that they have. */
    KernelFilter filter() throws IOException {
        FilterSpec spec = GuardTables.filterSpec(bpf, pins());
        if (spec.tables().isEmpty()) {
            throw new KernelException(
                    KernelException.Reason.ABSENT,
                    "no tables are pinned in " + pins().directory() + ": weir xdp attach makes them");
        }
        return filters.open(spec);
    }

    /** Prints a line for programs. */
    void emit(Object value) {
        out.println(Report.json(value));
    }

    /** Numbers of the kernel's start at 1; what has none is null for programs. */
    static @Nullable Integer orNull(int id) {
        return id == 0 ? null : Integer.valueOf(id);
    }

    /** Prints a line for people only. */
    void say(String line) {
        if (!json()) {
            out.println(line);
        }
    }

    /** Prints a line that is none of the results. */
    void note(String line) {
        err.println("weir xdp: " + line);
    }
}
