package dev.weir.engine.query;

/**
 * What rules want a request over HTTP answered with, instead of DNS.
 *
 * @param body of a redirection where it goes to
 * @param contentType empty for none
 */
public record HttpAnswer(int status, byte[] body, String contentType) {}
