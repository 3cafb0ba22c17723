package dev.weir.config.yaml;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Maps, lists and single values written as YAML 1.2, as a person would: short ones on one line, code as it is, quotation marks where something else
 * would be read without them. Values are maps with texts as keys, lists, texts, numbers, truths, and {@code byte[]} for what is no text.
 */
public final class YamlText {
    private static final int WIDTH = 110;

    /** Texts that need no quotation marks, in a list or map on one line neither. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./@+-]*( [A-Za-z0-9_./@+-]+)*");

    /** Addresses and networks of IPv4, which begin with a digit and are no numbers. */
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}(:[0-9]{1,5}|/[0-9]{1,2})?");

    /** Words that some readers take for something else than a text. */
    private static final Pattern SPECIAL = Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n|[-+]?\\.?(inf|nan)");

    private final StringBuilder text = new StringBuilder();

    private YamlText() {}

    /** A file's map; what stands at its first level has empty lines between. */
    public static String of(Map<String, ?> root) {
        YamlText writer = new YamlText();
        root.forEach((key, value) -> {
            if (!writer.text.isEmpty()) {
                writer.text.append('\n');
            }
            writer.text.append(key).append(':');
            writer.below(value, 2, 0);
        });
        return writer.text.toString();
    }

    /** A value behind its key or dash, which stands {@code indent - 2} from the left; {@code used} columns of its line are taken. */
    private void below(Object value, int indent, int used) {
        String line = isMultiline(value) ? "" : flow(value);
        boolean single = !(value instanceof Map<?, ?>) && !(value instanceof Collection<?>);
        if (!line.isEmpty() && (single || used + indent + line.length() <= WIDTH && !isDeep(value))) {
            text.append(' ').append(line).append('\n');
        } else if (value instanceof Map<?, ?> map) {
            text.append('\n');
            map(map, indent, true);
        } else if (value instanceof Collection<?> list) {
            text.append('\n');
            list(list, indent);
        } else {
            block(value.toString(), indent);
        }
    }

    private void map(Map<?, ?> map, int indent, boolean indentFirst) {
        boolean indented = indentFirst;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            text.append(indented ? " ".repeat(indent) : "");
            indented = true;
            String key = String.valueOf(entry.getKey());
            text.append(key).append(':');
            below(java.util.Objects.requireNonNull(entry.getValue()), indent + 2, key.length());
        }
    }

    private void list(Collection<?> list, int indent) {
        for (Object value : list) {
            text.append(" ".repeat(indent)).append('-');
            if (value instanceof Map<?, ?> map && !map.isEmpty() && !fits(value, indent + 2)) {
                text.append(' ');
                map(map, indent + 2, false);
            } else {
                below(value, indent + 2, 0);
            }
        }
    }

    private static boolean fits(Object value, int indent) {
        return !isMultiline(value) && !isDeep(value) && indent + flow(value).length() <= WIDTH;
    }

    /** Whether a line would hold more levels than a reader can take in. */
    private static boolean isDeep(Object value) {
        return depth(value) > 3
                || value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance);
    }

    private static int depth(Object value) {
        Collection<?> below =
                switch (value) {
                    case Map<?, ?> map -> map.values();
                    case Collection<?> list -> list;
                    default -> List.of();
                };
        boolean single = !(value instanceof Map<?, ?>) && !(value instanceof Collection<?>);
        return single ? 0 : 1 + below.stream().mapToInt(YamlText::depth).max().orElse(0);
    }

    private static boolean isMultiline(Object value) {
        return switch (value) {
            case Map<?, ?> map -> map.values().stream().anyMatch(YamlText::isMultiline);
            case Collection<?> list -> list.stream().anyMatch(YamlText::isMultiline);
            case String code -> isBlock(code);
            default -> false;
        };
    }

    /** Whether a text can stand as a block: lines without anything that a block changes. */
    private static boolean isBlock(String code) {
        return code.indexOf('\n') >= 0
                && !code.startsWith(" ")
                && !code.startsWith("\n")
                && code.chars().allMatch(c -> c == '\n' || c == '\t' || isPrintable(c));
    }

    private static boolean isPrintable(int c) {
        return c >= ' ' && c < 0x7f || c >= 0xa0 && c < 0xd800 || c >= 0xe000 && c < 0xfeff || c > 0xfeff && c < 0xfffe;
    }

    private void block(String code, int indent) {
        String end = code.endsWith("\n\n") ? "+" : code.endsWith("\n") ? "" : "-";
        text.append(" |").append(end).append('\n');
        String lines = code.endsWith("\n") ? code.substring(0, code.length() - 1) : code;
        for (String line : lines.split("\n", -1)) {
            text.append(line.isEmpty() ? "" : " ".repeat(indent)).append(line).append('\n');
        }
    }

    private static String flow(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + flow(java.util.Objects.requireNonNull(entry.getValue())))
                        .collect(Collectors.joining(", ", "{", "}"));
            case Collection<?> list -> list.stream().map(YamlText::flow).collect(Collectors.joining(", ", "[", "]"));
            case String string -> scalar(string);
            case byte[] octets -> "!!binary \"" + Base64.getEncoder().encodeToString(octets) + '"';
            default -> value.toString();
        };
    }

    /** A text on one line. */
    private static String scalar(String string) {
        boolean plain =
                PLAIN.matcher(string).matches() && !SPECIAL.matcher(string).matches();
        return plain || IPV4.matcher(string).matches() ? string : quoted(string);
    }

    private static String quoted(String string) {
        StringBuilder quoted = new StringBuilder("\"");
        string.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c > 0xffff || isPrintable(c)) {
                        quoted.appendCodePoint(c);
                    } else {
                        quoted.append(String.format("\\u%04x", c));
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }

    /** Octets as a text if they are one in UTF-8 that YAML can hold, else as they are. */
    public static Object ofOctets(byte[] octets) {
        String read = new String(octets, StandardCharsets.UTF_8);
        return java.util.Arrays.equals(read.getBytes(StandardCharsets.UTF_8), octets)
                        && read.codePoints().noneMatch(c -> c == 0)
                ? read
                : octets;
    }
}
