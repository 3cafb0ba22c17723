package dev.weir.engine.policy;

import dev.weir.engine.pool.Backend;
import dev.weir.wire.Names;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing (Karger et al., 1997): each server owns {@code weight} points on a circle of 32-bit hashes, and a name belongs to the
 * server with the first point at or after the name's hash.
 *
 * <p>A server's points are sorted once and kept for its id and weight. A query asks each usable server for its first point at or after the
 * hash by binary search and takes the nearest: no ring has to be rebuilt when a server goes down or a pool changes.
 */
final class HashRing {
    private record Points(int weight, int[] sorted) {}

    private static final Map<String, Points> POINTS = new ConcurrentHashMap<>();

    private HashRing() {}

    static @Nullable Backend pick(List<Backend> servers, int hash, PolicyContext context) {
        double factor = context.consistentHashingBalancingFactor();
        double loadPerWeight = factor > 0 ? Weighted.allowedLoadPerWeight(servers, factor) : 0;
        Backend best = null;
        int bestDistance = 0;
        for (int i = 0; i < servers.size(); i++) {
            Backend server = servers.get(i);
            if (!server.isUsable() || loadPerWeight > 0 && server.outstanding() > server.weight() * loadPerWeight) {
                continue;
            }
            int distance = distance(points(server), hash);
            if (best == null || Integer.compareUnsigned(distance, bestDistance) < 0) {
                best = server;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** How far clockwise the first point is, as an unsigned number. */
    private static int distance(int[] points, int hash) {
        int found = Arrays.binarySearch(points, hash ^ Integer.MIN_VALUE);
        int at = found >= 0 ? found : -found - 1;
        int point = points[at == points.length ? 0 : at] ^ Integer.MIN_VALUE;
        return point - hash;
    }

    private static int[] points(Backend server) {
        Points points = POINTS.get(server.id());
        if (points == null || points.weight != server.weight()) {
            points = new Points(server.weight(), compute(server.id(), server.weight()));
            POINTS.put(server.id(), points);
        }
        return points.sorted;
    }

    /** Sorted in unsigned order, by flipping the sign bit. */
    private static int[] compute(String id, int weight) {
        int[] points = new int[weight];
        for (int n = 0; n < weight; n++) {
            byte[] text = (id + "-" + n).getBytes(StandardCharsets.UTF_8);
            points[n] = Names.hash(text, 0, text.length, 0) ^ Integer.MIN_VALUE;
        }
        Arrays.sort(points);
        return points;
    }
}
