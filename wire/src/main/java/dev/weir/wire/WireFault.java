package dev.weir.wire;

/**
 * Why a message could not be parsed or edited. Parsers and editors return {@link #code()} (negative) where they would otherwise return an
 * offset or a length, so that a hostile packet costs neither an exception nor an allocation.
 */
public enum WireFault {
    /** The message ends inside the thing being read. */
    TRUNCATED(-1),
    /** A label length octet starts with the reserved bits 01 or 10 (RFC 1035 4.1.4, RFC 6891 5). */
    BAD_LABEL(-2),
    /** A name is longer than 255 octets (RFC 1035 3.1). */
    NAME_TOO_LONG(-3),
    /** A compression pointer where none is allowed, or one that does not point backwards. */
    BAD_POINTER(-4),
    /** An option or record says it is longer than what encloses it. */
    BAD_LENGTH(-5),
    /** The array, or a 16-bit length or count field, cannot hold the edited message; the message is unchanged. */
    NO_ROOM(-6),
    /** The thing to edit is not in the message. */
    ABSENT(-7),
    /** A field has a value its format does not know: an address family, a version, a signature. */
    BAD_VALUE(-8);

    private final int code;

    WireFault(int code) {
        this.code = code;
    }

    /** The negative return value that stands for this fault. */
    public int code() {
        return code;
    }

    /**
     * The fault behind a negative return value.
     *
     * @throws IllegalArgumentException if no fault has this code
     */
    public static WireFault of(int code) {
        for (WireFault fault : values()) {
            if (fault.code == code) {
                return fault;
            }
        }
        throw new IllegalArgumentException("no fault has the code " + code);
    }
}
