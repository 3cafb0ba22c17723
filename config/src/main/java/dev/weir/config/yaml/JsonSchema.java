package dev.weir.config.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The table as a JSON Schema (draft 2020-12), with which editors complete and check configurations while they are written. */
public final class JsonSchema {
    private static final List<Map.Entry<String, Field.Type>> FAMILIES = List.of(
            Map.entry("Selector", Field.Type.SELECTOR),
            Map.entry("Action", Field.Type.ACTION),
            Map.entry("ResponseAction", Field.Type.RESPONSE_ACTION));

    private JsonSchema() {}

    /** The whole schema, as text that ends with a line end. */
    public static String text() {
        YamlTable table = YamlTable.table();
        List<String> families = new ArrayList<>();
        FAMILIES.forEach(family -> families.add(pair(
                family.getKey(),
                "{\"oneOf\": ["
                        + table.variants(family.getValue()).entrySet().stream()
                                .map(variant -> map(variant.getValue(), variant.getKey()))
                                .collect(Collectors.joining(",\n"))
                        + "]}")));
        String root = map(table.root(), "");
        return "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n\"title\": \"dnsdist in YAML\",\n\"$defs\": {"
                + String.join(",\n", families)
                + "},\n"
                + root.substring(1)
                + "\n";
    }

    /** @param variant the word that picks it; empty for other maps */
    private static String map(SectionType type, String variant) {
        List<String> properties = new ArrayList<>();
        List<String> required = new ArrayList<>();
        if (!variant.isEmpty()) {
            properties.add(pair("type", "{\"const\": " + quoted(variant) + "}"));
            required.add(quoted("type"));
        }
        for (Field field : type.fields()) {
            properties.add(pair(field.name(), value(field)));
            if (field.required()) {
                required.add(quoted(field.name()));
            }
        }
        return "{\"type\": \"object\", \"additionalProperties\": false"
                + (required.isEmpty() ? "" : ", \"required\": [" + String.join(", ", required) + "]")
                + ", \"properties\": {"
                + String.join(",\n", properties)
                + "}}";
    }

    private static String value(Field field) {
        String one = one(field);
        return field.list() ? "{\"type\": \"array\", \"items\": " + one + "}" : one;
    }

    private static String one(Field field) {
        SectionType map = field.map();
        if (map != null) {
            return map(map, "");
        }
        String type =
                switch (field.type()) {
                    case SELECTOR -> "\"$ref\": \"#/$defs/Selector\"";
                    case ACTION -> "\"$ref\": \"#/$defs/Action\"";
                    case RESPONSE_ACTION -> "\"$ref\": \"#/$defs/ResponseAction\"";
                    case BOOL -> "\"type\": \"boolean\"";
                    case F64 -> "\"type\": \"number\"";
                    case TEXT ->
                        field.values().isEmpty()
                                ? "\"type\": [\"string\", \"number\"]"
                                : "\"enum\": ["
                                        + field.values().stream()
                                                .map(JsonSchema::quoted)
                                                .collect(Collectors.joining(", "))
                                        + "]";
                    default -> "\"type\": \"integer\", \"minimum\": 0, \"maximum\": " + field.type().most;
                };
        return "{" + type + standard(field) + "}";
    }

    private static String standard(Field field) {
        if (field.list() || field.defaultText().isEmpty()) {
            return "";
        }
        boolean text = field.type() == Field.Type.TEXT;
        return ", \"default\": " + (text ? quoted(field.defaultText()) : field.defaultText());
    }

    private static String pair(String key, String value) {
        return quoted(key) + ": " + value;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
