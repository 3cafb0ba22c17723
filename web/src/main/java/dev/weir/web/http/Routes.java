package dev.weir.web.http;

import dev.weir.config.web.WebHandler;
import dev.weir.config.web.WebRequest;
import dev.weir.config.web.WebResponse;
import dev.weir.config.web.WebSpec;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which request gets which response: credentials first, so that nobody learns what there is, then the path, then the method. Belongs to the
 * thread that answers.
 */
public final class Routes {
    private static final String ORIGIN = "origin";

    private final LogLimit failures = new LogLimit(10);
    private final Guesses guesses = new Guesses(System.nanoTime());
    private final Supplier<WebSpec> settings;
    private final Map<String, Map<String, WebHandler>> byPath = new HashMap<>();
    private final Map<String, EventStream> streams = new HashMap<>();
    private final Supplier<Map<String, WebHandler>> custom;
    private @Nullable Keys keys;

    /**
     * @param settings as they are now
     * @param custom further paths, for GET, as they are now
     */
    public Routes(Supplier<WebSpec> settings, Supplier<Map<String, WebHandler>> custom) {
        this.settings = settings;
        this.custom = custom;
    }

    /** Has a path answered; the method is {@code GET} or another. */
    public Routes with(String method, String path, WebHandler handler) {
        byPath.computeIfAbsent(path, none -> new HashMap<>()).put(method, handler);
        return this;
    }

    /** Has a path, whose response to GET is the head of a stream, followed by its events. */
    public Routes with(String path, EventStream events) {
        streams.put(path, events);
        return with(
                "GET",
                path,
                request -> new WebResponse(
                        200, Map.of("Content-Type", "text/event-stream", "Cache-Control", "no-store"), new byte[0]));
    }

    /** What follows the head of a response, if that is of a stream. */
    @Nullable EventStream stream(WebRequest request, WebResponse response) {
        return response.status() == 200 && request.method().equals("GET") ? streams.get(request.path()) : null;
    }

    /**
     * The response, or null: the connection is closed without one.
     *
     * @param client null if it came by a Unix socket
     */
    @Nullable WebResponse answer(WebRequest request, @Nullable InetAddress client) {
        WebSpec now = settings.get();
        Keys current = keys;
        if (current == null || current.settings != now) {
            current = keys = new Keys(now, current);
        }
        Access access = Access.of(request.path());
        WebResponse response;
        if (request.method().equals("OPTIONS")) {
            response = WebResponse.of(200);
        } else {
            response = switch (access.verdict(request, now, current, () -> guesses.admit(client, System.nanoTime()))) {
                case RIGHT -> routed(request);
                case WRONG ->
                    new WebResponse(
                            401,
                            Map.of("WWW-Authenticate", "basic realm=\"PowerDNS\""),
                            "<h1>Unauthorized</h1>".getBytes(StandardCharsets.US_ASCII));
                case UNTRIED ->
                    new WebResponse(
                            429,
                            Map.of("Retry-After", "1"),
                            "<h1>Too Many Requests</h1>".getBytes(StandardCharsets.US_ASCII));
            };
        }
        return response == null ? null : finished(request, response, now, access);
    }

    private @Nullable WebResponse routed(WebRequest request) {
        Map<String, WebHandler> methods = byPath.get(request.path());
        WebHandler own = methods == null ? null : methods.get(request.method());
        WebHandler customized = custom.get().get(request.path());
        try {
            if (customized != null) {
                return request.method().equals("GET") ? customized.handle(request) : WebResponse.of(405);
            }
            if (own != null) {
                return own.handle(request);
            }
            // As in dnsdist: a method that nothing takes is refused before anybody looks at the path.
            return WebResponse.of(methods == null && request.method().equals("GET") ? 404 : 405);
        } catch (Exception e) {
            long times = failures.admit(System.nanoTime());
            if (times > 0) {
                Log.error(
                        "Error while answering a web request",
                        "webserver",
                        "path",
                        request.path(),
                        "error",
                        e.toString(),
                        "count",
                        times);
            }
            return customized != null ? null : WebResponse.of(500);
        }
    }

    private static WebResponse finished(WebRequest request, WebResponse response, WebSpec now, Access access) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "deny");
        headers.put("X-Permitted-Cross-Domain-Policies", "none");
        headers.put("X-XSS-Protection", "1; mode=block");
        now.customHeaders().forEach((name, value) -> {
            headers.keySet().removeIf(name::equalsIgnoreCase);
            if (!value.isEmpty()) {
                headers.put(name, value);
            }
        });
        String origin = request.headers().get(ORIGIN);
        if (origin != null && request.method().equals("OPTIONS")) {
            headers.put("Access-Control-Allow-Methods", now.apiWritable() ? "GET, PUT" : "GET");
            headers.put("Access-Control-Allow-Headers", "Authorization, X-API-Key");
        }
        if (origin != null && now.access().allowCrossOriginRequests()) {
            headers.put("Access-Control-Allow-Origin", origin);
            headers.put("Vary", "Origin");
            if (access == Access.STATISTICS || access == Access.STATUS) {
                headers.put("Access-Control-Allow-Credentials", "true");
            }
        }
        headers.putAll(response.headers());
        return new WebResponse(response.status(), headers, response.body());
    }
}
