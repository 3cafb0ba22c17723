package dev.weir.app.xdp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** As much of JSON Schema as {@code docs/xdp.schema.json} uses; another word in it is an error. */
final class JsonSchema {
    private static final Set<String> WORDS = Set.of(
            "$ref",
            "additionalProperties",
            "description",
            "enum",
            "format",
            "items",
            "minimum",
            "properties",
            "required",
            "type");

    private final Map<?, ?> definitions;

    private JsonSchema(Map<?, ?> definitions) {
        this.definitions = definitions;
    }

    static JsonSchema read(Path file) throws IOException {
        Map<?, ?> schema = (Map<?, ?>) JsonText.parse(Files.readString(file));
        return new JsonSchema((Map<?, ?>) schema.get("$defs"));
    }

    /** Returns what a document does against a definition, nothing if it keeps to it. */
    List<String> faults(String definition, @Nullable Object document) {
        List<String> faults = new ArrayList<>();
        check((Map<?, ?>) definitions.get(definition), document, definition, faults);
        return faults;
    }

    boolean has(String definition) {
        return definitions.containsKey(definition);
    }

    private void check(@Nullable Map<?, ?> schema, @Nullable Object value, String where, List<String> faults) {
        if (schema == null || !WORDS.containsAll(schema.keySet())) {
            throw new IllegalArgumentException("the schema at " + where + ": " + schema);
        }
        if (schema.get("$ref") instanceof String reference) {
            check((Map<?, ?>) definitions.get(reference.replace("#/$defs/", "")), value, where, faults);
        }
        List<?> types = schema.get("type") instanceof List<?> several
                ? several
                : schema.containsKey("type") ? List.of(schema.get("type")) : List.of();
        if (!types.isEmpty() && types.stream().noneMatch(type -> isOf(String.valueOf(type), value))) {
            faults.add(where + " is " + value + ", not " + types);
            return;
        }
        if (schema.get("enum") instanceof List<?> words && !words.contains(value)) {
            faults.add(where + " is " + value + ", not one of " + words);
        }
        if (schema.get("minimum") instanceof Long least && value instanceof Number n && n.doubleValue() < least) {
            faults.add(where + " is " + value + ", less than " + least);
        }
        if (schema.get("items") instanceof Map<?, ?> items && value instanceof List<?> elements) {
            elements.forEach(element -> check(items, element, where + "[]", faults));
        }
        if (value instanceof Map<?, ?> object && schema.get("properties") instanceof Map<?, ?> properties) {
            checkObject(schema, properties, object, where, faults);
        }
    }

    private void checkObject(
            Map<?, ?> schema, Map<?, ?> properties, Map<?, ?> object, String where, List<String> faults) {
        for (Object required : (List<?>) schema.get("required")) {
            if (!object.containsKey(required)) {
                faults.add(where + " lacks " + required);
            }
        }
        object.forEach((key, element) -> {
            if (properties.get(key) instanceof Map<?, ?> property) {
                check(property, element, where + "." + key, faults);
            } else {
                faults.add(where + " has " + key);
            }
        });
    }

    private static boolean isOf(String type, @Nullable Object value) {
        return switch (type) {
            case "null" -> value == null;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "integer" -> value instanceof Long;
            case "number" -> value instanceof Number;
            case "array" -> value instanceof List;
            case "object" -> value instanceof Map;
            default -> throw new IllegalArgumentException("the type " + type);
        };
    }
}
