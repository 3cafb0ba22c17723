package dev.weir.engine.query;

/**
 * What rules want a request over HTTP answered with, instead of DNS.
 *
 * @param body of a redirection where it goes to
 * @param contentType empty for none
 */
public record HttpAnswer(int status, byte[] body, String contentType) {
    /** @throws IllegalArgumentException if the type can't stand in a header */
    public HttpAnswer {
        if (contentType.chars().anyMatch(c -> c < ' ' || c > '~')) {
            throw new IllegalArgumentException("a content type has letters, digits and signs of ASCII alone");
        }
    }
}
