package dev.weir.engine.listen;

import dev.weir.engine.expression.Expression;
import java.util.Map;

/**
 * An answer to requests whose path matches, instead of DNS ({@code newDOHResponseMapEntry}).
 *
 * @param content the body; of a redirection where it goes to
 * @param headers that the answer gets beside the listener's, by their names in lower case
 */
public record HttpResponseRule(Expression path, int status, byte[] content, Map<String, String> headers) {
    public HttpResponseRule {
        headers = Map.copyOf(headers);
    }
}
