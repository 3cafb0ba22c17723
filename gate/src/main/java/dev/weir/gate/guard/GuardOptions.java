package dev.weir.gate.guard;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a guard was told when it was attached, and is told again when it is replaced. A symbolic link beside its pins holds it as text, which
 * anybody may read: {@code ports=53,5353 unanswerable=drop any-is-255=no}.
 *
 * @param ports destination ports of queries
 * @param passUnanswerable whether a client that is to be answered gets through with what the guard can't answer; it is dropped otherwise
 * @param anyIs255 whether type 255 in an entry means every type, as in tables that dnsdist before 2.0 fills
 */
public record GuardOptions(Set<Integer> ports, boolean passUnanswerable, boolean anyIs255) {
    /** Queries come to port 53. */
    public static final GuardOptions DEFAULT = new GuardOptions(Set.of(53), false, false);

    public GuardOptions {
        ports = Set.copyOf(ports);
    }

    String text() {
        return "ports="
                + new TreeSet<>(ports).stream().map(String::valueOf).collect(Collectors.joining(","))
                + " unanswerable=" + (passUnanswerable ? "pass" : "drop") + " any-is-255=" + (anyIs255 ? "yes" : "no");
    }

    /** Reads what {@link #text} wrote, in this version or another: words that are not known are passed over. */
    static GuardOptions parse(String text) {
        Map<String, String> words = new HashMap<>();
        for (String word : text.split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                words.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        String ports = words.getOrDefault("ports", "");
        return new GuardOptions(
                ports.matches("\\d{1,5}(,\\d{1,5})*")
                        ? Arrays.stream(ports.split(",")).map(Integer::valueOf).collect(Collectors.toSet())
                        : DEFAULT.ports,
                words.getOrDefault("unanswerable", "").equals("pass"),
                words.getOrDefault("any-is-255", "").equals("yes"));
    }
}
