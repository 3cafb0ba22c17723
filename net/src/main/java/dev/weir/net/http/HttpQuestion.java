package dev.weir.net.http;

import java.util.Map;

/**
 * A whole request.
 *
 * @param version 1 or 2
 * @param target path and query string
 * @param headers by their names in lower case
 * @param stream which of a connection's; whoever made it knows
 */
public record HttpQuestion(
        int version,
        String method,
        String scheme,
        String host,
        String target,
        Map<String, String> headers,
        byte[] body,
        Object stream) {

    /** The target up to its question mark. */
    public String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    /** From the question mark on; empty without one. */
    public String queryString() {
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark);
    }
}
