package dev.weir.engine.listen;

import java.util.List;
import java.util.Map;

/**
 * How a listener speaks HTTP; pure description.
 *
 * @param paths on which DNS is spoken
 * @param exactPaths whether a path must be one of these, or may also begin with one
 * @param headers that every answer gets, by their names in lower case
 * @param cacheControl whether answers say how long they are good for
 * @param trustForwarded whether {@code X-Forwarded-For} says who asks
 * @param keepHeaders whether rules see the request's headers
 * @param earlyAclDrop whether who may not ask is cut off, instead of told 403
 * @param idleSeconds how long a connection is kept without a request
 */
public record HttpSpec(
        List<String> paths,
        boolean exactPaths,
        Map<String, String> headers,
        boolean cacheControl,
        boolean trustForwarded,
        boolean keepHeaders,
        boolean earlyAclDrop,
        int idleSeconds) {
    /** All options at their defaults. */
    public static final HttpSpec DEFAULT =
            new HttpSpec(List.of("/dns-query"), true, Map.of(), true, false, false, true, 30);

    public HttpSpec {
        paths = List.copyOf(paths);
        headers = Map.copyOf(headers);
    }
}
