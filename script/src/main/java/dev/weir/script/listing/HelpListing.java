package dev.weir.script.listing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What {@code help()} prints: the names that the console knows, one a line, in alphabetical order whatever their case. */
public final class HelpListing {
    private HelpListing() {}

    /** @param prefix only names that begin with it; empty: all */
    public static String show(Collection<String> names, String prefix) {
        List<String> found = new ArrayList<>();
        for (String name : names) {
            if (name.startsWith(prefix)) {
                found.add(name);
            }
        }
        found.sort(String.CASE_INSENSITIVE_ORDER);
        return found.isEmpty() ? "Nothing found for " + prefix + "\n" : String.join("\n", found) + "\n";
    }
}
