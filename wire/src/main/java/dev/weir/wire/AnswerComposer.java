package dev.weir.wire;

/**
 * Turns a query into an answer of our own, in the query's array: header and first question stay, then records and OPT are composed behind
 * them.
 *
 * <pre>{@code
 * composer.start(message, length);
 * composer.addA(0xc0000201, 60);
 * int answerLength = composer.finish(true, AnswerComposer.PAYLOAD_SIZE);
 * }</pre>
 *
 * <p>Records are owned by the question's name, unless said otherwise, and are added section by section: answers, then authority, then
 * additional. A record that does not fit makes {@link #finish} return NO_ROOM; it is not necessary to look before. One composer serves one
 * thread.
 */
public final class AnswerComposer {
    /** What we say we take over UDP, in octets, unless configured (RFC 9715: below the usual MTU). */
    public static final int PAYLOAD_SIZE = 1232;

    /** A pointer to the question's name. */
    private static final int QUESTION_NAME = 0xc000 | Question.OFFSET;

    private final Question question = new Question();
    private final Edns edns = new Edns();
    private byte[] message = new byte[Header.LENGTH];
    private int at;
    private int fault;
    private int rcode;
    private boolean queryHadEdns;
    private boolean dnssecOk;
    private boolean hasQuestion;
    private int recordClass;

    /**
     * Begins an answer: records are cut off, QR is set, RA is as RD, TC, AD and response code are cleared, AA, RD, CD, opcode and ID stay.
     * The query's EDNS is remembered for {@link #finish}. Returns where records will start, or a {@link WireFault} code. A query without
     * question (QDCOUNT 0) gets an answer without question; of several questions the first is kept.
     */
    public int start(byte[] query, int length) {
        if (length < Header.LENGTH) {
            return WireFault.TRUNCATED.code();
        }
        hasQuestion = Header.qdcount(query) > 0;
        int end = hasQuestion ? question.parse(query, length) : Header.LENGTH;
        if (end < 0) {
            return end;
        }
        queryHadEdns = edns.parse(query, length) > 0;
        dnssecOk = edns.dnssecOk();
        recordClass = hasQuestion ? question.recordClass() : RecordClass.IN;
        message = query;
        at = end;
        fault = 0;
        rcode = 0;
        Header.setRcode(query, 0);
        ResponseEditor.setSelfAnswerFlags(query);
        Header.setCounts(query, hasQuestion ? 1 : 0, 0, 0, 0);
        return end;
    }

    /**
     * {@link #start}s an answer that says nothing but that the query was not served: of the header only QR and the response code change.
     */
    public int startBare(byte[] query, int length, int newRcode) {
        int flags = length < Header.LENGTH ? 0 : Header.flags(query);
        int start = start(query, length);
        if (start >= 0) {
            Header.setFlags(query, flags | Header.QR);
            rcode = newRcode;
        }
        return start;
    }

    /** Sets the response code, up to twelve bits; the upper eight need the OPT that {@link #finish} may add, and are lost without it. */
    public void rcode(int newRcode) {
        rcode = newRcode;
    }

    /** Sets or clears a header flag. */
    public void flag(int flag, boolean on) {
        Header.set(message, flag, on);
    }

    public boolean queryHadEdns() {
        return queryHadEdns;
    }

    /** Adds an address record of the question's name to the answers. */
    public void addA(int address, long ttlSeconds) {
        if (startRecord(RecordType.A, recordClass, ttlSeconds, 4)) {
            Octets.putU32(message, at, address);
            at += 4;
            count(Header.ANCOUNT);
        }
    }

    /** Adds an IPv6 address record of the question's name to the answers. */
    public void addAaaa(long hi, long lo, long ttlSeconds) {
        if (startRecord(RecordType.AAAA, recordClass, ttlSeconds, 16)) {
            Octets.putU64(message, at, hi);
            Octets.putU64(message, at + 8, lo);
            at += 16;
            count(Header.ANCOUNT);
        }
    }

    /** Adds an alias of the question's name to the answers. */
    public void addCname(Name target, long ttlSeconds) {
        if (startRecord(RecordType.CNAME, recordClass, ttlSeconds, target.wireLength())) {
            at = target.compose(message, at);
            count(Header.ANCOUNT);
        }
    }

