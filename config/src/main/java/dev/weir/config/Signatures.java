package dev.weir.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How each function and member that Weir has is called, for people at the console: for its help and for what TAB completes. The table is read
 * when first asked for. Any thread.
 */
public final class Signatures {
    private static final String RESOURCE = "ledger/signatures.tsv";

    private Signatures() {}

    /**
     * A function's, or a member's.
     *
     * @param name with the class in front for members, as in {@code Server:isUp}
     * @param parameters in parentheses, what may be left out in brackets; empty for what is not called
     * @param gives the class of the object that it returns or is; empty where it is none, or may be of several
     */
    public record Signature(String name, String parameters, String gives) {
        /** As one would write it. */
        public String call() {
            return name + parameters;
        }
    }

    private static final class Table {
        private static final Map<String, Signature> ROWS = read();
    }

    /** The row of a name; null if there is none. */
    public static @Nullable Signature find(String name) {
        return Table.ROWS.get(name);
    }

    /** The class of the object that a name gives; null if it gives none, or there is no such name. */
    public static @Nullable String gives(String name) {
        Signature signature = find(name);
        return signature == null || signature.gives().isEmpty() ? null : signature.gives();
    }

    /** All rows: functions, then members by class. */
    public static Collection<Signature> all() {
        return Table.ROWS.values();
    }

    private static Map<String, Signature> read() {
        Map<String, Signature> rows = new LinkedHashMap<>();
        try (InputStream in = Signatures.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the program");
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            lines.readLine(); // headings
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] fields = line.split("\t", -1);
                rows.put(fields[0], new Signature(fields[0], fields[1], fields[2]));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }
}
