package dev.weir.config.web;

import java.util.Map;

/**
 * A request to the web server.
 *
 * @param path without what follows the question mark
 * @param version of HTTP, times ten: 10 or 11
 * @param headers names in lower case
 * @param parameters what follows the question mark
 * @param form what a form in the body says
 */
public record WebRequest(
        String method,
        String path,
        int version,
        Map<String, String> headers,
        Map<String, String> parameters,
        Map<String, String> form,
        String body) {

    /** The value of a parameter, or {@code otherwise} if there is none. */
    public String parameter(String name, String otherwise) {
        return parameters.getOrDefault(name, otherwise);
    }
}
