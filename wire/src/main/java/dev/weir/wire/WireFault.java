package dev.weir.wire;

/**
 * Why a message could not be parsed. Parsers return {@link #code()} (negative) where they would otherwise return an offset, so that a
 * hostile packet costs neither an exception nor an allocation.
 */
public enum WireFault {
    /** The message ends inside the thing being read. */
    TRUNCATED,
    /** A label length octet starts with the reserved bits 01 or 10 (RFC 1035 4.1.4, RFC 6891 5). */
    BAD_LABEL,
    /** A name is longer than 255 octets (RFC 1035 3.1). */
    NAME_TOO_LONG,
    /** A compression pointer where none is allowed, or one that does not point backwards. */
    BAD_POINTER,
    /** An option or record says it is longer than what encloses it. */
    BAD_LENGTH;

    private static final WireFault[] ALL = values();

    /** The negative return value that stands for this fault. */
    public int code() {
        return -1 - ordinal();
    }

    /** The fault behind a negative return value. */
    public static WireFault of(int code) {
        return ALL[-1 - code];
    }
}
