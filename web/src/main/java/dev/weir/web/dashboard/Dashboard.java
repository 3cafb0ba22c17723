package dev.weir.web.dashboard;

import dev.weir.config.Configuration;
import dev.weir.config.change.ReloadHistory;
import dev.weir.config.change.Reloading;
import dev.weir.config.web.WebResponse;
import dev.weir.engine.model.Model;
import dev.weir.engine.view.GuardView;
import dev.weir.web.http.EventStream;
import dev.weir.web.http.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The page, its style and its script, all from the jar; the figures that it shows, as server-sent events; and the commands that it gives with
 * the API's key. The page runs nothing but that script: what clients send is text to it, and the browser is told so.
 */
public final class Dashboard {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Overview overview;
    private final Commands commands;

    /**
     * @param guards of the machine's interfaces, as they are now
     * @param reloads that there have been
     * @param version of the program
     */
    public Dashboard(
            Model model,
            Supplier<Configuration> configuration,
            Reloading reloading,
            Supplier<List<GuardView>> guards,
            ReloadHistory reloads,
            String version) {
        this.overview = new Overview(model, configuration, guards, reloads, version);
        this.commands = new Commands(model, configuration, reloading);
    }

    /** Adds the paths. */
    public Routes addTo(Routes routes) {
        return commands.addTo(routes)
                .with("GET", "/", request -> page("text/html; charset=utf-8", "index.html"))
                .with("GET", "/dashboard.css", request -> page("text/css; charset=utf-8", "dashboard.css"))
                .with("GET", "/dashboard.js", request -> page("text/javascript; charset=utf-8", "dashboard.js"))
                .with("/events", new EventStream(overview::text));
    }

    private static WebResponse page(String type, String name) throws IOException {
        try (InputStream in = Dashboard.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the jar lacks " + name);
            }
            return new WebResponse(
                    200,
                    Map.of("Content-Type", type, "Content-Security-Policy", POLICY, "Cache-Control", "no-cache"),
                    in.readAllBytes());
        }
    }
}
