package dev.weir.net.http;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** DNS in a request (RFC 8484 section 4.1). */
public final class DohMessage {
    /** The longest message, as Base64. */
    private static final int MOST_TEXT = 65_535 * 4 / 3 + 4;

    private DohMessage() {}

    /** The message of a request; null if there is none, or none that can be read. */
    public static byte @Nullable [] of(HttpQuestion question) {
        if (!question.method().equals("GET")) {
            return question.body();
        }
        String query = question.queryString();
        for (String parameter :
                query.isEmpty() ? new String[0] : query.substring(1).split("&", 32)) {
            if (parameter.startsWith("dns=") && parameter.length() < MOST_TEXT) {
                return decoded(parameter.substring(4));
            }
        }
        return null;
    }

    private static byte @Nullable [] decoded(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
