package dev.weir.config.web;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A response of the web server. The body is octets, as Lua's strings are. */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record WebResponse(int status, Map<String, String> headers, byte[] body) {
    private static final String TYPE = "Content-Type";

    /** Nothing but a status. */
    public static WebResponse of(int status) {
        return new WebResponse(status, Map.of(), new byte[0]);
    }

    public static WebResponse text(int status, String type, String text) {
        return new WebResponse(status, Map.of(TYPE, type), text.getBytes(StandardCharsets.UTF_8));
    }

    public static WebResponse json(int status, String text) {
        return text(status, "application/json", text);
    }

    public static WebResponse file(String type, byte[] content) {
        return new WebResponse(200, Map.of(TYPE, type), content);
    }
}
