package dev.weir.web.dashboard;

import dev.weir.config.Configuration;
import dev.weir.config.change.ReloadReport;
import dev.weir.config.change.Reloading;
import dev.weir.config.web.WebRequest;
import dev.weir.config.web.WebResponse;
import dev.weir.engine.acl.Netmask;
import dev.weir.engine.action.Result;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec.HealthMode;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.explain.Explainer;
import dev.weir.engine.explain.ImaginedQuery;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Verbs;
import dev.weir.web.api.Json;
import dev.weir.web.http.Routes;
import dev.weir.wire.Name;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What may be done over HTTP beside dnsdist's API: blocks for a time, and servers up, down or as their checks say. Each needs the API's key
 * and {@code setAPIWritable(true)}, and is logged. Bodies are objects in JSON. Belongs to the thread that answers.
 */
final class Commands {
    private static final String ROOT = "/api/v1/weir";
    private static final int SECONDS = 600;
    private static final int MOST_SECONDS = 86_400;

    private final Model model;
    private final Supplier<Configuration> configuration;
    private final Reloading reloading;

    Commands(Model model, Supplier<Configuration> configuration, Reloading reloading) {
        this.model = model;
        this.configuration = configuration;
        this.reloading = reloading;
    }

    Routes addTo(Routes routes) {
        return routes.with("POST", ROOT + "/block", request -> run(request, this::block))
                .with("POST", ROOT + "/unblock", request -> run(request, this::unblock))
                .with("POST", ROOT + "/server", request -> run(request, this::server))
                .with("POST", ROOT + "/reload", this::reload)
                .with("GET", ROOT + "/explain", this::explain);
    }

    /** What would become of a query: parameters are name, type and {@link ImaginedQuery#OPTIONS}. Changes nothing. */
    private WebResponse explain(WebRequest request) {
        Map<String, String> parameters = new LinkedHashMap<>(request.parameters());
        String name = parameters.remove("name");
        String type = parameters.remove("type");
        if (name == null) {
            return failed(400, "name=... is missing: which name is asked for");
        }
        try {
            ImaginedQuery query = ImaginedQuery.parse(name, type == null ? "A" : type, parameters);
            return WebResponse.json(
                    200, Json.of(new Explainer(model).explain(query).document()));
        } catch (IllegalArgumentException e) {
            return failed(400, String.valueOf(e.getMessage()));
        }
    }

    /** Reads the configuration again; to see what would change, the API need not be writable. */
    private WebResponse reload(WebRequest request) {
        String given = request.parameters().get("dry-run");
        boolean dryRun = given != null && !given.equals("false");
        if (!dryRun && !configuration.get().web.apiWritable()) {
            return readOnly();
        }
        ReloadReport report = reloading.reload(dryRun);
        return WebResponse.json(report.succeeded() ? 200 : 400, Json.of(report.document()));
    }

    private static WebResponse readOnly() {
        return failed(405, "the API is read-only: setAPIWritable(true) in the configuration lets it change things");
    }

    /** One command: what it did, in words. */
    @FunctionalInterface
    private interface Command {
        /** @throws IllegalArgumentException in words for the operator */
        String run(Map<String, String> arguments);
    }

    private WebResponse run(WebRequest request, Command command) {
        if (!configuration.get().web.apiWritable()) {
            return readOnly();
        }
        try {
            String done = command.run(Json.members(request.body().getBytes(StandardCharsets.ISO_8859_1)));
            Log.info("Changed over the API", "webserver", "change", done);
            return WebResponse.json(200, Json.of(Map.of("status", "ok", "change", done)));
        } catch (IllegalArgumentException e) {
            return failed(400, String.valueOf(e.getMessage()));
        }
    }

    private static WebResponse failed(int status, String why) {
        return WebResponse.json(status, Json.of(Map.of("status", "error", "error", why)));
    }

    private String block(Map<String, String> arguments) {
        int seconds = seconds(arguments.get("seconds"));
        BlockSpec spec = BlockSpec.of(arguments.getOrDefault("reason", "blocked over the API"), seconds, Result.NONE);
        long now = System.nanoTime();
        String client = arguments.get("client");
        if (client != null) {
            Netmask range = Netmask.parse(client);
            model.verbs().block(ClientRange.of(range), range.toString(), spec, now);
            return "block " + range + " for " + seconds + " s";
        }
        Name suffix = suffix(arguments);
        model.verbs().block(suffix, suffix.toString(), spec, now);
        return "block " + suffix + " for " + seconds + " s";
    }

    private String unblock(Map<String, String> arguments) {
        String client = arguments.get("client");
        boolean lifted;
        String key;
        if (client != null) {
            Netmask range = Netmask.parse(client);
            key = range.toString();
            lifted = model.verbs().unblock(ClientRange.of(range), System.nanoTime());
        } else {
            Name suffix = suffix(arguments);
            key = suffix.toString();
            lifted = model.verbs().unblock(suffix, System.nanoTime());
        }
        if (!lifted) {
            throw new IllegalArgumentException(key + " is not blocked");
        }
        return "unblock " + key;
    }

    private static int seconds(@Nullable String text) {
        if (text == null) {
            return SECONDS;
        }
        try {
            int seconds = Integer.parseInt(text);
            if (seconds >= 1 && seconds <= MOST_SECONDS) {
                return seconds;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("seconds: '" + text + "' is not a number", e);
        }
        throw new IllegalArgumentException("seconds: from 1 to " + MOST_SECONDS);
    }

    private static Name suffix(Map<String, String> arguments) {
        String text = arguments.get("suffix");
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("a client or a suffix is needed");
        }
        Name name = Name.parse(text.strip());
        if (name.isRoot()) {
            throw new IllegalArgumentException("that would block everything");
        }
        return name;
    }

    private String server(Map<String, String> arguments) {
        String id = arguments.getOrDefault("id", "");
        Backend server = model.backends().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no server with the id '" + id + "'"));
        String state = arguments.getOrDefault("state", "");
        switch (state) {
            case "up", "down" -> model.verbs().force(server, state.equals("up"), Verbs.By.OPERATOR);
            case "auto" -> model.verbs().automatic(server, HealthMode.AUTO);
            default -> throw new IllegalArgumentException("state: up, down or auto");
        }
        return "server " + server.label() + " " + state;
    }
}
