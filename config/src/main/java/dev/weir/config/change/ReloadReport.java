package dev.weir.config.change;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How reading the configuration again has ended.
 *
 * @param outcome what became of it
 * @param error why it was not taken, with file and line as far as they are known; empty if it was
 * @param changes in what it differs from the one before
 * @param notes what was not done, or needs a restart, in words
 */
public record ReloadReport(Outcome outcome, String error, List<Change> changes, List<String> notes) {
    /** What became of it. */
    public enum Outcome {
        RELOADED("Reloaded"),
        DRY_RUN("Nothing is changed, this would be"),
        FAILED("Not reloaded, the running configuration goes on");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }
    }

    public ReloadReport {
        changes = List.copyOf(changes);
        notes = List.copyOf(notes);
    }

    /** The configuration can't be used. */
    public static ReloadReport failed(String error) {
        return new ReloadReport(Outcome.FAILED, error, List.of(), List.of());
    }

    public boolean succeeded() {
        return outcome != Outcome.FAILED;
    }

    /** For people: a line for the outcome, one for each change, and one for each note. */
    public String text() {
        StringBuilder text = new StringBuilder(outcome.words);
        if (!succeeded()) {
            return text.append(": ").append(error).append('\n').toString();
        }
        text.append(changes.isEmpty() ? ": no differences\n" : ":\n");
        changes.forEach(change -> text.append(change).append('\n'));
        notes.forEach(note -> text.append("! ").append(note).append('\n'));
        return text.toString();
    }

    /** The same for programs, to be written as JSON. */
    public Map<String, Object> document() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("outcome", outcome.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        if (!succeeded()) {
            all.put("error", error);
        }
        List<Object> list = new ArrayList<>();
        for (Change change : changes) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("change", change.kind().name().toLowerCase(java.util.Locale.ROOT));
            entry.put("subject", change.subject().word());
            entry.put("text", change.text());
            list.add(entry);
        }
        all.put("changes", list);
        all.put("notes", List.copyOf(notes));
        return all;
    }
}
