package dev.weir.net.http;

import java.util.Map;

/**
 * A query on its way to a server over HTTP.
 *
 * @param message whose id stands in its first two octets, and comes back in its answer's
 * @param headers that the request gets beside its own
 */
public record DohQuestion(byte[] message, Map<String, String> headers) {}
