package dev.weir.wire;

/**
 * Walks the resource records of a message in order, all sections after the question (RFC 1035 4.1.3). One walker serves one thread.
 *
 * <pre>{@code
 * for (int fault = records.start(message, length); fault >= 0 && (fault = records.next()) > 0; ) { records.type() … }
 * }</pre>
 */
public final class Records {
    public static final int ANSWER = 1;
    public static final int AUTHORITY = 2;
    public static final int ADDITIONAL = 3;

    private static final byte[] NONE = new byte[0];

    private byte[] message = NONE;
    private int length;
    private int next;
    private int answers;
    private int authorities;
    private int additionals;

    private int section;
    private int offset;
    private int type;
    private int recordClass;
    private int ttlOffset;
    private int rdOffset;
    private int rdLength;

    /** Goes to the first record, behind all questions; returns its offset or a {@link WireFault} code. */
    public int start(byte[] newMessage, int newLength) {
        message = newMessage;
        length = newLength;
        if (newLength < Header.LENGTH) {
            return WireFault.TRUNCATED.code();
        }
        next = Header.LENGTH;
        for (int i = Header.qdcount(newMessage); i > 0; i--) {
            int end = Names.skip(newMessage, newLength, next);
            if (end < 0) {
                return end;
            }
            if (end + 4 > newLength) {
                return WireFault.TRUNCATED.code();
            }
            next = end + 4;
        }
        answers = Header.ancount(newMessage);
        authorities = Header.nscount(newMessage);
        additionals = Header.arcount(newMessage);
        return next;
    }

    /** Reads one record: 1 when there is one, 0 after the last, or a {@link WireFault} code. */
    public int next() {
        if (answers > 0) {
            answers--;
            section = ANSWER;
        } else if (authorities > 0) {
            authorities--;
            section = AUTHORITY;
        } else if (additionals > 0) {
            additionals--;
            section = ADDITIONAL;
        } else {
            return 0;
        }
        int end = Names.skip(message, length, next);
        if (end < 0) {
            return end;
        }
        if (end + 10 > length) {
            return WireFault.TRUNCATED.code();
        }
        offset = next;
        type = Octets.u16(message, end);
        recordClass = Octets.u16(message, end + 2);
        ttlOffset = end + 4;
        rdLength = Octets.u16(message, end + 8);
        rdOffset = end + 10;
        next = rdOffset + rdLength;
        return next > length ? WireFault.BAD_LENGTH.code() : 1;
    }

    /** {@link #ANSWER}, {@link #AUTHORITY} or {@link #ADDITIONAL}. */
    public int section() {
        return section;
    }

    /** Where the owner name starts. */
    public int offset() {
        return offset;
    }

    public int type() {
        return type;
    }

    public int recordClass() {
        return recordClass;
    }

    /** Where the 32-bit TTL stands. */
    public int ttlOffset() {
        return ttlOffset;
    }

    /** Seconds. */
    public long ttl() {
        return Octets.u32(message, ttlOffset);
    }

    public int rdOffset() {
        return rdOffset;
    }

    public int rdLength() {
        return rdLength;
    }

    /** The offset behind the record. */
    public int end() {
        return next;
    }
}
