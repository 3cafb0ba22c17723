package dev.weir.gate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a guard was told when it was attached, and is told again when it is replaced. A symbolic link beside its pins holds it as text, which
 * anybody may read: {@code ports=53,5353 unanswerable=drop any-is-255=no local=no max-sources=65536}.
 *
 * @param ports destination ports of queries, over UDP and TCP
 * @param passUnanswerable whether a client that is to be answered gets through with what the guard can't answer; it is dropped otherwise
 * @param anyIs255 whether type 255 in an entry means every type, as in tables that dnsdist before 2.0 fills
 * @param onlyLocal whether only packets to this host's own addresses are judged; a router or a bridge hands on the others
 * @param maxSources for how many sources limits per source have room; the program rounds it up to sets of four, a power of two of them
 */
public record GuardOptions(
        Set<Integer> ports, boolean passUnanswerable, boolean anyIs255, boolean onlyLocal, int maxSources) {
    /** More would take a gigabyte. */
    public static final int MOST_SOURCES = 1 << 26;

    /** Queries come to port 53, whoever they are for; a megabyte for sources. */
    public static final GuardOptions DEFAULT = new GuardOptions(Set.of(53), false, false, false, 1 << 16);

    private static final int SOURCES_PER_SET = 4;

    public GuardOptions {
        ports = Set.copyOf(ports);
        for (int port : ports) {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException(port + " is no port");
            }
        }
        if (maxSources < 1 || maxSources > MOST_SOURCES) {
            throw new IllegalArgumentException("room for " + maxSources + " sources: from 1 to " + MOST_SOURCES);
        }
    }

    public GuardOptions withPorts(Set<Integer> newPorts) {
        return new GuardOptions(newPorts, passUnanswerable, anyIs255, onlyLocal, maxSources);
    }

    public GuardOptions withPassUnanswerable(boolean newPassUnanswerable) {
        return new GuardOptions(ports, newPassUnanswerable, anyIs255, onlyLocal, maxSources);
    }

    public GuardOptions withAnyIs255(boolean newAnyIs255) {
        return new GuardOptions(ports, passUnanswerable, newAnyIs255, onlyLocal, maxSources);
    }

    public GuardOptions withOnlyLocal(boolean newOnlyLocal) {
        return new GuardOptions(ports, passUnanswerable, anyIs255, newOnlyLocal, maxSources);
    }

    public GuardOptions withMaxSources(int newMaxSources) {
        return new GuardOptions(ports, passUnanswerable, anyIs255, onlyLocal, newMaxSources);
    }

    /** How many sets of sources there are: a power of two. */
    int sourceSets() {
        int sets = (maxSources + SOURCES_PER_SET - 1) / SOURCES_PER_SET;
        return Integer.highestOneBit(2 * sets - 1);
    }

    /** One line of words. */
    public String text() {
        return "ports="
                + new TreeSet<>(ports).stream().map(String::valueOf).collect(Collectors.joining(","))
                + " unanswerable=" + (passUnanswerable ? "pass" : "drop")
                + " any-is-255=" + yesOrNo(anyIs255)
                + " local=" + yesOrNo(onlyLocal)
                + " max-sources=" + maxSources;
    }

    private static String yesOrNo(boolean value) {
        return value ? "yes" : "no";
    }

    /** Reads what {@link #text} wrote, in this version or another: words that are not known are passed over. */
    public static GuardOptions parse(String text) {
        Map<String, String> words = new HashMap<>();
        for (String word : text.split(" ", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                words.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        String ports = words.getOrDefault("ports", "");
        String sources = words.getOrDefault("max-sources", "");
        return new GuardOptions(
                ports.matches("\\d{1,5}(,\\d{1,5})*")
                        ? Arrays.stream(ports.split(",")).map(Integer::valueOf).collect(Collectors.toSet())
                        : DEFAULT.ports,
                words.getOrDefault("unanswerable", "").equals("pass"),
                words.getOrDefault("any-is-255", "").equals("yes"),
                words.getOrDefault("local", "").equals("yes"),
                sources.matches("[1-9]\\d{0,7}")
                        ? Math.min(Integer.parseInt(sources), MOST_SOURCES)
                        : DEFAULT.maxSources);
    }
}
