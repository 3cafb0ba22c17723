package dev.weir.app.xdp;

import dev.weir.app.bpf.Report;
import dev.weir.gate.GuardOptions;
import dev.weir.gate.guard.AttachMode;
import dev.weir.gate.guard.GuardStatus;
import dev.weir.gate.guard.GuardTables;
import dev.weir.gate.table.GuardCounter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code status}: guards and tables. */
final class StatusReport {
    /** Counters that say that something is wrong, shown to people only if it is. */
    private static final List<GuardCounter> TROUBLES =
            List.of(GuardCounter.UNANSWERABLE, GuardCounter.UNKNOWN_ACTION, GuardCounter.EVENTS_LOST);

    private final Session session;

    StatusReport(Session session) {
        this.session = session;
    }

    void print() throws IOException, NotUnderstoodException {
        List<String> asked = session.words().interfaces();
        List<GuardStatus> all = GuardStatus.read(session.bpf(), session.pins());
        List<GuardStatus> guards = all.stream()
                .filter(guard -> asked.isEmpty() || asked.contains(guard.device()))
                .toList();
        for (String device : asked) {
            if (all.stream().noneMatch(guard -> guard.device().equals(device))) {
                throw new IOException("no guard of " + device + " is pinned in "
                        + session.pins().guards());
            }
        }
        List<GuardTables.Size> tables = new GuardTables(session.bpf(), session.pins()).sizes();
        if (session.json()) {
            session.out().println(json(guards, tables));
        } else {
            forPeople(guards, tables);
        }
    }

    private static Map<String, Object> json(GuardOptions options) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("ports", options.ports().stream().sorted().toList());
        row.put("unanswerable", options.passUnanswerable() ? "pass" : "drop");
        row.put("any_is_255", options.anyIs255());
        row.put("local", options.onlyLocal());
        row.put("max_sources", options.maxSources());
        return row;
    }

    private static String json(List<GuardStatus> guards, List<GuardTables.Size> tables) {
        List<Object> interfaces = new ArrayList<>();
        for (GuardStatus guard : guards) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("interface", guard.device());
            row.put("mode", guard.mode() == null ? null : AttachMode.nameOf(guard.mode()));
            row.put("program", Session.orNull(guard.programId()));
            GuardOptions options = guard.options();
            row.put("options", options == null ? null : json(options));
            GuardStatus.Next next = guard.next();
            row.put("next", next == null ? null : Map.of("program", next.programId(), "name", next.name()));
            for (GuardCounter counter : GuardCounter.values()) {
                row.put(EntryRow.lower(counter), guard.counters().get(counter));
            }
            row.put("run_time_ns", guard.runs() == 0 ? null : guard.runTimeNs());
            row.put("runs", guard.runs() == 0 ? null : guard.runs());
            interfaces.add(row);
        }
        List<Object> sizes = new ArrayList<>();
        for (GuardTables.Size table : tables) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("table", table.name());
            row.put("type", table.type());
            row.put("used", table.used());
            row.put("max", table.max());
            sizes.add(row);
        }
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put("interfaces", interfaces);
        whole.put("tables", sizes);
        return Report.json(whole);
    }

    private void forPeople(List<GuardStatus> guards, List<GuardTables.Size> tables) {
        if (guards.isEmpty()) {
            session.out()
                    .println("no interface has a guard in " + session.pins().guards());
        } else {
            Report report = new Report(
                    "interface",
                    "mode",
                    "program",
                    "seen",
                    "passed",
                    "dropped",
                    "truncated",
                    "refused",
                    "nxdomain",
                    "limited",
                    "malformed",
                    "ns/packet");
            guards.forEach(guard -> report.add(row(guard)));
            session.out().print(report.table());
            guards.forEach(this::explain);
            if (!GuardStatus.isMeasured()) {
                session.out()
                        .println(
                                "time per packet is not measured: sysctl -w kernel.bpf_stats_enabled=1 switches it on");
            }
        }
        if (!tables.isEmpty()) {
            Report report = new Report("table", "used", "max");
            tables.forEach(table -> report.add(table.name(), table.used(), table.max()));
            session.out().println();
            session.out().print(report.table());
        }
    }

    private static Object[] row(GuardStatus guard) {
        List<Object> cells =
                new ArrayList<>(List.of(guard.device(), AttachMode.nameOf(guard.mode()), guard.programId()));
        for (GuardCounter counter : List.of(
                GuardCounter.SEEN,
                GuardCounter.PASSED,
                GuardCounter.DROPPED,
                GuardCounter.TRUNCATED,
                GuardCounter.REFUSED,
                GuardCounter.NXDOMAIN,
                GuardCounter.LIMITED,
                GuardCounter.MALFORMED)) {
            Long value = guard.counters().get(counter);
            cells.add(value == null ? "?" : value);
        }
        cells.add(guard.nanosPerPacket()
                .map(nanos -> String.format(Locale.ROOT, "%.0f", nanos))
                .orElse("-"));
        return cells.toArray();
    }

    private void explain(GuardStatus guard) {
        if (guard.mode() == null) {
            session.out()
                    .println(guard.device()
                            + (guard.programId() == 0
                                    ? ": the guard is off: the interface was removed, or someone took its program away; attach it again, or detach it"
                                    : ": no interface of this network namespace and name has this guard's program"));
        }
        GuardOptions options = guard.options();
        if (options != null && !options.equals(GuardOptions.DEFAULT)) {
            session.out()
                    .println(guard.device() + ": ports "
                            + options.ports().stream()
                                    .sorted()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", "))
                            + (options.passUnanswerable() ? "; what can't be answered passes" : "")
                            + (options.anyIs255() ? "; type 255 means any" : "")
                            + (options.onlyLocal() ? "; only packets to this host's own addresses" : "")
                            + (options.maxSources() == GuardOptions.DEFAULT.maxSources()
                                    ? ""
                                    : "; room for " + options.maxSources() + " sources"));
        }
        GuardStatus.Next next = guard.next();
        if (next != null) {
            session.out()
                    .println(guard.device() + ": what passes goes to program \"" + next.name() + "\" (id "
                            + next.programId() + ")");
        }
        for (GuardCounter trouble : TROUBLES) {
            long count = guard.counters().getOrDefault(trouble, 0L);
            if (count > 0) {
                session.out().println(guard.device() + ": " + count + " × " + trouble.meaning());
            }
        }
    }
}
