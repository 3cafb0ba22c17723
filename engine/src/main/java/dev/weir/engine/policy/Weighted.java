package dev.weir.engine.policy;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.query.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Choosing in proportion to weights: a point on the line that the eligible servers' weights make up. */
final class Weighted {
    private Weighted() {}

    /**
     * The server that owns {@code point} modulo the sum of the eligible weights. A sum above 2^31-1 counts as that, as in dnsdist: what lies
     * behind it gets nothing.
     *
     * @param point not negative
     * @param untagged when given, only servers of {@code order} whose name is no tag of this query are eligible
     */
    static @Nullable Backend pick(
            List<Backend> servers, long point, PolicyContext context, @Nullable Query untagged, int order) {
        double factor = context.weightedBalancingFactor();
        double loadPerWeight = factor > 0 ? allowedLoadPerWeight(servers, factor) : 0;
        long sum = 0;
        for (int i = 0; i < servers.size(); i++) {
            sum += isEligible(servers.get(i), loadPerWeight, untagged, order)
                    ? servers.get(i).weight()
                    : 0;
        }
        if (sum == 0) {
            return null;
        }
        long rest = point % Math.min(sum, Integer.MAX_VALUE);
        for (int i = 0; i < servers.size(); i++) {
            Backend server = servers.get(i);
            if (isEligible(server, loadPerWeight, untagged, order)) {
                rest -= server.weight();
                if (rest < 0) {
                    return server;
                }
            }
        }
        return null; // a server became ineligible since the sum was taken
    }

    private static boolean isEligible(Backend server, double loadPerWeight, @Nullable Query untagged, int order) {
        return server.isUsable()
                && (loadPerWeight == 0 || server.outstanding() <= server.weight() * loadPerWeight)
                && (untagged == null
                        || server.order() == order && untagged.decided().tag(server.nameWithAddress()) == null);
    }

    /**
     * How many queries in flight one unit of weight may carry: {@code factor} times its fair share of all, the query to be placed included
     * (Mirrokni et al., Consistent Hashing with Bounded Loads, 2016).
     */
    static double allowedLoadPerWeight(List<Backend> servers, double factor) {
        long outstanding = 0;
        long weight = 0;
        for (int i = 0; i < servers.size(); i++) {
            Backend server = servers.get(i);
            if (server.isUsable()) {
                outstanding += server.outstanding();
                weight += server.weight();
            }
        }
        return weight == 0 ? 0 : factor * (1 + outstanding) / weight;
    }
}
