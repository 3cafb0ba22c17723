package dev.weir.config.yaml;

import dev.weir.config.Ledger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that a configuration in YAML may say, read from one table: each row names a path of dnsdist's reference, its type, default and allowed
 * values, and the argument of one of dnsdist's Lua functions that it becomes. A row whose status is empty has that of its function or
 * option in the {@link Ledger}. Read when first asked for; any thread.
 */
public final class YamlTable {
    private static final class Holder {
        static final YamlTable TABLE = new YamlTable();
    }

    private record Row(
            String path,
            String status,
            String type,
            String defaultText,
            boolean required,
            String builds,
            List<String> values) {
        static Row of(String line) {
            String[] cells = line.split("\t", -1);
            List<String> values = cells[6].isEmpty() ? List.of() : List.of(cells[6].split(", ", -1));
            return new Row(cells[0], cells[1], cells[2], cells[3], cells[4].equals("required"), cells[5], values);
        }

        String key() {
            String last = path.substring(path.lastIndexOf('.') + 1);
            return last.endsWith("[]") ? last.substring(0, last.length() - 2) : last;
        }

        boolean list() {
            return type.startsWith("[");
        }

        String one() {
            return list() ? type.substring(1, type.length() - 1) : type;
        }
    }

    private final Map<String, SectionType> maps = new HashMap<>();
    private final Map<String, Map<String, SectionType>> variants = new HashMap<>();

    /** The path of each key that is an argument of a function, by the function's name and the argument's place: {@code setUDPTimeout 1}. */
    public Map<String, String> pathsByArgument() {
        return byArgument(Row::path);
    }

    /** The default of each such key as the reference has it, by the same names; empty where it has none. */
    public Map<String, String> defaultsByArgument() {
        return byArgument(Row::defaultText);
    }

    private Map<String, String> byArgument(Function<Row, String> cell) {
        Map<String, String> cells = new HashMap<>();
        YamlRows.MAPS.stream()
                .flatMap(map -> rows(YamlRows.below(map)))
                .forEach(row -> cells.putIfAbsent(row.builds(), cell.apply(row)));
        return cells;
    }

    private YamlTable() {}

    public static YamlTable table() {
        return Holder.TABLE;
    }

    private synchronized SectionType map(String name, String builds) {
        SectionType known = maps.get(name);
        if (known == null) {
            known = new SectionType(name, Slot.parse(builds), () -> fields(name));
            maps.put(name, known);
        }
        return known;
    }

    private List<Field> fields(String map) {
        List<Field> fields = new ArrayList<>();
        rows(YamlRows.below(map)).forEach(row -> fields.add(field(row)));
        if (map.endsWith("]") && map.contains("[type=")) {
            fields.addAll(fields(map.substring(0, map.indexOf('['))));
        }
        return fields;
    }

    private Field field(Row row) {
        Field.Type type = type(row.one());
        boolean elements = type == Field.Type.MAP && row.list();
        // A list of maps that its elements are made by is no argument itself.
        boolean makes = elements
                && !row.builds.isEmpty()
                && Character.isLetter(row.builds.charAt(0))
                && row.builds.indexOf('.') < 0;
        SectionType map = type == Field.Type.MAP ? map(below(row), makes ? row.builds : maker(row.builds)) : null;
        return new Field(
                row.path,
                row.key(),
                type,
                row.list(),
                map,
                row.defaultText,
                row.required,
                Slot.parse(row.builds),
                row.values,
                row.status);
    }

    /** The name of the map below a row: a shared one, or one of its own. */
    private String below(Row row) {
        if (!YamlRows.below(row.one()).isEmpty()) {
            return row.one();
        }
        return row.list() && !row.path.endsWith("[]") ? row.path + "[]" : row.path;
    }

    /** What makes each element of an argument, behind {@code <}, or a map as a whole. */
    private static String maker(String builds) {
        if (builds.indexOf('<') >= 0) {
            return builds.substring(builds.indexOf('<') + 1);
        }
        return builds.indexOf('@') > 0 && builds.charAt(builds.indexOf('@') - 1) == ' ' ? builds : "";
    }

    private static Stream<Row> rows(String lines) {
        return lines.lines().map(Row::of);
    }

