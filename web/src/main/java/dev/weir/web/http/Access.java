package dev.weir.web.http;

import dev.weir.config.web.WebRequest;
import dev.weir.config.web.WebSpec;
import dev.weir.web.http.Credential.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What opens a path. */
enum Access {
    /** The API key, or the password. */
    STATISTICS,
    /** The API key; for the status of the whole also the password, which dashboards ask with. */
    STATUS,
    API,
    /** The password. */
    DASHBOARD;

    private static final String BASIC = "basic ";

    static Access of(String path) {
        return switch (path) {
            case "/jsonstat", "/metrics" -> STATISTICS;
            case "/api/v1/servers/localhost" -> STATUS;
            default -> path.startsWith("/api/") ? API : DASHBOARD;
        };
    }

    /**
     * @param keys what the settings ask for
     * @param affordable asked before a trial of a value that costs milliseconds
     */
    Verdict verdict(WebRequest request, WebSpec settings, Keys keys, BooleanSupplier affordable) {
        boolean needed =
                switch (this) {
                    case STATISTICS -> settings.access().statistics();
                    case STATUS, API -> settings.access().api();
                    case DASHBOARD -> settings.access().dashboard();
                };
        if (!needed) {
            return Verdict.RIGHT;
        }
        Verdict byKey =
                this == DASHBOARD ? Verdict.WRONG : keys.key(request.headers().get("x-api-key"), affordable);
        if (byKey == Verdict.RIGHT || this == API) {
            return byKey;
        }
        Verdict byPassword = keys.password(password(request), affordable);
        return byPassword == Verdict.WRONG ? byKey : byPassword;
    }

    /** The password of a header {@code Authorization} of RFC 7617; the user's name says nothing. */
    private static @Nullable String password(WebRequest request) {
        String header = request.headers().getOrDefault("authorization", "");
        if (!header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            String pair = new String(decoded, StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            // Nothing behind the colon is no password, not an empty one.
            return colon < 0 || colon == pair.length() - 1 ? null : pair.substring(colon + 1);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
