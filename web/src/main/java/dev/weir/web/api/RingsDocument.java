package dev.weir.web.api;

import dev.weir.engine.ring.RingCursor;
import dev.weir.engine.ring.Rings;
import dev.weir.wire.Header;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/servers/localhost/rings}: the latest queries and responses. */
final class RingsDocument {
    private static final double NANOS = 1e9;

    private RingsDocument() {}

    /** @param nowNanos {@link System#nanoTime}, from which ages count back */
    static Map<String, Object> of(Rings rings, int maxQueries, int maxResponses, long nowNanos) {
        return Map.of(
                "queries", entries(rings.queries().all(), maxQueries, nowNanos),
                "responses", entries(rings.responses().all(), maxResponses, nowNanos));
    }

    private static List<Object> entries(RingCursor at, int most, long nowNanos) {
        List<Object> all = new ArrayList<>();
        while (all.size() < most && at.next()) {
            all.add(entry(at, nowNanos));
        }
        return all;
    }

    private static Map<String, @Nullable Object> entry(RingCursor at, long nowNanos) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("age", (at.nanos() - nowNanos) / NANOS);
        row.put("id", at.id());
        row.put("name", at.name());
        row.put("requestor", at.client().toEndpoint());
        row.put("size", at.size());
        row.put("qtype", at.type());
        row.put("protocol", at.protocol().prettyName());
        row.put("rd", at.has(Header.RD));
        if (at.isResponse()) {
            row.put("latency", at.latencyMicros());
            row.put("rcode", at.rcode());
            row.put("tc", at.has(Header.TC));
            row.put("aa", at.has(Header.AA));
            row.put("answers", at.answers());
            row.put("backend", at.isCacheHit() ? "Cache" : at.backend());
        }
        return row;
    }
}
