package dev.weir.wire;

/**
 * A view of the first question of a message (RFC 1035 4.1.2): set by {@link #parse}, valid as long as the message is not changed before
 * {@link #end}. One view serves one thread for ever.
 */
public final class Question {
    /** Where a question always starts. */
    public static final int OFFSET = Header.LENGTH;

    private int nameLength;
    private int type;
    private int recordClass;

    /**
     * Reads the question after the header and returns the offset behind it, or a {@link WireFault} code, in which case the view keeps what
     * it had.
     */
    public int parse(byte[] message, int length) {
        int end = Names.endOfPlain(message, length, OFFSET);
        if (end < 0) {
            return end;
        }
        if (end + 4 > length) {
            return WireFault.TRUNCATED.code();
        }
        nameLength = end - OFFSET;
        type = Octets.u16(message, end);
        recordClass = Octets.u16(message, end + 2);
        return end + 4;
    }

    /** Octets of the name, the root's zero included. */
    public int nameLength() {
        return nameLength;
    }

    public int type() {
        return type;
    }

    public int recordClass() {
        return recordClass;
    }

    /** The offset behind the question. */
    public int end() {
        return OFFSET + nameLength + 4;
    }
}
