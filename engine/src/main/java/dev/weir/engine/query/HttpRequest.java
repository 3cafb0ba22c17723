package dev.weir.engine.query;

import java.util.Map;

/**
 * The request that a query over HTTP came in.
 *
 * @param path without the query string
 * @param queryString with its question mark; empty if there is none
 * @param headers by their names in lower case; empty unless the listener keeps them
 */
public record HttpRequest(String scheme, String host, String path, String queryString, Map<String, String> headers) {}
