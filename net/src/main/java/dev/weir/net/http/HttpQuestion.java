package dev.weir.net.http;

import java.util.Map;
import java.util.function.Supplier;

/**
 * A whole request.
 *
 * @param version 1, 2 or 3
 * @param path the target up to its question mark
 * @param queryString from the question mark on; empty without one
 * @param fields headers by their names in lower case, made when somebody asks
 * @param stream which of a connection's; whoever made it knows
 */
public record HttpQuestion(
        int version,
        String method,
        String scheme,
        String host,
        String path,
        String queryString,
        Supplier<Map<String, String>> fields,
        byte[] body,
        Object stream) {

    /** @param target path and query string */
    static HttpQuestion of(
            int version,
            String method,
            String scheme,
            String host,
            String target,
            Supplier<Map<String, String>> fields,
            byte[] body,
            Object stream) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark);
        return new HttpQuestion(version, method, scheme, host, path, query, fields, body, stream);
    }

    /** Headers by their names in lower case. */
    public Map<String, String> headers() {
        return fields.get();
    }
}
