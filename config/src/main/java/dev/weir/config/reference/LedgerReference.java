package dev.weir.config.reference;

import dev.weir.config.Ledger;
import dev.weir.config.Ledger.Entry;
import dev.weir.config.Ledger.Status;
import dev.weir.config.Ledger.Table;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How far Weir has what dnsdist offers, as the page that operators read: {@code docs/compatibility.md}. */
public final class LedgerReference {
    private static final String HEAD = """
            # Compatibility

            How far Weir has the names that dnsdist 2.2 offers. Made by `weir ledger`; a test compares, and others hold the ledger against the running
            program. *Silent*: accepted, and without effect by intent. What is *not yet* there stops the start with file and line.

            | | works | silent | partly | not yet |
            |---|---:|---:|---:|---:|
            """;

    private LedgerReference() {}

    /** The whole page; ends with a line end. */
    public static String text() {
        StringBuilder text = new StringBuilder(HEAD);
        for (Table table : Table.values()) {
            text.append("| ").append(words(table));
            for (Status status : Status.values()) {
                text.append(" | ").append(having(table, status).size());
            }
            text.append(" |\n");
        }
        noted(text, "Partly", Status.PARTLY);
        noted(text, "Silent", Status.SILENT);
        text.append("\n## Not yet\n");
        for (Table table : Table.values()) {
            List<Entry> missing = having(table, Status.NOT_YET);
            if (!missing.isEmpty()) {
                text.append('\n').append(words(table)).append(": ");
                text.append(
                        missing.stream().map(entry -> '`' + entry.name() + '`').collect(Collectors.joining(", ")));
                text.append(".\n");
            }
        }
        return text.toString();
    }

    private static void noted(StringBuilder text, String heading, Status status) {
        text.append("\n## ").append(heading).append("\n\n| | |\n|---|---|\n");
        for (Table table : Table.values()) {
            for (Entry entry : having(table, status)) {
                text.append("| `")
                        .append(entry.name())
                        .append("` | ")
                        .append(entry.note())
                        .append(" |\n");
            }
        }
    }

    private static List<Entry> having(Table table, Status status) {
        Collection<Entry> all = Ledger.all(table);
        return all.stream()
                .filter(entry -> entry.status() == status)
                .sorted(Comparator.comparing(Entry::name))
                .toList();
    }

    private static String words(Table table) {
        String name = table.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
