package dev.weir.app.bpf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of named values, printed as a table for people or as JSON for programs. */
public final class Report {
    private final List<String> columns;
    private final List<Map<String, Object>> rows = new ArrayList<>();

    public Report(String... columns) {
        this.columns = List.of(columns);
    }

    /**
     * Adds a row.
     *
     * @param values one per column
     */
    public void add(Object... values) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            row.put(columns.get(i), values[i]);
        }
        rows.add(row);
    }

    /** Returns it for people: a line with the columns' names, then one per row. */
    public String table() {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = columns.get(i).length();
            for (Map<String, Object> row : rows) {
                widths[i] = Math.max(widths[i], text(row.get(columns.get(i))).length());
            }
        }
        StringBuilder out = new StringBuilder();
        line(out, widths, columns);
        for (Map<String, Object> row : rows) {
            line(out, widths, columns.stream().map(c -> text(row.get(c))).toList());
        }
        return out.toString();
    }

    /** Returns it for programs: an array of objects, and a newline. */
    public String json() {
        return json(rows) + '\n';
    }

    /** Returns a list as JSON, an array with a line per element. */
    public static String jsonLines(List<? extends Object> elements) {
        StringBuilder out = new StringBuilder("[");
        String separator = "\n";
        for (Object element : elements) {
            out.append(separator);
            json(out, element);
            separator = ",\n";
        }
        return out.append(elements.isEmpty() ? "]\n" : "\n]\n").toString();
    }

    /**
     * Returns a value as JSON, on one line.
     *
     * @param value lists, maps, numbers, booleans and null as such, anything else as its text
     */
    public static String json(Object value) {
        StringBuilder out = new StringBuilder();
        json(out, value);
        return out.toString();
    }

    private static void line(StringBuilder out, int[] widths, List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(cells.get(i)).repeat(' ', widths[i] - cells.get(i).length() + 2);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private static String text(@org.jspecify.annotations.Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Boolean b -> b ? "yes" : "no";
            case List<?> list ->
                String.join(", ", list.stream().map(Report::text).toList());
            case Map<?, ?> map ->
                String.join(
                        " ",
                        map.entrySet().stream()
                                .map(e -> e.getKey() + "=" + text(e.getValue()))
                                .toList());
            default -> value.toString();
        };
    }

    private static void json(StringBuilder out, @org.jspecify.annotations.Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Number n -> out.append(n);
            case Boolean b -> out.append(b);
            case List<?> list -> {
                out.append('[');
                String separator = "";
                for (Object element : list) {
                    out.append(separator);
                    json(out, element);
                    separator = ",";
                }
                out.append(']');
            }
            case Map<?, ?> map -> {
                out.append('{');
                String separator = "";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator);
                    quote(out, String.valueOf(entry.getKey()));
                    out.append(':');
                    json(out, entry.getValue());
                    separator = ",";
                }
                out.append('}');
            }
            default -> quote(out, value.toString());
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
