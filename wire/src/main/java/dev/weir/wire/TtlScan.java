package dev.weir.wire;

/**
 * What a cache asks of a response, found in one walk over its records: the smallest TTL, and whether a negative answer has its SOA (RFC 2308
 * 5). OPT does not count, its TTL field holds other things. One scan serves one thread.
 */
public final class TtlScan {
    private static final int SOA = 6;

    private final Records records = new Records();
    private long minimumSeconds;
    private int recordCount;
    private boolean soaInAuthority;

    /** Walks a response: the number of records other than OPT, or a {@link WireFault} code. */
    public int scan(byte[] message, int length) {
        minimumSeconds = Long.MAX_VALUE;
        recordCount = 0;
        soaInAuthority = false;
        int fault = records.start(message, length);
        while (fault >= 0 && (fault = records.next()) > 0) {
            int type = records.type();
            if (type != Edns.OPT) {
                recordCount++;
                minimumSeconds = Math.min(minimumSeconds, ResponseEditor.effectiveTtl(records.ttl()));
                soaInAuthority |= type == SOA && records.section() == Records.AUTHORITY;
            }
        }
        return fault < 0 ? fault : recordCount;
    }

    /** The smallest TTL, in seconds; {@link Long#MAX_VALUE} without records. */
    public long minimumSeconds() {
        return minimumSeconds;
    }

    /** Records other than OPT. */
    public int recordCount() {
        return recordCount;
    }

    public boolean soaInAuthority() {
        return soaInAuthority;
    }
}
