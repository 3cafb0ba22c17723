package dev.weir.script.listing;

import dev.weir.config.Ledger;
import dev.weir.config.Ledger.Entry;
import dev.weir.config.Ledger.Status;
import dev.weir.config.Ledger.Table;
import dev.weir.config.Signatures;
import dev.weir.config.Signatures.Signature;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What {@code help()} prints: the names that the console knows, one a line, in alphabetical order whatever their case; of a name that is whole
 * how it is called, what it gives, its options, and what it lacks; of a class its members.
 */
public final class HelpListing {
    private static final int WIDTH = 100;

    private HelpListing() {}

    /** @param asked a name, or the beginning of some; empty: all names */
    public static String show(Collection<String> names, String asked) {
        StringBuilder text = new StringBuilder();
        List<String> found = new ArrayList<>();
        for (String name : names) {
            if (name.startsWith(asked)) {
                found.add(name);
            }
        }
        Signature signature = Signatures.find(asked.replace('.', ':'));
        if (signature != null && (found.remove(asked) || signature.name().indexOf(':') > 0)) {
            describe(signature, text);
        }
        for (Signature member : Signatures.all()) {
            if (member.name().startsWith(asked + ":") && !asked.isEmpty()) {
                text.append(line(member));
            }
        }
        if (text.isEmpty() && found.isEmpty()) {
            return "Nothing found for " + asked + "\n";
        }
        found.sort(String.CASE_INSENSITIVE_ORDER);
        found.forEach(name -> text.append(name).append('\n'));
        return text.toString();
    }

    private static String line(Signature signature) {
        return signature.call() + (signature.gives().isEmpty() ? "" : " -> " + signature.gives()) + "\n";
    }

    private static void describe(Signature signature, StringBuilder text) {
        text.append(line(signature));
        Entry entry =
                Ledger.find(signature.name().indexOf(':') > 0 ? Table.METHODS : Table.FUNCTIONS, signature.name());
        if (entry != null && !entry.note().isEmpty()) {
            text.append("  ").append(status(entry)).append('\n');
        }
        List<String> work = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Entry option : Ledger.all(Table.OPTIONS)) {
            String name = option.name();
            int colon = name.lastIndexOf(':');
            if (colon < 0 || !name.substring(0, colon).equals(signature.name())) {
                continue;
            }
            if (option.status() == Status.WORKS) {
                work.add(name.substring(colon + 1));
            } else if (option.status() != Status.NOT_YET) {
                others.add("  " + name.substring(colon + 1) + ": " + status(option) + "\n");
            }
        }
        if (!work.isEmpty()) {
            wrap("  options:", work, text);
        }
        others.forEach(text::append);
    }

    private static String status(Entry entry) {
        return (entry.status() == Status.SILENT ? "without effect: " : "in part: ") + entry.note();
    }

    private static void wrap(String start, List<String> words, StringBuilder text) {
        int column = start.length();
        text.append(start);
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i) + (i + 1 < words.size() ? "," : "");
            if (column + 1 + word.length() > WIDTH) {
                text.append("\n          ");
                column = 10;
            }
            text.append(' ').append(word);
            column += 1 + word.length();
        }
        text.append('\n');
    }
}
