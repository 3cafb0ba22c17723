package dev.weir.script.listing;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.cache.CacheStats;
import dev.weir.engine.model.Model;
import dev.weir.engine.view.PoolView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code showPools()} prints. */
public final class PoolListing {
    private static final Columns COLUMNS = new Columns("-20.20 24 20 0");

    private PoolListing() {}

    /** All pools by name, each with its own policy or else the global one. */
    public static String show(Model model) {
        StringBuilder text = new StringBuilder();
        COLUMNS.line(text, "Name", "Cache", "ServerPolicy", "Servers");
        for (PoolView pool : PoolView.all(model)) {
            List<String> servers = new ArrayList<>();
            for (Backend server : pool.servers()) {
                servers.add(server.label() + " " + server.address());
            }
            COLUMNS.line(text, pool.name(), cacheText(pool.cache()), pool.policy(), String.join(", ", servers));
        }
        return text.toString();
    }

    private static String cacheText(@Nullable CacheStats stats) {
        return stats == null ? "" : stats.entries() + "/" + stats.maxEntries();
    }
}