    private static Field.Type type(String text) {
        return switch (text) {
            case "bool" -> Field.Type.BOOL;
            case "u8" -> Field.Type.U8;
            case "u16" -> Field.Type.U16;
            case "u32" -> Field.Type.U32;
            case "u64" -> Field.Type.U64;
            case "f64" -> Field.Type.F64;
            case "String" -> Field.Type.TEXT;
            case "Selector" -> Field.Type.SELECTOR;
            case "Action" -> Field.Type.ACTION;
            case "ResponseAction" -> Field.Type.RESPONSE_ACTION;
            default -> Field.Type.MAP;
        };
    }

    /** The whole file. */
    public SectionType root() {
        return map("", "");
    }

    /** The variants of a family by the word that picks them. */
    public synchronized Map<String, SectionType> variants(Field.Type family) {
        return variants(
                switch (family) {
                    case SELECTOR -> "selector";
                    case ACTION -> "action";
                    default -> "response-action";
                });
    }

    private Map<String, SectionType> variants(String family) {
        return variants.computeIfAbsent(family, name -> {
            Map<String, SectionType> all = new LinkedHashMap<>();
            rows(YamlRows.family(name))
                    .forEach(row -> all.put(
                            row.path.substring(row.path.indexOf('=') + 1, row.path.length() - 1),
                            map(row.path, row.builds)));
            return all;
        });
    }

    /** All keys of all maps. */
    public synchronized Collection<Field> fields() {
        Map<String, Field> all = new LinkedHashMap<>();
        collect(root(), all);
        YamlRows.FAMILIES.forEach(family -> variants(family).values().forEach(map -> collect(map, all)));
        return all.values();
    }

    private static void collect(SectionType map, Map<String, Field> all) {
        for (Field field : map.fields()) {
            SectionType below = field.map();
            if (all.putIfAbsent(field.path(), field) == null && below != null) {
                collect(below, all);
            }
        }
    }

    /** How far Weir has each path and variant. */
    public synchronized Map<String, Ledger.Status> statuses() {
        Map<String, Ledger.Status> all = new LinkedHashMap<>();
        for (Field field : fields()) {
            all.put(field.path(), status(field, scope(parent(field.path()))));
        }
        for (String family : YamlRows.FAMILIES) {
            variants(family).values().forEach(map -> all.put(map.name(), status(map.maker(), null)));
        }
        return all;
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('.')));
    }

    /** What makes something of the keys of a map: its own function, or that of the map around it. */
    private @Nullable Slot scope(String map) {
        for (String name = map; !name.isEmpty(); name = name.substring(0, Math.max(0, name.lastIndexOf('.')))) {
            SectionType type = maps.get(name);
            if (type != null && type.maker() != null) {
                return type.maker();
            }
        }
        return null;
    }

    private static Ledger.Status parse(String status) {
        return status.equals("works")
                ? Ledger.Status.WORKS
                : status.startsWith("partly") ? Ledger.Status.PARTLY : Ledger.Status.NOT_YET;
    }

    private Ledger.Status status(Field field, @Nullable Slot scope) {
        SectionType map = field.map();
        if (field.status().isEmpty() && field.slot() == null && map != null) {
            // A map that only groups is as far as what it groups.
            return best(map.fields().stream()
                    .map(below -> status(below, scope(map.name())))
                    .toList());
        }
        return field.status().isEmpty() ? status(field.slot(), scope) : parse(field.status());
    }

    private static Ledger.Status best(List<Ledger.Status> statuses) {
        return statuses.stream().min(Comparator.naturalOrder()).orElse(Ledger.Status.WORKS);
    }

    private static Ledger.Status status(@Nullable Slot slot, @Nullable Slot maker) {
        if (slot != null && slot.how().equals("-")) {
            return Ledger.Status.NOT_YET;
        }
        String function =
                slot != null && !slot.function().isEmpty() ? slot.function() : maker == null ? "" : maker.function();
        if (function.isEmpty() || slot == null || slot.isSpecial() && maker == null) {
            return Ledger.Status.WORKS;
        }
        return status(function.equals("newFrameStream") ? "newFrameStreamTcpLogger" : function, slot.key());
    }

    private static Ledger.Status status(String function, String key) {
        Ledger.Entry made = Ledger.find(Ledger.Table.FUNCTIONS, function);
        if (made != null && made.status() == Ledger.Status.NOT_YET) {
            return Ledger.Status.NOT_YET;
        }
        Ledger.Entry option = key.isEmpty() ? made : Ledger.find(Ledger.Table.OPTIONS, function + ":" + key);
        return option == null ? Ledger.Status.WORKS : option.status();
    }
}
