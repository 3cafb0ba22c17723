package dev.weir.engine.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What would become of a query, and by what.
 *
 * @param question in one line
 * @param steps in the order of the walk
 * @param end what becomes of it
 */
public record Explanation(String question, List<Step> steps, End end) {
    /** Widest name of a stage, and a blank. */
    private static final int COLUMN = 24;

    /** Where in the walk something is said. */
    public enum Stage {
        KERNEL("kernel"),
        ACL("acl"),
        BLOCK("block"),
        RULE("rule"),
        POOL("pool"),
        CACHE("cache"),
        CACHE_MISS_RULE("cache-miss rule"),
        CACHE_HIT_RULE("cache-hit rule"),
        SERVER("server"),
        SELF_ANSWERED_RULE("self-answered rule");

        private final String word;

        Stage(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** How it ends. */
    public enum Outcome {
        DROPPED,
        ANSWERED,
        CACHED,
        FORWARDED,
        /** Somebody outside decides what becomes of it. */
        SUSPENDED
    }

    /**
     * Something that is said.
     *
     * @param number of a rule in its chain; -1 for what has none
     * @param text in words
     * @param facts the same for programs
     */
    public record Step(Stage stage, int number, String text, Map<String, Object> facts) {
        static Step of(Stage stage, String text, Map<String, Object> facts) {
            return new Step(stage, -1, text, facts);
        }
    }

    /**
     * What becomes of the query.
     *
     * @param text in words
     * @param facts the same for programs
     * @param records of an answer, a line each
     */
    public record End(Outcome outcome, String text, Map<String, Object> facts, List<String> records) {
        public End {
            records = List.copyOf(records);
        }
    }

    public Explanation {
        steps = List.copyOf(steps);
    }

    /** For people: a line for the question, one for each step, and the end. */
    public String text() {
        StringBuilder text = new StringBuilder(question).append('\n');
        for (Step step : steps) {
            String head = "  " + step.stage.word + (step.number < 0 ? "" : " " + step.number);
            text.append(head)
                    .append(" ".repeat(Math.max(1, COLUMN - head.length())))
                    .append(step.text)
                    .append('\n');
        }
        text.append("=> ").append(end.text).append('\n');
        end.records.forEach(line -> text.append("   ").append(line).append('\n'));
        return text.toString();
    }

    /** The same for programs, to be written as JSON. */
    public Map<String, Object> document() {
        List<Object> list = new ArrayList<>();
        for (Step step : steps) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("stage", step.stage.word.replace(' ', '-'));
            if (step.number >= 0) {
                entry.put("number", step.number);
            }
            entry.put("text", step.text);
            entry.putAll(step.facts);
            list.add(entry);
        }
        Map<String, Object> last = new LinkedHashMap<>();
        last.put("outcome", end.outcome.name().toLowerCase(Locale.ROOT));
        last.put("text", end.text);
        last.putAll(end.facts);
        if (!end.records.isEmpty()) {
            last.put("records", end.records);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("question", question);
        all.put("steps", list);
        all.put("end", last);
        return all;
    }
}
