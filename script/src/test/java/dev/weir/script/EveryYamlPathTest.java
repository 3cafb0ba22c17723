package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.Ledger.Status;
import dev.weir.config.yaml.Field;
import dev.weir.config.yaml.SectionType;
import dev.weir.config.yaml.YamlTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Does the loader take each path of the table that works, and refuse by file and line the others? */
class EveryYamlPathTest {
    private static final String NOT_YET = "not implemented yet in Weir";
    private static final YamlTable TABLE = YamlTable.table();

    private static LoadResult load(Map<String, Object> root) {
        World world = new World();
        world.with("function f() end");
        return world.lua.loadYaml("test.yml", YamlSamples.yaml(root).getBytes(StandardCharsets.UTF_8));
    }

    /** What is wrong with an answer; empty if nothing is. */
    private static String problem(String path, Status status, LoadResult result) {
        String said = result.error() == null ? "" : result.error().toString();
        String complaints = String.join("\n", result.complaints());
        boolean refused = said.contains(NOT_YET) || complaints.contains(NOT_YET);
        if (status == Status.NOT_YET) {
            return refused ? "" : path + " is not there yet, and is taken: " + said + complaints;
        }
        if (status == Status.PARTLY && refused) {
            return "";
        }
        return said.isEmpty() && !refused && !complaints.contains("unknown option")
                ? ""
                : path + ": " + said + complaints;
    }

    @Test
    void keys() {
        Map<String, Status> statuses = TABLE.statuses();
        List<String> problems = new ArrayList<>();
        assertThat(statuses).as("paths of the reference").hasSizeGreaterThan(850);
        for (Field field : TABLE.fields()) {
            String path = field.path();
            boolean groups = field.map() != null && field.slot() == null;
            if (path.contains("[type=")
                    || path.matches("(selector|action|response-action)\\.name")
                    || Character.isUpperCase(path.charAt(0))
                    || groups && statuses.get(path) == Status.NOT_YET) {
                continue;
            }
            String problem = problem(path, statuses.get(path), load(YamlSamples.around(field)));
            if (!problem.isEmpty()) {
                problems.add(problem);
            }
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void selectorsAndActions() {
        List<String> problems = new ArrayList<>();
        variants(Field.Type.SELECTOR, "query_rules", problems);
        variants(Field.Type.ACTION, "query_rules", problems);
        variants(Field.Type.RESPONSE_ACTION, "response_rules", problems);
        assertThat(problems).isEmpty();
    }

    private static void variants(Field.Type family, String chain, List<String> problems) {
        Map<String, Status> statuses = TABLE.statuses();
        assertThat(TABLE.variants(family)).hasSizeGreaterThan(20);
        TABLE.variants(family).forEach((word, type) -> {
            List<String> keys = new ArrayList<>(List.of(""));
            type.fields().forEach(field -> keys.add(field.name()));
            for (String key : keys) {
                Field field = type.field(key);
                String path = field == null ? type.name() : field.path();
                Status status = statuses.get(type.name()) == Status.NOT_YET ? Status.NOT_YET : statuses.get(path);
                String problem = problem(path + " in " + word, status, load(rule(family, chain, word, type, key)));
                if (!problem.isEmpty()) {
                    problems.add(problem);
                }
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> rule(
            Field.Type family, String chain, String word, SectionType type, String key) {
        Map<String, Object> part = new LinkedHashMap<>(Map.of("type", word));
        part.putAll(YamlSamples.map(type, key));
        if (type.field("function_name") != null && part.keySet().stream().noneMatch(k -> k.startsWith("function_"))) {
            part.put("function_name", "f");
        }
        if (List.of("QType", "QClass").contains(word)
                && part.keySet().stream().noneMatch(k -> k.startsWith("q") || k.startsWith("num"))) {
            part.put("numeric_value", 1);
        }
        if (word.equals("NetmaskGroup") && part.keySet().stream().noneMatch(k -> k.startsWith("netmask"))) {
            part.put("netmask_group_name", "nmg");
        }
        Map<String, Object> rule = new LinkedHashMap<>();
        boolean selector = family == Field.Type.SELECTOR;
        rule.put("selector", selector ? part : Map.of("type", "All"));
        rule.put("action", selector ? Map.of("type", "None") : part);
        Map<String, Object> root = YamlSamples.named();
        ((List<Object>) root.get(chain)).add(rule);
        return root;
    }
}
