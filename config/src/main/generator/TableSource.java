import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * TableSource TABLE DIRECTORY PACKAGE CLASS: makes of the table of YAML's keys the source of a class that has its rows by the map that they are keys
 * of. A start has what it needs of them from the start-up cache then: it opens no jar, and reads no row that nobody asks for.
 */
final class TableSource {
    private static final String VARIANT = "\t\tvariant\t";

    private TableSource() {}

    public static void main(String[] arguments) throws IOException {
        List<String> rows = Files.readAllLines(Path.of(arguments[0]));
        Map<String, String> children = new LinkedHashMap<>();
        Map<String, String> families = new LinkedHashMap<>();
        for (String row : rows.subList(1, rows.size())) { // behind the headings
            int path = row.indexOf('\t');
            if (row.startsWith(VARIANT, path)) {
                families.merge(row.substring(0, row.indexOf('[')), row, TableSource::lines);
            } else {
                children.merge(row.substring(0, Math.max(0, row.lastIndexOf('.', path))), row, TableSource::lines);
            }
        }
        String name = arguments[3];
        String source = "package " + arguments[2] + ";\n\nimport java.util.List;\n\nfinal class " + name + " {\n"
                + names("MAPS", children) + names("FAMILIES", families)
                + "\n    private " + name + "() {}\n"
                + lookUp("below", children) + lookUp("family", families) + "}\n";
        Path file = Path.of(arguments[1], arguments[2].replace('.', '/'), name + ".java");
        if (!Files.exists(file) || !Files.readString(file).equals(source)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, source);
        }
    }

    private static String lines(String some, String more) {
        return some + '\n' + more;
    }

    /** A constant with all names, in the order of the table. */
    private static String names(String name, Map<String, String> rows) {
        return rows.keySet().stream()
                .map(TableSource::quoted)
                .collect(Collectors.joining(", ", "    static final List<String> " + name + " = List.of(", ");\n"));
    }

    /** A method with a name's rows, each in a line; empty if there are none. */
    private static String lookUp(String method, Map<String, String> rows) {
        return rows.entrySet().stream()
                .map(entry -> "            case " + quoted(entry.getKey()) + " -> " + quoted(entry.getValue()) + ";\n")
                .collect(Collectors.joining(
                        "",
                        "\n    static String " + method + "(String name) {\n        return switch (name) {\n",
                        "            default -> \"\";\n        };\n    }\n"));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t").replace("\n", "\\n") + '"';
    }
}
