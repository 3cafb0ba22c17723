package dev.weir.config.yaml;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * Reads a file in YAML 1.2 and checks each key and value against the {@link YamlTable}: whatever the octets are, the result is a
 * {@link Section} or a {@link YamlException}. Aliases share what they name, {@code <<} takes in other maps (YAML 1.1's merge), and both are
 * bounded in depth and number.
 */
public final class YamlReader {
    /** Selectors below selectors, and what aliases lead to. */
    private static final int DEEPEST = 100;

    /** Values that aliases may bring beside those that are written: a written one takes more than an octet. */
    private static final int MOST_ALIASED = 1_000_000;

    private static final int MOST_CHARACTERS = 256 << 20;
    private static final String MERGE = "<<";
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

    private final YamlTable table = YamlTable.table();
    private final YamlPlace top;
    private int depth;
    private long values;
    private final long mostValues;

    private YamlReader(String file, int octets) {
        this.top = new YamlPlace(file, 0);
        this.mostValues = (long) octets + MOST_ALIASED;
    }

    /**
     * Reads a file's octets.
     *
     * @param file its name in messages
     * @throws YamlException if that is not YAML, or says what the table does not know
     */
    public static Section read(String file, byte[] octets) {
        YamlReader reader = new YamlReader(file, octets.length);
        try {
            Node root = reader.compose(octets);
            YamlPlace start = new YamlPlace(file, root == null ? 0 : line(root));
            return root == null || isNull(root)
                    ? new Section(reader.table.root(), start, Map.of())
                    : reader.map(root, reader.table.root(), start);
        } catch (StackOverflowError e) {
            throw new YamlException(reader.top, "maps and lists stand too deep in each other");
        }
    }

    private @Nullable Node compose(byte[] octets) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(top.file())
                    .setSchema(new FailsafeSchema()) // what a text stands for is the table's to say
                    .setCodePointLimit(MOST_CHARACTERS)
                    .setAllowDuplicateKeys(true) // told here, with both lines
                    .setAllowNonScalarKeys(true) // likewise
                    .setMaxAliasesForCollections(Integer.MAX_VALUE) // bounded here
                    .build();
            return new Composer(settings, new ParserImpl(settings, new StreamReader(settings, text)))
                    .getSingleNode()
                    .orElse(null);
        } catch (CharacterCodingException e) {
            throw new YamlException(top, "the file is not UTF-8");
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            String problem = e.getProblem() == null ? "not YAML" : e.getProblem();
            String context = e.getContext() == null || e.getContext().isEmpty() ? "" : e.getContext() + ": ";
            throw new YamlException(
                    new YamlPlace(top.file(), mark.map(m -> m.getLine() + 1).orElse(0)), oneLine(context + problem));
        } catch (YamlEngineException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new YamlException(top, oneLine(String.valueOf(e.getMessage())));
        }
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\n\\s*", " ");
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && NULLS.contains(scalar.getValue());
    }

    // ---- maps

    private Section map(Node node, SectionType type, YamlPlace place) {
        Map<String, Value> found = new LinkedHashMap<>();
        entries(node, place).forEach((key, tuple) -> {
            YamlPlace at = place.at(line(tuple.getKeyNode()), key);
            Field field = type.field(key);
            if (field == null) {
                List<String> known = type.fields().stream().map(Field::name).toList();
                throw new YamlException(at, "unknown key" + NearestName.hint(key, known));
            }
            if (!isNull(tuple.getValueNode())) {
                found.put(key, value(tuple.getValueNode(), field, at));
            }
        });
        for (Field field : type.fields()) {
            if (field.required() && !found.containsKey(field.name())) {
                throw new YamlException(place, "'" + field.name() + "' is missing");
            }
        }
        return new Section(type, place, found);
    }

    /** The entries of a map with those that {@code <<} brings, of which its own win. */
    private Map<String, NodeTuple> entries(Node node, YamlPlace place) {
        if (!(node instanceof MappingNode mapping)) {
            throw new YamlException(place, "a map is wanted, not " + describe(node));
        }
        enter(place);
        Map<String, NodeTuple> own = new LinkedHashMap<>();
        List<Node> merged = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode scalar)) {
                throw new YamlException(place, "a key is a text, not " + describe(tuple.getKeyNode()));
            }
            String key = scalar.getValue();
            if (key.equals(MERGE) && scalar.getScalarStyle() == ScalarStyle.PLAIN) {
                merged.add(tuple.getValueNode());
                continue;
            }
            NodeTuple before = own.put(key, tuple);
            if (before != null) {
                throw new YamlException(
                        place.at(line(scalar), key),
                        "this key stands twice, the first time in line " + line(before.getKeyNode()));
            }
        }
        for (Node each : merged) {
            List<Node> maps = each instanceof SequenceNode list ? list.getValue() : List.of(each);
            maps.forEach(one -> entries(one, place).forEach(own::putIfAbsent));
        }
        depth--;
        return own;
    }

    private void enter(YamlPlace place) {
        if (++depth > DEEPEST) {
            throw new YamlException(place, "maps and lists stand too deep in each other, or contain themselves");
        }
    }

    private void count(YamlPlace place) {
        if (++values > mostValues) {
            throw new YamlException(place, "aliases bring more than " + MOST_ALIASED + " values");
        }
    }

    // ---- values

    private Value value(Node node, Field field, YamlPlace place) {
        if (!field.list()) {
            return one(node, field, place);
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw new YamlException(place, "a list is wanted, not " + describe(node));
        }
        enter(place);
        List<Value> elements = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            elements.add(one(element, field, place.element(line(element), elements.size())));
        }
        depth--;
        return new Value(place, elements, place.line());
    }

    private Value one(Node node, Field field, YamlPlace place) {
        count(place);
        SectionType map = field.map();
        if (map != null || field.type().isVariant()) {
            enter(place);
            Section section = map != null ? map(node, map, place) : variant(node, field.type(), place);
            depth--;
            return new Value(place, section, place.line());
        }
        if (!(node instanceof ScalarNode scalar)) {
            throw new YamlException(place, wanted(field) + " is wanted, not " + describe(node));
        }
        boolean block = scalar.getScalarStyle() == ScalarStyle.LITERAL || scalar.getScalarStyle() == ScalarStyle.FOLDED;
        return new Value(place, Scalars.read(scalar, field, place), line(node) + (block ? 1 : 0));
    }

    /** A selector or an action: what it may say depends on its type. */
    private Section variant(Node node, Field.Type family, YamlPlace place) {
        Map<String, NodeTuple> entries = entries(node, place);
        NodeTuple type = entries.get("type");
        if (type == null || !(type.getValueNode() instanceof ScalarNode word)) {
            throw new YamlException(place, "'type' is missing");
        }
        Map<String, SectionType> known = table.variants(family);
        SectionType map = known.get(word.getValue());
        if (map == null) {
            throw new YamlException(
                    place.at(line(word), "type"),
                    "unknown type '" + word.getValue() + "'" + NearestName.hint(word.getValue(), known.keySet()));
        }
        List<NodeTuple> others = entries.entrySet().stream()
                .filter(entry -> !entry.getKey().equals("type"))
                .map(Map.Entry::getValue)
                .toList();
        MappingNode rest = new MappingNode(
                node.getTag(),
                true,
                others,
                ((MappingNode) node).getFlowStyle(),
                node.getStartMark(),
                node.getEndMark());
        return map(rest, map, place);
    }

    private static String wanted(Field field) {
        return switch (field.type()) {
            case BOOL -> "true or false";
            case TEXT -> "a text";
            case F64 -> "a number";
            default -> "an integer";
        };
    }

    private static String describe(Node node) {
        return node instanceof MappingNode ? "a map" : node instanceof SequenceNode ? "a list" : "a single value";
    }
}
