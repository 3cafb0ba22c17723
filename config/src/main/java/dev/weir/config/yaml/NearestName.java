package dev.weir.config.yaml;

import java.util.Collection;
import java.util.Locale;

/** The known name that somebody may have meant. */
public final class NearestName {
    private NearestName() {}

    /** {@code ", did you mean 'x'?"}; empty if nothing known is near. */
    public static String hint(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT).replace('-', '_');
        String best = "";
        int fewest = Math.max(1, name.length() / 3) + 1;
        for (String one : known) {
            int edits = edits(wanted, one.toLowerCase(Locale.ROOT).replace('-', '_'), fewest);
            if (edits < fewest) {
                fewest = edits;
                best = one;
            }
        }
        return best.isEmpty() ? "" : ", did you mean '" + best + "'?";
    }

    /** How many letters are to be put in, taken out or changed, up to {@code most}. */
    private static int edits(String from, String to, int most) {
        if (Math.abs(from.length() - to.length()) >= most) {
            return most;
        }
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
