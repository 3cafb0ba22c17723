package dev.weir.net.stream;

import dev.weir.wire.Header;
import dev.weir.wire.Names;
import dev.weir.wire.Octets;
import dev.weir.wire.RecordType;
import dev.weir.wire.Records;
import dev.weir.wire.WireFault;

/**
 * Finds the last message of a zone transfer (RFC 5936 section 2.2, RFC 1995 section 4).
 *
 * <p>A full zone starts and ends with its SOA, so the second SOA of that serial is the last record:
 *
 * <pre>  SOA(3) … SOA(3)</pre>
 *
 * Differences start with the new SOA too, but the second record is the SOA of an older version. Each version's SOA stands once before
 * what was removed and once before what was added, so that the newest one is met for the third time at the end:
 *
 * <pre>  SOA(3)  SOA(1) … SOA(2) …  SOA(2) … SOA(3) …  SOA(3)</pre>
 *
 * A lone SOA that is not newer than the client's own says that there is nothing to transfer. An error, or an answer without records, is
 * complete in itself. What does not start with an SOA has no end that one could know, but that of the connection.
 */
final class TransferProgress {
    private static final long NONE = -1;
    private static final int NEVER = Integer.MAX_VALUE;

    private final Records records = new Records();
    private final boolean incremental;
    private long clientSerial = NONE;
    private long newest = NONE;
    private int seen;
    private int needed = 2;
    private int position;
    private boolean started;

    /** @param query the client's */
    TransferProgress(byte[] query, int length) {
        int nameEnd = Names.skip(query, length, Header.LENGTH);
        incremental = nameEnd > 0 && nameEnd + 2 <= length && Octets.u16(query, nameEnd) == RecordType.IXFR;
        if (incremental && records.start(query, length) >= 0) {
            while (clientSerial == NONE && records.next() > 0) {
                if (records.section() == Records.AUTHORITY && records.type() == RecordType.SOA) {
                    clientSerial = serial(query, length);
                }
            }
        }
    }

    /** Whether a message has been seen. */
    boolean started() {
        return started;
    }

    /** Takes the next message: true if it is the last one. */
    boolean isLast(byte[] message, int length) {
        started = true;
        if (Header.rcode(message) != 0 || Header.ancount(message) == 0 || records.start(message, length) < 0) {
            return true;
        }
        int fault;
        while ((fault = records.next()) > 0 && records.section() == Records.ANSWER) {
            if (records.type() == RecordType.SOA) {
                metSoa(serial(message, length));
            } else if (position == 0) {
                needed = NEVER;
            }
            position++;
        }
        return fault < 0 || seen >= needed || needed != NEVER && position == 1 && nothingNew();
    }

    private void metSoa(long serial) {
        if (position == 0) {
            newest = serial;
        } else if (position == 1 && incremental && needed != NEVER && serial != newest) {
            needed = 3;
        }
        if (serial == newest) {
            seen++;
        }
    }

    /** Serials compare in a circle (RFC 1982). */
    private boolean nothingNew() {
        return incremental && clientSerial != NONE && (int) (newest - clientSerial) <= 0;
    }

    /** The serial of the SOA at hand; one too short for it never equals another. */
    private long serial(byte[] message, int length) {
        int afterMname = Names.skip(message, length, records.rdOffset());
        int at = afterMname < 0 ? WireFault.TRUNCATED.code() : Names.skip(message, length, afterMname);
        return at < 0 || at + 4 > length ? -2 : Octets.u32(message, at);
    }
}
