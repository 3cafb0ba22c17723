package dev.weir.web.api;

import dev.weir.config.Configuration;
import dev.weir.config.web.WebRequest;
import dev.weir.config.web.WebResponse;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.cache.PacketCache;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.engine.pool.PoolModel;
import dev.weir.engine.view.GlobalFigures;
import dev.weir.engine.view.GlobalMetric;
import dev.weir.engine.view.ProcFigures;
import dev.weir.web.http.Routes;
import dev.weir.wire.Name;
import dev.weir.wire.RecordType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Every path of dnsdist's HTTP API. Belongs to the thread that answers. */
public final class Api {
    private static final String ROOT = "/api/v1/servers/localhost";

    private final Model model;
    private final Supplier<Configuration> configuration;
    private final String version;
    private final ProcFigures proc = new ProcFigures(Path.of("/proc"));
    private final StatusDocument status;

    /** @param version of the program */
    public Api(Model model, Supplier<Configuration> configuration, String version) {
        this.model = model;
        this.configuration = configuration;
        this.version = version;
        this.status = new StatusDocument(model, version);
    }

    /** Adds the paths. */
    public Routes addTo(Routes routes) {
        return routes.with("GET", "/metrics", this::metrics)
                .with("GET", "/jsonstat", this::jsonStat)
                .with("GET", ROOT, request -> ok(status.whole(statistics(false))))
                .with("GET", ROOT + "/statistics", request -> ok(statisticItems()))
                .with("GET", ROOT + "/pool", this::pool)
                .with("GET", ROOT + "/rings", this::rings)
                .with("GET", ROOT + "/config", request -> ok(SettingsDocument.of(model, configuration.get())))
                .with("GET", ROOT + "/config/allow-from", request -> ok(SettingsDocument.allowFrom(model)))
                .with("PUT", ROOT + "/config/allow-from", this::allowFrom)
                .with("DELETE", "/api/v1/cache", this::expunge);
    }

    private static WebResponse ok(Object document) {
        return WebResponse.json(200, Json.of(document));
    }

    private WebResponse metrics(WebRequest request) {
        String instance = configuration.get().web.prometheusAddInstanceLabel()
                ? configuration.get().effectiveServerId()
                : "";
        ExpositionFormat format = Accept.prefersProtobuf(request.headers().getOrDefault("accept", ""))
                ? new ProtobufFormat(instance)
                : new TextFormat(instance);
        Exposition.write(model, proc, version, format);
        return new WebResponse(200, Map.of("Content-Type", format.mediaType()), format.octets());
    }

    private WebResponse jsonStat(WebRequest request) {
        return switch (request.parameter("command", "")) {
            case "stats" -> ok(statistics(true));
            case "dynblocklist" -> ok(BlocksDocument.all(model.engine().blocks(), System.nanoTime()));
            case "ebpfblocklist" -> ok(BlocksDocument.inKernel(model.engine().blocks(), System.nanoTime()));
            default -> WebResponse.of(404);
        };
    }

    private List<GlobalFigures.Sample> figures() {
        return GlobalFigures.read(model.engine(), proc).stream()
                .filter(sample -> sample.metric() != GlobalMetric.SPECIAL_MEMORY_USAGE)
                .toList();
    }

    /** @param old with names that have stood for nothing for long, which tools ask for */
    private Map<String, Object> statistics(boolean old) {
        Map<String, Object> all = new LinkedHashMap<>();
        figures().forEach(sample -> all.put(sample.metric().metric(), sample.value()));
        all.put("server-policy", model.policy().name());
        if (old) {
            for (String name :
                    List.of("packetcache-hits", "packetcache-misses", "over-capacity-drops", "too-old-drops")) {
                all.put(name, 0);
            }
        }
        return all;
    }

    private List<Object> statisticItems() {
        List<Object> all = new ArrayList<>();
        statistics(false)
                .forEach((name, value) -> all.add(Map.of("type", "StatisticItem", "name", name, "value", value)));
        return all;
    }

    private WebResponse pool(WebRequest request) {
        String name = request.parameters().get("name");
        if (name == null) {
            return WebResponse.of(400);
        }
        Map<String, @Nullable Object> pool = status.pool(name);
        return pool == null ? WebResponse.of(404) : ok(pool);
    }

    private WebResponse rings(WebRequest request) {
        try {
            int maxQueries = most(request, "maxQueries");
            int maxResponses = most(request, "maxResponses");
            return ok(RingsDocument.of(model.engine().rings(), maxQueries, maxResponses, System.nanoTime()));
        } catch (NumberFormatException e) {
            return WebResponse.of(400);
        }
    }

    private static int most(WebRequest request, String parameter) {
        return Integer.parseUnsignedInt(request.parameter(parameter, String.valueOf(Integer.MAX_VALUE)));
    }

    /** Replaces the ACL. */
    private WebResponse allowFrom(WebRequest request) {
        if (!configuration.get().web.apiWritable()) {
            return WebResponse.of(405);
        }
        NetmaskGroup acl;
        try {
            acl = NetmaskGroup.parse(Json.strings(request.body().getBytes(StandardCharsets.ISO_8859_1), "value"));
        } catch (IllegalArgumentException e) {
            return WebResponse.of(400);
        }
        model.verbs().allowOnly(acl);
        Log.info("ACL changed over the API", "webserver", "acl", acl);
        String directory = configuration.get().web.apiDirectory();
        if (!directory.isEmpty()) {
            try {
                AclFile.write(Path.of(directory), acl);
            } catch (IOException e) {
                Log.error("Error while keeping the ACL", "webserver", "path", directory, "error", e);
            }
        }
        return ok(SettingsDocument.allowFrom(model));
    }

    private WebResponse expunge(WebRequest request) {
        String poolName = request.parameters().get("pool");
        String nameText = request.parameters().get("name");
        if (poolName == null || nameText == null) {
            return failed(400, "denied", "Missing parameter: pool and name are needed");
        }
        PoolModel pool = model.findPool(poolName);
        PacketCache cache = pool == null ? null : pool.cache();
        if (cache == null) {
            return failed(404, "not found", pool == null ? "There is no such pool" : "The pool has no cache");
        }
        try {
            Name name = Name.parse(nameText);
            int type = RecordType.parse(request.parameter("type", "ANY"));
            if (type < 0) {
                return failed(400, "error", "Unknown type");
            }
            int gone = cache.expungeByName(name, type, request.parameters().containsKey("suffix"));
            return ok(Map.of("status", "purged", "count", String.valueOf(gone)));
        } catch (IllegalArgumentException e) {
            return failed(400, "error", String.valueOf(e.getMessage()));
        }
    }

    private static WebResponse failed(int status, String what, String why) {
        return WebResponse.json(status, Json.of(Map.of("status", what, "error", why)));
    }
}
