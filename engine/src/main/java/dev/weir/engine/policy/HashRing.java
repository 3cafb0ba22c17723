package dev.weir.engine.policy;

import dev.weir.engine.backend.Backend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing (Karger et al., 1997): each server owns {@code weight} points on a circle of 32-bit hashes, and a name belongs to the
 * server with the first point at or after the name's hash.
 *
 * <p>Each server keeps its own points, sorted. A query asks each usable server for its first point at or after the hash by binary search
 * and takes the nearest: no ring has to be rebuilt when a server goes down or a pool changes.
 */
final class HashRing {
    private HashRing() {}

    static @Nullable Backend pick(List<Backend> servers, int hash, PolicyContext context) {
        double factor = context.consistentHashingBalancingFactor();
        double loadPerWeight = factor > 0 ? Weighted.allowedLoadPerWeight(servers, factor) : 0;
        int seed = context.hashSeed();
        Backend best = null;
        int bestDistance = 0;
        for (int i = 0; i < servers.size(); i++) {
            Backend server = servers.get(i);
            if (!server.isUsable() || loadPerWeight > 0 && server.outstanding() > server.weight() * loadPerWeight) {
                continue;
            }
            int distance = server.hashPoints(seed).distance(hash);
            if (best == null || Integer.compareUnsigned(distance, bestDistance) < 0) {
                best = server;
                bestDistance = distance;
            }
        }
        return best;
    }
}
