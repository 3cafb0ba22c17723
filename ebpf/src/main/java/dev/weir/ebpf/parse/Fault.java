package dev.weir.ebpf.parse;

/**
 * Why bytes are not what they were taken for.
 *
 * @param kind what sort of trouble
 * @param detail where and what, in words
 */
public record Fault(Kind kind, String detail) {
    /** The sorts of trouble. */
    public enum Kind {
        /** A structure reaches past the end of the bytes. */
        TRUNCATED,
        /** A structure contradicts its format. */
        MALFORMED,
        /** Valid, but of a kind that this parser does not read. */
        UNSUPPORTED,
        /** Larger than anything the kernel would take. */
        TOO_LARGE
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ": " + detail;
    }
}
