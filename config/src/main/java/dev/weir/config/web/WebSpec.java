package dev.weir.config.web;

import dev.weir.engine.acl.NetmaskGroup;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The web server's settings ({@code setWebserverConfig}, {@code setAPIWritable}). Immutable: a change is a new one.
 *
 * @param password of the dashboard, plain or as {@code hashPassword} gives it; null: every one is taken
 * @param apiKey plain or as {@code hashPassword} gives it; null: nobody may use the API
 * @param acl whose connections are taken
 * @param customHeaders of every response, over those that are there anyway; an empty one takes it away
 * @param maxConcurrentConnections more are closed when they come
 * @param apiWritable whether the API may change anything
 * @param apiDirectory where what the API changes is kept; empty: nowhere
 */
public record WebSpec(
        @Nullable String password,
        @Nullable String apiKey,
        NetmaskGroup acl,
        Map<String, String> customHeaders,
        Access access,
        boolean prometheusAddInstanceLabel,
        int maxConcurrentConnections,
        boolean apiWritable,
        String apiDirectory) {

    /** Who must show credentials. */
    public record Access(boolean api, boolean dashboard, boolean statistics, boolean allowCrossOriginRequests) {}

    /** As long as nothing is said. */
    public static final WebSpec DEFAULT = new WebSpec(
            null,
            null,
            NetmaskGroup.parse(List.of("127.0.0.1/32", "::1/128")),
            Map.of(),
            new Access(true, true, true, false),
            false,
            100,
            false,
            "");

    public WebSpec {
        customHeaders = new TreeMap<>(customHeaders);
    }

    public WebSpec withApiWritable(boolean writable, String directory) {
        return new WebSpec(
                password,
                apiKey,
                acl,
                customHeaders,
                access,
                prometheusAddInstanceLabel,
                maxConcurrentConnections,
                writable,
                directory);
    }
}
