package dev.weir.wire;

/**
 * Changes responses in place: truncation, stripping, the question's case, extended DNS errors. TTLs are {@link Ttls}'s.
 *
 * <p>Each edit takes the message and its length and returns the new length, or a {@link WireFault} code. One editor serves one thread.
 */
public final class ResponseEditor {
    /** Option code of an extended DNS error (RFC 8914 2). */
    public static final int EXTENDED_ERROR = 15;

    private final Records records = new Records();
    private final Edns edns = new Edns();
    private final EdnsEditor ednsEditor = new EdnsEditor();
    private byte[] option = new byte[64];

    /**
     * Reduces a response to header, questions and an OPT without options (payload size, DO and extended response code as they were), with
     * TC set (RFC 2181 9, RFC 6891 7). An OPT behind broken records is lost.
     */
    public int truncate(byte[] message, int length) {
        boolean hasOpt = edns.parse(message, length) > 0;
        int payloadSize = edns.payloadSize();
        int flags = edns.flags();
        int extendedRcode = edns.extendedRcode();
        int stripped = stripRecords(message, length);
        if (stripped < 0) {
            return stripped;
        }
        Header.set(message, Header.TC, true);
        // The octets of the OPT that was there leave room for this one.
        if (hasOpt) {
            Octets.putU16(message, Header.ARCOUNT, 1);
            return EdnsEditor.composeOpt(message, stripped, payloadSize, flags, extendedRcode);
        }
        return stripped;
    }

    /** Removes all records, OPT too; the flags stay. */
    public int stripRecords(byte[] message, int length) {
        int end = records.start(message, length);
        if (end >= 0) {
            Header.setCounts(message, Header.qdcount(message), 0, 0, 0);
        }
        return end;
    }

    /** Brings all TTLs but OPT's into {@code [minSeconds, maxSeconds]}, as {@link Ttls#clamp} does. */
    public int capTtls(byte[] message, int length, long minSeconds, long maxSeconds) {
        return Ttls.clamp(message, length, minSeconds, maxSeconds);
    }

    /**
     * Sets the flags of an answer that we made ourselves: QR, RA as RD, neither TC nor AD; opcode, AA, RD, CD and response code stay.
     */
    public static void setSelfAnswerFlags(byte[] message) {
        int flags = Header.flags(message) & ~(Header.TC | Header.RA | Header.Z | Header.AD) | Header.QR;
        Header.setFlags(message, (flags & Header.RD) != 0 ? flags | Header.RA : flags);
    }

    /**
     * Writes the question's name as the query had it, case included (draft-vixie-dnsext-dns0x20). Returns whether the message has that
     * question; if not, it is unchanged.
     *
     * @param name uncompressed, {@code nameLength} octets at {@code nameOffset}
     */
    public static boolean restoreQname(byte[] message, int length, byte[] name, int nameOffset, int nameLength) {
        if (length < Question.OFFSET + nameLength
                || Header.qdcount(message) == 0
                || !Names.equal(message, Question.OFFSET, name, nameOffset, nameLength)) {
            return false;
        }
        System.arraycopy(name, nameOffset, message, Question.OFFSET, nameLength);
        return true;
    }

    /**
     * Adds an extended DNS error (RFC 8914) to the response's OPT; ABSENT when it has none.
     *
     * @param text EXTRA-TEXT in UTF-8, without a final zero, possibly empty
     */
    public int addExtendedError(byte[] message, int length, int infoCode, byte[] text) {
        if (option.length < 2 + text.length) {
            option = new byte[2 + text.length];
        }
        Octets.putU16(option, 0, infoCode);
        System.arraycopy(text, 0, option, 2, text.length);
        return ednsEditor.appendOption(message, length, EXTENDED_ERROR, option, 0, 2 + text.length);
    }
}
