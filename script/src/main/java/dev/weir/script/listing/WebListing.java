package dev.weir.script.listing;

import dev.weir.config.web.WebSpec;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code showWebserverConfig()} prints; no secrets. */
public final class WebListing {
    private WebListing() {}

    public static String show(WebSpec spec) {
        StringBuilder text = new StringBuilder("Current web server configuration:\n");
        line(text, "ACL", spec.acl().toString());
        line(text, "Custom headers", headers(spec.customHeaders()));
        line(text, "API requires authentication", yes(spec.access().api()));
        line(text, "Dashboard requires authentication", yes(spec.access().dashboard()));
        line(text, "Statistics require authentication", yes(spec.access().statistics()));
        line(text, "Password", set(spec.password()));
        line(text, "API key", set(spec.apiKey()));
        line(text, "API writable", yes(spec.apiWritable()));
        line(text, "API configuration directory", spec.apiDirectory());
        line(text, "Maximum concurrent connections", String.valueOf(spec.maxConcurrentConnections()));
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append(what).append(": ").append(value).append('\n');
    }

    private static String headers(Map<String, String> headers) {
        return headers.isEmpty()
                ? "None"
                : headers.entrySet().stream()
                        .map(header -> "\n- " + header.getKey() + ": " + header.getValue())
                        .collect(Collectors.joining());
    }

    private static String yes(boolean value) {
        return value ? "yes" : "no";
    }

    private static String set(@Nullable String secret) {
        return secret == null ? "unset" : "set";
    }
}
