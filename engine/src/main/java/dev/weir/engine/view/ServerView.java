package dev.weir.engine.view;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.model.Model;
import dev.weir.engine.pool.PoolModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A backend as people see it at one moment.
 *
 * @param number its place among those asked for, from 0
 * @param label its name, or its address if it has none
 * @param state as dnsdist words it, such as {@code up} or {@code DOWN}
 * @param queryRate queries per second over the last second
 * @param qpsLimit 0: none
 * @param dropRate drops per second over the last second
 * @param udpLatencyMicros 0 before the first answer
 * @param tcpLatencyMicros 0 before the first answer
 * @param pools the named pools that hold it, by name; the default pool has no name
 */
public record ServerView(
        int number,
        String id,
        String label,
        Endpoint address,
        String state,
        double queryRate,
        int qpsLimit,
        int order,
        int weight,
        long queries,
        long drops,
        double dropRate,
        double udpLatencyMicros,
        double tcpLatencyMicros,
        int outstanding,
        List<String> pools) {

    /** These backends of the model, in their order. */
    public static List<ServerView> of(Model model, List<Backend> servers) {
        Collection<PoolModel> pools = model.pools();
        List<ServerView> views = new ArrayList<>();
        for (Backend server : servers) {
            views.add(of(views.size(), server, pools));
        }
        return views;
    }

    private static ServerView of(int number, Backend server, Collection<PoolModel> pools) {
        return new ServerView(
                number,
                server.id(),
                server.label(),
                server.address(),
                server.health().stateText(),
                server.queryRate(),
                server.qpsLimit(),
                server.order(),
                server.weight(),
                server.queries().sum(),
                server.drops().sum(),
                server.dropRate(),
                server.udpLatencyMicros(),
                server.tcpLatencyMicros(),
                server.outstanding(),
                pools.stream()
                        .filter(pool -> !pool.name().isEmpty() && pool.servers().contains(server))
                        .map(PoolModel::name)
                        .toList());
    }
}
