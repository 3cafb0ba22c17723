package dev.weir.script.function;

import dev.weir.script.lang.Args;

/** Headers that the operator writes for answers over HTTP. */
final class HttpFields {
    private HttpFields() {}

    /**
     * Refuses what is no header (RFC 9110 section 5.1 and 5.5): a client would not take the answer, or read a line feed as the end of it.
     *
     * @param option where they stand, for the message
     */
    static void check(Args args, String option, String name, String value) {
        if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || value.chars().anyMatch(c -> c < ' ' && c != '\t')) {
            throw args.error("'" + option + "' has a header that HTTP does not know: " + name);
        }
    }
}
