package dev.weir.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Every name that dnsdist offers its users, and how far Weir has it: the source of "not implemented yet" messages and of the
 * documentation, held against the running program by a test. Tables are read when first asked for. Any thread.
 */
public final class Ledger {
    /** The tables; a row's key is its name, with the owner in front for methods ({@code Server:isUp}), options and constants. */
    public enum Table {
        FUNCTIONS,
        METHODS,
        OPTIONS,
        CONSTANTS,
        METRICS
    }

    /** How far Weir has a name. */
    public enum Status {
        WORKS,
        /** Accepted, and without effect by intent: what it is about is done otherwise here, or by itself. */
        SILENT,
        PARTLY,
        NOT_YET
    }

    /** @param note what a {@link Status#PARTLY} name lacks, or why a {@link Status#SILENT} one does nothing; empty otherwise */
    public record Entry(String name, Status status, String note) {}

    private static final Map<Table, Map<String, Entry>> TABLES = new ConcurrentHashMap<>();

    private Ledger() {}

    private static Map<String, Entry> entries(Table table) {
        return TABLES.computeIfAbsent(table, t -> read("ledger/" + t.name().toLowerCase(Locale.ROOT) + ".tsv"));
    }

    /** The row of a name, or {@code null} if dnsdist has no such name. */
    public static @Nullable Entry find(Table table, String name) {
        return entries(table).get(name);
    }

    /** All rows of a table, in its order. */
    public static Collection<Entry> all(Table table) {
        return entries(table).values();
    }

    private static Map<String, Entry> read(String resource) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        try (InputStream in = Ledger.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the program");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            lines.readLine(); // headings
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Entry entry = parse(line);
                entries.put(entry.name(), entry);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    private static Entry parse(String line) {
        int tab = line.indexOf('\t');
        String name = line.substring(0, tab);
        String status = line.substring(tab + 1);
        if (status.equals("works")) {
            return new Entry(name, Status.WORKS, "");
        }
        for (Status noted : List.of(Status.PARTLY, Status.SILENT)) {
            String start = noted.name().toLowerCase(Locale.ROOT) + ": ";
            if (status.startsWith(start)) {
                return new Entry(name, noted, status.substring(start.length()));
            }
        }
        return new Entry(name, Status.NOT_YET, "");
    }
}
