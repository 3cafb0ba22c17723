package dev.weir.engine.backend;

import dev.weir.wire.JenkinsHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One server's points on the circle of consistent hashing: the hashes of {@code id-1}, {@code id-2} and so on up to its weight, which are
 * dnsdist's points too. Immutable.
 */
public final class HashPoints {
    /** Most points of a server, whatever its weight: four megabytes, and some hundred milliseconds to make. */
    public static final int MOST = 1_000_000;

    private final int weight;
    private final int seed;

    /** In unsigned order, by flipping the sign bit. */
    private final int[] sorted;

    private HashPoints(int weight, int seed, int[] sorted) {
        this.weight = weight;
        this.seed = seed;
        this.sorted = sorted;
    }

    static HashPoints of(String id, int weight, int seed) {
        int[] points = new int[Math.min(weight, MOST)];
        for (int n = 1; n <= points.length; n++) {
            byte[] text = (id + "-" + n).getBytes(StandardCharsets.UTF_8);
            points[n - 1] = JenkinsHash.of(text, 0, text.length, seed) ^ Integer.MIN_VALUE;
        }
        Arrays.sort(points);
        return new HashPoints(weight, seed, points);
    }

    /** The weight that they were made for. */
    int weight() {
        return weight;
    }

    int seed() {
        return seed;
    }

    /** Number of points. */
    int count() {
        return sorted.length;
    }

    /** How far clockwise from a hash the first point is, as an unsigned number. */
    public int distance(int hash) {
        int found = Arrays.binarySearch(sorted, hash ^ Integer.MIN_VALUE);
        int at = found >= 0 ? found : -found - 1;
        int point = sorted[at == sorted.length ? 0 : at] ^ Integer.MIN_VALUE;
        return point - hash;
    }
}