    /** Adds a record of the question's name with given RDATA to the answers; names in it are not compressed. */
    public void addAnswer(int type, long ttlSeconds, byte[] data, int offset, int dataLength) {
        if (startRecord(type, recordClass, ttlSeconds, dataLength)) {
            System.arraycopy(data, offset, message, at, dataLength);
            at += dataLength;
            count(Header.ANCOUNT);
        }
    }

    /**
     * Adds a zone's SOA, to show how long the answer may be held negative (RFC 2308 3).
     *
     * @param section {@link Records#AUTHORITY} or {@link Records#ADDITIONAL}
     */
    public void addSoa(int section, Name zone, long ttlSeconds, Soa soa) {
        int dataLength = soa.mname().wireLength() + soa.rname().wireLength() + 20;
        if (!startRecord(zone, RecordType.SOA, recordClass, ttlSeconds, dataLength)) {
            return;
        }
        at = soa.mname().compose(message, at);
        at = soa.rname().compose(message, at);
        Octets.putU32(message, at, soa.serial());
        Octets.putU32(message, at + 4, soa.refreshSeconds());
        Octets.putU32(message, at + 8, soa.retrySeconds());
        Octets.putU32(message, at + 12, soa.expireSeconds());
        Octets.putU32(message, at + 16, soa.minimumSeconds());
        at += 20;
        count(section == Records.AUTHORITY ? Header.NSCOUNT : Header.ARCOUNT);
    }

    /**
     * Adds a record of another name, for what the SVCB hints of an answer point at (RFC 9460 4.1).
     *
     * @param section {@link Records#ANSWER}, {@link Records#AUTHORITY} or {@link Records#ADDITIONAL}
     */
    public void addRecord(int section, Name owner, int type, long ttlSeconds, byte[] data) {
        if (startRecord(owner, type, recordClass, ttlSeconds, data.length)) {
            System.arraycopy(data, 0, message, at, data.length);
            at += data.length;
            count(Header.ANCOUNT + 2 * (section - Records.ANSWER));
        }
    }

    /**
     * Ends the answer, with an OPT when the query had one and {@code addEdns} allows it, and returns its length; NO_ROOM if something
     * did not fit, in which case the message is no answer.
     */
    public int finish(boolean addEdns, int payloadSize) {
        Header.setRcode(message, rcode);
        if (addEdns && queryHadEdns && fits(Edns.FIXED_LENGTH)) {
            at = EdnsEditor.composeOpt(message, at, payloadSize, dnssecOk ? Edns.DO : 0, rcode >>> 4);
            count(Header.ARCOUNT);
        }
        return fault < 0 ? fault : at;
    }

    private boolean startRecord(int type, int newClass, long ttlSeconds, int dataLength) {
        if (!hasQuestion) {
            return startRecord(Name.ROOT, type, newClass, ttlSeconds, dataLength);
        }
        if (!fits(12 + dataLength)) {
            return false;
        }
        Octets.putU16(message, at, QUESTION_NAME);
        putFixed(at + 2, type, newClass, ttlSeconds, dataLength);
        return true;
    }

    private boolean startRecord(Name owner, int type, int newClass, long ttlSeconds, int dataLength) {
        if (!fits(owner.wireLength() + 10 + dataLength)) {
            return false;
        }
        putFixed(owner.compose(message, at), type, newClass, ttlSeconds, dataLength);
        return true;
    }

    private void putFixed(int offset, int type, int newClass, long ttlSeconds, int dataLength) {
        Octets.putU16(message, offset, type);
        Octets.putU16(message, offset + 2, newClass);
        Octets.putU32(message, offset + 4, ttlSeconds);
        Octets.putU16(message, offset + 8, dataLength);
        at = offset + 10;
    }

    private boolean fits(int octets) {
        if (fault == 0 && at + octets > Math.min(message.length, 0xffff)) {
            fault = WireFault.NO_ROOM.code();
        }
        return fault == 0;
    }

    private void count(int field) {
        Octets.putU16(message, field, Octets.u16(message, field) + 1);
    }
}
