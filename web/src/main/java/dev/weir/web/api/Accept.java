package dev.weir.web.api;

import java.util.Locale;

/**
 * Which format the {@code Accept} header of who asks for metrics prefers.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1">RFC 9110, 12.5.1 Accept</a>
 */
final class Accept {
    private static final String PROTOBUF = "application/vnd.google.protobuf";

    private Accept() {}

    /**
     * Whether messages behind their length are wanted at least as much as text. Whoever does not name them gets text, wildcards or not.
     *
     * @param header empty if there is none
     */
    static boolean prefersProtobuf(String header) {
        double protobuf = 0;
        double text = 0;
        for (String range : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = range.split(";", -1);
            String type = parts[0].strip();
            if (type.equals(PROTOBUF) && isDelimitedFamilies(parts)) {
                protobuf = Math.max(protobuf, weight(parts));
            } else if (type.equals("text/plain")) {
                text = Math.max(text, weight(parts));
            }
        }
        return protobuf > 0 && protobuf >= text;
    }

    /** The other encodings of the same type (text, compact-text) are for debugging. */
    private static boolean isDelimitedFamilies(String[] parts) {
        return parameter(parts, "proto", "").equals("io.prometheus.client.metricfamily")
                && parameter(parts, "encoding", "").equals("delimited");
    }

    private static double weight(String[] parts) {
        try {
            return Double.parseDouble(parameter(parts, "q", "1"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String parameter(String[] parts, String name, String otherwise) {
        for (String part : parts) {
            int equals = part.indexOf('=');
            if (equals > 0 && part.substring(0, equals).strip().equals(name)) {
                return part.substring(equals + 1).strip();
            }
        }
        return otherwise;
    }
}
