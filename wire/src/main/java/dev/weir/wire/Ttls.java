package dev.weir.wire;

/**
 * The TTLs of a whole message, read or rewritten in one walk without making an object. OPT does not count, its TTL field holds other things
 * (RFC 6891 6.1.3); a TTL with its top bit set is zero (RFC 2181 8).
 */
public final class Ttls {
    /** In {@link #scan}'s result: there is a record other than OPT. */
    public static final long ANY_RECORD = 1L << 32;
    /** In {@link #scan}'s result: the authority section has a SOA, as that of a negative answer must (RFC 2308 5). */
    public static final long SOA_IN_AUTHORITY = 1L << 33;

    private static final long MAX = 0x7fff_ffffL;
    private static final int[] ALL_TYPES = {};

    private Ttls() {}

    /**
     * The smallest TTL in seconds in the low 32 bits, {@link #ANY_RECORD} and {@link #SOA_IN_AUTHORITY} above it; or a {@link WireFault}
     * code. Without records the TTL is 2^31-1.
     */
    public static long scan(byte[] message, int length) {
        int at = skipQuestions(message, length);
        if (at < 0) {
            return at;
        }
        int answers = Header.ancount(message);
        int authorityEnd = answers + Header.nscount(message);
        int count = authorityEnd + Header.arcount(message);
        long minimum = MAX;
        long seen = 0;
        for (int i = 0; i < count; i++) {
            int fields = fields(message, length, at);
            if (fields < 0) {
                return fields;
            }
            int type = Octets.u16(message, fields);
            if (type != Edns.OPT) {
                minimum = Math.min(minimum, effective(Octets.u32(message, fields + 4)));
                seen |= ANY_RECORD;
                if (type == RecordType.SOA && i >= answers && i < authorityEnd) {
                    seen |= SOA_IN_AUTHORITY;
                }
            }
            at = fields + 10 + Octets.u16(message, fields + 8);
        }
        return seen | minimum;
    }

    /** Brings all TTLs into {@code [minSeconds, maxSeconds]}. Returns the length, or a fault; records before the broken one are changed. */
    public static int clamp(byte[] message, int length, long minSeconds, long maxSeconds) {
        return rewrite(message, length, 0, minSeconds, maxSeconds, ALL_TYPES);
    }

    /** The same for records of some types only; none: of all. */
    public static int clamp(byte[] message, int length, long minSeconds, long maxSeconds, int... types) {
        return rewrite(message, length, 0, minSeconds, maxSeconds, types);
    }

    /** Lowers all TTLs by an age, to 0 at the lowest. Returns the length, or a fault; records before the broken one are changed. */
    public static int age(byte[] message, int length, long ageSeconds) {
        return rewrite(message, length, ageSeconds, 0, MAX, ALL_TYPES);
    }

    private static int rewrite(byte[] message, int length, long less, long minSeconds, long maxSeconds, int... types) {
        int at = skipQuestions(message, length);
        if (at < 0) {
            return at;
        }
        int count = Header.ancount(message) + Header.nscount(message) + Header.arcount(message);
        for (int i = 0; i < count; i++) {
            int fields = fields(message, length, at);
            if (fields < 0) {
                return fields;
            }
            int type = Octets.u16(message, fields);
            if (type != Edns.OPT && isWanted(type, types)) {
                long ttl = Octets.u32(message, fields + 4);
                long changed = Math.max(minSeconds, Math.min(maxSeconds, effective(ttl) - less));
                if (changed != ttl) {
                    Octets.putU32(message, fields + 4, changed);
                }
            }
            at = fields + 10 + Octets.u16(message, fields + 8);
        }
        return length;
    }

    private static boolean isWanted(int type, int... types) {
        for (int wanted : types) {
            if (wanted == type) {
                return true;
            }
        }
        return types.length == 0;
    }

    private static long effective(long ttl) {
        return ttl > MAX ? 0 : ttl;
    }

    private static int skipQuestions(byte[] message, int length) {
        if (length < Header.LENGTH) {
            return WireFault.TRUNCATED.code();
        }
        int at = Header.LENGTH;
        for (int i = Header.qdcount(message); i > 0; i--) {
            at = Names.skip(message, length, at);
            if (at < 0) {
                return at;
            }
            at += 4;
            if (at > length) {
                return WireFault.TRUNCATED.code();
            }
        }
        return at;
    }

    /** Where the fields behind a record's owner start, the whole record being within the message; or a fault. */
    private static int fields(byte[] message, int length, int at) {
        int fields = Names.skip(message, length, at);
        if (fields < 0) {
            return fields;
        }
        if (fields + 10 > length) {
            return WireFault.TRUNCATED.code();
        }
        return fields + 10 + Octets.u16(message, fields + 8) > length ? WireFault.BAD_LENGTH.code() : fields;
    }
}
