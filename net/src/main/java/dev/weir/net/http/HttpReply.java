package dev.weir.net.http;

import java.util.Map;

/**
 * The answer to a request.
 *
 * @param headers by their names in lower case
 */
public record HttpReply(HttpQuestion to, int status, Map<String, String> headers, byte[] body) {}
