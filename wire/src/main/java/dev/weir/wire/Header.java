package dev.weir.wire;

/**
 * The twelve octets every DNS message starts with (RFC 1035 4.1.1, RFC 2535 6.1).
 *
 * <pre>
 *  0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
 * |                      ID                       |   0
 * |QR|   Opcode  |AA|TC|RD|RA| Z|AD|CD|   RCODE   |   2
 * |                    QDCOUNT                    |   4
 * |                    ANCOUNT                    |   6
 * |                    NSCOUNT                    |   8
 * |                    ARCOUNT                    |  10
 * </pre>
 */
public final class Header {
    public static final int LENGTH = 12;

    public static final int ID = 0;
    public static final int FLAGS = 2;
    public static final int QDCOUNT = 4;
    public static final int ANCOUNT = 6;
    public static final int NSCOUNT = 8;
    public static final int ARCOUNT = 10;

    public static final int QR = 0x8000;
    public static final int OPCODE_MASK = 0x7800;
    public static final int AA = 0x0400;
    public static final int TC = 0x0200;
    public static final int RD = 0x0100;
    public static final int RA = 0x0080;
    public static final int Z = 0x0040;
    public static final int AD = 0x0020;
    public static final int CD = 0x0010;
    public static final int RCODE_MASK = 0x000f;

    private Header() {}

    public static int id(byte[] message) {
        return Octets.u16(message, ID);
    }

    public static void setId(byte[] message, int id) {
        Octets.putU16(message, ID, id);
    }

    public static int flags(byte[] message) {
        return Octets.u16(message, FLAGS);
    }

    public static void setFlags(byte[] message, int flags) {
        Octets.putU16(message, FLAGS, flags);
    }

    public static boolean has(byte[] message, int flag) {
        return (flags(message) & flag) != 0;
    }

    /** Sets or clears one flag bit. */
    public static void set(byte[] message, int flag, boolean on) {
        int flags = flags(message);
        setFlags(message, on ? flags | flag : flags & ~flag);
    }

    public static int opcode(byte[] message) {
        return (flags(message) & OPCODE_MASK) >>> 11;
    }

    /** The four header bits of the response code; the extended bits live in OPT (RFC 6891 6.1.3). */
    public static int rcode(byte[] message) {
        return flags(message) & RCODE_MASK;
    }

    public static void setRcode(byte[] message, int rcode) {
        setFlags(message, flags(message) & ~RCODE_MASK | rcode & RCODE_MASK);
    }

    public static int qdcount(byte[] message) {
        return Octets.u16(message, QDCOUNT);
    }

    public static int ancount(byte[] message) {
        return Octets.u16(message, ANCOUNT);
    }

    public static int nscount(byte[] message) {
        return Octets.u16(message, NSCOUNT);
    }

    public static int arcount(byte[] message) {
        return Octets.u16(message, ARCOUNT);
    }

    public static void setCounts(byte[] message, int qdcount, int ancount, int nscount, int arcount) {
        Octets.putU16(message, QDCOUNT, qdcount);
        Octets.putU16(message, ANCOUNT, ancount);
        Octets.putU16(message, NSCOUNT, nscount);
        Octets.putU16(message, ARCOUNT, arcount);
    }
}
