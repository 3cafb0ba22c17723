package dev.weir.wire;

/**
 * A view of a message's OPT pseudo-record (RFC 6891 6.1): where it stands, and what its fixed fields say. One view serves one thread.
 *
 * <pre>
 *   NAME     0 (root)           offset
 *   TYPE     41                 +1
 *   CLASS    UDP payload size   +3
 *   TTL      extended RCODE     +5
 *            VERSION            +6
 *            DO, Z              +7
 *   RDLENGTH                    +9
 *   RDATA    options            +11   { u16 code, u16 length, data }*
 * </pre>
 */
public final class Edns {
    public static final int OPT = 41;
    /** Octets of an OPT record without options. */
    public static final int FIXED_LENGTH = 11;

    public static final int DO = 0x8000;

    private boolean present;
    private int offset;
    private int optionsOffset;
    private int rdLength;
    private int payloadSize;
    private int extendedRcode;
    private int version;
    private int flags;

    private final Records records = new Records();

    /**
     * Looks for OPT in the additional section. Returns 1 when there is one, 0 when there is none, or a {@link WireFault} code when a record
     * before it is broken.
     */
    public int parse(byte[] message, int length) {
        present = false;
        if (length < Header.LENGTH) {
            return WireFault.TRUNCATED.code();
        }
        if (Header.arcount(message) == 0) {
            return 0;
        }
        int fault = records.start(message, length);
        while (fault >= 0 && (fault = records.next()) > 0) {
            if (records.section() == Records.ADDITIONAL && records.type() == OPT) {
                return view(message);
            }
        }
        return fault;
    }

    private int view(byte[] message) {
        offset = records.offset();
        optionsOffset = records.rdOffset();
        int fields = optionsOffset - (FIXED_LENGTH - 1);
        payloadSize = Octets.u16(message, fields + 2);
        extendedRcode = Octets.u8(message, fields + 4);
        version = Octets.u8(message, fields + 5);
        flags = Octets.u16(message, fields + 6);
        rdLength = records.rdLength();
        present = true;
        return 1;
    }

    public boolean present() {
        return present;
    }

    /** Where the record starts. */
    public int offset() {
        return offset;
    }

    /** Where the options start: 11 octets on, as OPT's owner must be the root (RFC 6891 6.1.2), but that is not for the view to judge. */
    public int optionsOffset() {
        return optionsOffset;
    }

    /** Octets of all options. */
    public int optionsLength() {
        return rdLength;
    }

    /** The offset behind the record. */
    public int end() {
        return optionsOffset + rdLength;
    }

    /** What the sender can take over UDP, in octets, as announced. */
    public int payloadSize() {
        return payloadSize;
    }

    public int extendedRcode() {
        return extendedRcode;
    }

    public int version() {
        return version;
    }

    /** The flags word; {@link #DO} is its only assigned bit. */
    public int flags() {
        return flags;
    }

    public boolean dnssecOk() {
        return present && (flags & DO) != 0;
    }

    /**
     * The offset of an option's code octets, {@code -1} when the option is not there. A list of options that lies about a length ends at
     * the lie.
     */
    public int findOption(byte[] message, int code) {
        int at = optionsOffset();
        int end = end();
        while (present && at + 4 <= end) {
            int size = Octets.u16(message, at + 2);
            if (at + 4 + size > end) {
                return -1;
            }
            if (Octets.u16(message, at) == code) {
                return at;
            }
            at += 4 + size;
        }
        return -1;
    }
}
