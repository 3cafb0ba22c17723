package dev.weir.app.xdp;

import dev.weir.app.bpf.Report;
import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFiltering;
import dev.weir.gate.guard.Growth;
import dev.weir.gate.guard.Guard;
import dev.weir.gate.guard.GuardPins;
import dev.weir.gate.guard.GuardTables;
import dev.weir.gate.table.Table;
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

    /** The same for those who add entries: what has ended makes room first, and guards that look elsewhere are turned to these tables. */
    KernelFilter filterToWrite() throws IOException {
        for (String device : new Growth(bpf, pins()).catchUp()) {
            note("the guard of " + device + " looked into other tables than those that are pinned, and was replaced");
        }
        KernelFilter filter = filter();
        try {
            // Where no daemon runs nobody else takes out what has ended.
            filter.purge(System.nanoTime());
            return filter;
        } catch (IOException | RuntimeException e) {
            filter.close();
            throw e;
        }
    }

    /** @throws KernelException ABSENT, naming the pin, if there is no table for an order */
    void checkTable(KernelFilter filter, Order order) throws KernelException {
        if (filter.spec().table(order.kind()).maxItems() == 0) {
            throw new KernelException(
                    KernelException.Reason.ABSENT,
                    "there is no table for " + order.subject() + ": "
                            + pins().table(Table.of(order.kind()))
                            + " is missing; weir xdp attach makes it");
        }
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
