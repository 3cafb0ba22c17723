package dev.weir.script.listing;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.model.Model;
import dev.weir.engine.view.ServerView;
import java.util.ArrayList;
import java.util.List;

/** What {@code showServers()} prints: one line a backend, and one for all. */
public final class ServerListing {
    private static final String FIRST = "-3 ";
    private static final String UUID = "-36 ";
    private static final String REST = "-20.20 -29 5 7 7 3 2 10 7 5 5 5 11 0";
    private static final Columns PLAIN = new Columns(FIRST + REST);
    private static final Columns WITH_UUIDS = new Columns(FIRST + UUID + REST);

    private ServerListing() {}

    /** All backends in their order. */
    public static String show(Model model, boolean showUuids) {
        return show(model, model.backends(), showUuids);
    }

    /** These backends of the model, numbered from 0. */
    public static String show(Model model, List<Backend> servers, boolean showUuids) {
        StringBuilder text = new StringBuilder();
        List<Object> head = List.of(
                "#",
                "Name",
                "Address",
                "State",
                "Qps",
                "Qlim",
                "Ord",
                "Wt",
                "Queries",
                "Drops",
                "Drate",
                "Lat",
                "TCP",
                "Outstanding",
                "Pools");
        line(text, showUuids, "UUID", head);
        long qps = 0;
        long queries = 0;
        long drops = 0;
        for (ServerView server : ServerView.of(model, servers)) {
            line(text, showUuids, server.id(), cells(server));
            // dnsdist adds whole numbers up: three backends at 0.9 queries per second make 0.0 in all.
            qps += (long) server.queryRate();
            queries += server.queries();
            drops += server.drops();
        }
        List<Object> all = List.of(
                "All", "", "", "", Columns.tenths((double) qps), "", "", "", queries, drops, "", "", "", "", "");
        line(text, showUuids, "", all);
        return text.toString();
    }

    private static List<Object> cells(ServerView server) {
        return List.of(
                server.number(),
                server.label(),
                server.address(),
                server.state(),
                Columns.tenths(server.queryRate()),
                server.qpsLimit(),
                server.order(),
                server.weight(),
                server.queries(),
                server.drops(),
                Columns.tenths(server.dropRate()),
                millis(server.udpLatencyMicros()),
                millis(server.tcpLatencyMicros()),
                server.outstanding(),
                String.join(" ", server.pools()));
    }

    private static void line(StringBuilder text, boolean showUuids, String uuid, List<Object> cells) {
        List<Object> row = new ArrayList<>(cells);
        if (showUuids) {
            row.add(1, uuid);
        }
        (showUuids ? WITH_UUIDS : PLAIN).line(text, row.toArray());
    }

    /** {@code -} before the first answer. */
    private static String millis(double micros) {
        return micros == 0 ? "-" : Columns.tenths(micros / 1000);
    }
}
