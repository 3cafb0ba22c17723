import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * TableSource TABLE DIRECTORY PACKAGE CLASS: makes of a table the source of a class whose {@code text()} is the table. A start that needs it has it
 * from the start-up cache then, and opens no jar for it: 15 of 300 ms.
 */
final class TableSource {
    /** A constant of a class holds 65,535 octets. */
    private static final int MOST_CHARACTERS = 16_000;

    private TableSource() {}

    public static void main(String[] arguments) throws IOException {
        String table = Files.readString(Path.of(arguments[0]));
        String name = arguments[3];
        List<String> parts = new ArrayList<>();
        for (int from = 0; from < table.length(); from += MOST_CHARACTERS) {
            String part = table.substring(from, Math.min(table.length(), from + MOST_CHARACTERS));
            parts.add(".append(\"" + escaped(part) + "\")");
        }
        String source = "package %s;%n%n@SuppressWarnings(\"UnnecessaryStringBuilder\")%nfinal class %s {%n    private %s() {}%n%n    static String text() {%n".formatted(arguments[2], name, name)
                + "        return new StringBuilder(" + table.length() + ")" + String.join("\n", parts) + ".toString();\n    }\n}\n";
        Path file = Path.of(arguments[1], arguments[2].replace('.', '/'), name + ".java");
        if (!Files.exists(file) || !Files.readString(file).equals(source)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, source);
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t").replace("\n", "\\n");
    }
}
