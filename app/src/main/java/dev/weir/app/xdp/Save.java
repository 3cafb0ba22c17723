package dev.weir.app.xdp;

import dev.weir.engine.kernel.FilterSpec;
import dev.weir.engine.kernel.FilterSpec.Kind;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.MatchAction;
import dev.weir.wire.RecordType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code save}: entries as lines that {@link Load} reads. */
final class Save {
    private final Session session;

    Save(Session session) {
        this.session = session;
    }

    void run() throws IOException, NotUnderstoodException {
        String file = session.words().operands().getFirst();
        if (file.equals("-") && session.json()) {
            throw new NotUnderstoodException("lines for 'load' are no JSON: ls --json has the entries for programs");
        }
        List<KernelFilter.Entry> entries;
        try (KernelFilter filter = session.filter()) {
            entries = filter.entries();
        }
        long now = System.nanoTime();
        List<String> lines = entries.stream()
                .map(Save::ours)
                .filter(Objects::nonNull)
                .filter(entry -> entry.endNanos() == KernelFilter.FOREVER || seconds(entry, now) > 0)
                .map(entry -> line(entry, now))
                .toList();
        String text = lines.stream().map(line -> line + '\n').collect(Collectors.joining());
        if (file.equals("-")) {
            session.out().print(text);
            return;
        }
        write(Path.of(file), text);
        if (session.json()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("file", file);
            row.put("entries", lines.size());
            session.emit(row);
        } else {
            session.say(lines.size() + " entries are in " + file);
        }
    }

    /** Whoever dies half-way leaves the file as it was. */
    private static void write(Path file, String text) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            Files.writeString(file, text);
            return;
        }
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static long seconds(KernelFilter.Entry entry, long nowNanos) {
        return TimeUnit.NANOSECONDS.toSeconds(entry.endNanos() - nowNanos);
    }

    /** What the operator wants of an entry; null if only others want something. */
    private static KernelFilter.@Nullable Entry ours(KernelFilter.Entry entry) {
        if (entry.wishes().isEmpty()) {
            return entry;
        }
        for (KernelFilter.Wish wish : entry.wishes()) {
            MatchAction action = MatchAction.ofNumber(wish.actionNumber());
            if (wish.origin().isEmpty() && action != null) {
                return new KernelFilter.Entry(
                        entry.kind(),
                        entry.subject(),
                        entry.type(),
                        action,
                        wish.actionNumber(),
                        entry.hits(),
                        wish.endNanos(),
                        null,
                        List.of(wish));
            }
        }
        return null;
    }

    private static String reason(KernelFilter.Entry entry) {
        String reason =
                entry.wishes().isEmpty() ? "" : entry.wishes().getFirst().reason();
        return reason.isEmpty() ? "" : " --reason " + reason;
    }

    /** @throws IllegalArgumentException never: each kind and action has words */
    private static String line(KernelFilter.Entry entry, long nowNanos) {
        KernelFilter.Limit limit = entry.limit();
        if (limit != null) {
            return "limit " + entry.subject() + " " + limit.queriesPerSecond() + " --burst " + limit.burst()
                    + (limit.slip() == 0 ? "" : " --slip " + limit.slip())
                    + (limit.per() == 0 ? "" : " --per /" + limit.per());
        }
        StringBuilder line = new StringBuilder("block ").append(entry.subject());
        if (entry.kind() == Kind.SUFFIXES) {
            line.append(" --suffix");
        }
        if (EntryRow.isNamed(entry) && entry.type() != FilterSpec.ANY_TYPE) {
            line.append(" --type ").append(RecordType.toString(entry.type()));
        }
        line.append(" --action ").append(EntryRow.lower(entry.action()));
        if (entry.endNanos() != KernelFilter.FOREVER) {
            line.append(" --for ").append(seconds(entry, nowNanos)).append('s');
        }
        return line.append(isEverything(entry) ? " --everything" : "")
                .append(reason(entry))
                .toString();
    }

    private static boolean isEverything(KernelFilter.Entry entry) {
        return switch (entry.kind()) {
            case CIDR4, CIDR6 -> entry.subject().endsWith("/0");
            case SUFFIXES -> entry.subject().equals(".");
            default -> false;
        };
    }
}
