package dev.weir.app.xdp;

import dev.weir.engine.kernel.KernelException;
import dev.weir.gate.GuardOptions;
import dev.weir.gate.guard.AskedOptions;
import dev.weir.gate.guard.AttachMode;
import dev.weir.gate.guard.AttachRequest;
import dev.weir.gate.guard.Attached;
import dev.weir.gate.guard.Detached;
import dev.weir.gate.guard.Growth;
import dev.weir.gate.guard.Guard;
import dev.weir.gate.guard.GuardTables;
import dev.weir.gate.table.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code attach} and {@code detach}. */
final class Devices {
    private static final int MAX_PORT = 65_535;

    private final Session session;
    private final Words words;

    Devices(Session session) {
        this.session = session;
        this.words = session.words();
    }

    void attach() throws IOException, NotUnderstoodException {
        if (words.has(Option.XSK)) {
            throw new NotUnderstoodException("--xsk is not implemented yet: AF_XDP sockets come with a later version");
        }
        List<String> devices = words.interfaces();
        if (devices.isEmpty()) {
            throw new NotUnderstoodException("'attach' needs -i NAME");
        }
        AttachRequest request = new AttachRequest(mode(), options(), TableSizes.asked(words), strangers());
        Guard guard = session.guard();
        enlarge(request.sizes());
        List<Object> rows = new ArrayList<>();
        try {
            for (String device : devices) {
                rows.add(report(guard.attach(device, request)));
            }
        } finally {
            if (session.json()) {
                session.emit(Map.of("interfaces", rows));
            }
        }
    }

    /** Tables that are there already and smaller than asked grow, or it is told that they do not. */
    private void enlarge(Map<Table, Integer> sizes) throws IOException {
        try {
            new Growth(session.bpf(), session.pins()).toAtLeast(sizes).forEach(grown -> session.note(grown.toString()));
        } catch (KernelException e) {
            List<GuardTables.Size> there = new GuardTables(session.bpf(), session.pins()).sizes();
            for (Map.Entry<Table, Integer> size : sizes.entrySet()) {
                there.stream()
                        .filter(table -> table.name().equals(size.getKey().pinName()) && table.max() < size.getValue())
                        .forEach(table -> session.note(table.name() + " has room for " + table.max()
                                + " entries, less than asked: " + e.getMessage()));
            }
        }
    }

    private Map<String, @Nullable Object> report(Attached attached) {
        String mode = AttachMode.nameOf(attached.mode());
        attached.notes().forEach(session::note);
        session.say(attached.device() + " is guarded: " + mode + " mode, program " + attached.programId()
                + (attached.replacedId() == 0 ? "" : " in place of " + attached.replacedId()));
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("interface", attached.device());
        row.put("mode", mode);
        row.put("program", attached.programId());
        row.put("replaced", Session.orNull(attached.replacedId()));
        return row;
    }

    private AskedOptions options() throws NotUnderstoodException {
        List<UnaryOperator<GuardOptions>> changes = new ArrayList<>();
        Set<Integer> ports = ports();
        if (ports != null) {
            changes.add(options -> options.withPorts(ports));
        }
        Boolean pass = passUnanswerable();
        if (pass != null) {
            changes.add(options -> options.withPassUnanswerable(pass));
        }
        if (words.has(Option.ANY_IS_255)) {
            changes.add(options -> options.withAnyIs255(true));
        }
        if (words.has(Option.LOCAL)) {
            changes.add(options -> options.withOnlyLocal(true));
        }
        String sources = words.value(Option.MAX_SOURCES);
        if (sources != null) {
            int room = Words.number(Option.MAX_SOURCES.toString(), sources, 1);
            if (room > GuardOptions.MOST_SOURCES) {
                throw new NotUnderstoodException(
                        Option.MAX_SOURCES + " is at most " + GuardOptions.MOST_SOURCES + ", not " + room);
            }
            changes.add(options -> options.withMaxSources(room));
        }
        return new AskedOptions(changes, words.has(Option.FRESH));
    }

    private AttachRequest.Strangers strangers() throws NotUnderstoodException {
        boolean chain = words.has(Option.CHAIN);
        if (chain && words.has(Option.REPLACE)) {
            throw new NotUnderstoodException(
                    "--chain keeps the program that is there, --replace takes it off: one of them");
        }
        return chain
                ? AttachRequest.Strangers.FOLLOW
                : words.has(Option.REPLACE) ? AttachRequest.Strangers.GO : AttachRequest.Strangers.STAY;
    }

    private AttachMode mode() throws NotUnderstoodException {
        String mode = words.value(Option.MODE);
        return switch (mode) {
            case null -> AttachMode.AUTO;
            case "native", "generic", "auto" -> AttachMode.valueOf(mode.toUpperCase(Locale.ROOT));
            default -> throw new NotUnderstoodException("--mode is native, generic or auto, not '" + mode + "'");
        };
    }

    private @Nullable Boolean passUnanswerable() throws NotUnderstoodException {
        String what = words.value(Option.UNANSWERABLE);
        return switch (what) {
            case null -> null;
            case "drop" -> false;
            case "pass" -> true;
            default -> throw new NotUnderstoodException("--unanswerable is drop or pass, not '" + what + "'");
        };
    }

    private @Nullable Set<Integer> ports() throws NotUnderstoodException {
        if (!words.has(Option.PORT)) {
            return null;
        }
        Set<Integer> ports = new HashSet<>();
        for (String text : words.values(Option.PORT)) {
            int port = Words.number("a port", text, 1);
            if (port > MAX_PORT) {
                throw new NotUnderstoodException("a port is at most " + MAX_PORT + ", not " + port);
            }
            ports.add(port);
        }
        if (ports.isEmpty()) {
            throw new NotUnderstoodException("--port needs a port");
        }
        return ports;
    }

    void detach() throws IOException, NotUnderstoodException {
        Guard guard = session.guard();
        List<String> devices = words.interfaces();
        if (devices.isEmpty() != words.has(Option.ALL)) {
            throw new NotUnderstoodException("'detach' needs either -i NAME or --all");
        }
        if (words.has(Option.ALL)) {
            devices = guard.pins().devices();
            if (devices.isEmpty()) {
                session.say("no interface has a guard in " + guard.pins().guards());
            }
        }
        List<Object> rows = new ArrayList<>();
        Map<String, @Nullable Object> whole = new LinkedHashMap<>();
        whole.put("interfaces", rows);
        whole.put("purged", null);
        try {
            for (String device : devices) {
                rows.add(report(guard.detach(device)));
            }
            if (words.has(Option.PURGE)) {
                List<String> purged = guard.purge();
                whole.put("purged", purged);
                session.say("tables gone: " + (purged.isEmpty() ? "none" : String.join(", ", purged)));
            }
        } finally {
            if (session.json()) {
                session.emit(whole);
            }
        }
    }

    private Map<String, @Nullable Object> report(Detached detached) {
        int program = detached.programId();
        session.say(detached.device()
                + (program == 0
                        ? " had no guard any more; its pins are gone"
                        : " is unguarded; it was program " + program));
        detached.notes().forEach(session::note);
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("interface", detached.device());
        row.put("program", Session.orNull(program));
        return row;
    }
}
