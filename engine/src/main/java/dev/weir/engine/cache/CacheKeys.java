package dev.weir.engine.cache;

import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import dev.weir.wire.KeyedHash;
import dev.weir.wire.Octets;
import dev.weir.wire.Question;
import java.util.SplittableRandom;

/**
 * Makes the key of a query: flags and counts (the ID apart), the name in lower case, everything behind the name, and whether the query goes
 * on over UDP.
 *
 * <p>Of the options in the OPT of an ordinary query (one question, no other record than OPT) the configured ones, cookies and padding at
 * first, count with their code and length only, and the payload size is rounded down to a rank. Any other shape is hashed as it is.
 *
 * <p>Much of this is compared with nothing when an entry is found: options, payload size, octets behind the records. So the key is all that
 * keeps one client's answer from another one, and is as wide as {@link KeyedHash} makes it. The words can be read back in one way only,
 * so that queries that shall not share an answer are different sequences; the last step gives tables all 64 bits, and no two hashes
 * the same key.
 *
 * <pre>
 *   flags, QDCOUNT, ANCOUNT · NSCOUNT, ARCOUNT, octets of the name, over UDP · name
 *   with only OPT   type, class, 1 · rank, extended RCODE to Z · octets of options · (code, length, 1 · data)* · perhaps rest
 *   otherwise       rest
 *   rest            octets left, 0 · these octets
 * </pre>
 *
 * Thread-safe.
 */
final class CacheKeys {
    private final KeyedHash hash;
    private final long addend;
    private final long factor;
    private final int[] skippedOptions;
    private final int[] payloadRanks;

    CacheKeys(CacheSpec spec, long secret) {
        SplittableRandom secrets = new SplittableRandom(secret);
        this.hash = new KeyedHash(secrets.nextLong());
        this.addend = secrets.nextLong();
        this.factor = secrets.nextLong() | 1;
        this.skippedOptions =
                spec.skippedOptions().stream().mapToInt(Integer::intValue).toArray();
        this.payloadRanks =
                spec.payloadRanks().stream().mapToInt(Integer::intValue).toArray();
    }

    /** The key of a query whose question has been parsed: {@code nameLength} octets of name and four more are within the length. */
    long key(byte[] query, int length, int nameLength, boolean overUdp) {
        long state = hash.step(KeyedHash.START, Octets.u64(query, Header.FLAGS) >>> 16);
        state = hash.step(state, Octets.u32(query, Header.NSCOUNT) << 9 | nameLength << 1 | (overUdp ? 1 : 0));
        int nameEnd = Question.OFFSET + nameLength;
        state = hash.lowerOctets(state, query, Question.OFFSET, nameEnd);
        int recordsOffset = nameEnd + 4;
        if (recordsOffset + Edns.FIXED_LENGTH <= length && hasOnlyOpt(query, length, recordsOffset)) {
            state = hash.step(state, Octets.u32(query, nameEnd) << 1 | 1);
            state = opt(state, query, length, recordsOffset);
        } else {
            state = rest(state, query, nameEnd, length);
        }
        long mixed = (KeyedHash.finish(state) + addend) * factor;
        mixed = (mixed ^ mixed >>> 32) * factor;
        return mixed ^ mixed >>> 32;
    }

    private static boolean hasOnlyOpt(byte[] query, int length, int offset) {
        return Octets.u64(query, Header.QDCOUNT) == 0x0001_0000_0000_0001L
                && query[offset] == 0
                && Octets.u16(query, offset + 1) == Edns.OPT
                && offset + Edns.FIXED_LENGTH + Octets.u16(query, offset + 9) <= length;
    }

    private long opt(long start, byte[] query, int length, int offset) {
        int at = offset + Edns.FIXED_LENGTH;
        int end = at + Octets.u16(query, offset + 9);
        long state = hash.step(start, (long) rank(Octets.u16(query, offset + 3)) << 32 | Octets.u32(query, offset + 5));
        state = hash.step(state, Octets.u16(query, offset + 9));
        while (at + 4 <= end && at + 4 + Octets.u16(query, at + 2) <= end) {
            int dataEnd = at + 4 + Octets.u16(query, at + 2);
            state = hash.step(state, Octets.u32(query, at) << 1 | 1);
            if (!isSkipped(Octets.u16(query, at))) {
                state = hash.octets(state, query, at + 4, dataEnd);
            }
            at = dataEnd;
        }
        return rest(state, query, at, length);
    }

    private long rest(long state, byte[] query, int from, int to) {
        return from < to ? hash.octets(hash.step(state, (long) (to - from) << 1), query, from, to) : state;
    }

    private boolean isSkipped(int code) {
        for (int skipped : skippedOptions) {
            if (skipped == code) {
                return true;
            }
        }
        return false;
    }

    private int rank(int payloadSize) {
        int rounded = payloadSize;
        for (int rank : payloadRanks) {
            if (rank > payloadSize) {
                break;
            }
            rounded = rank;
        }
        return rounded;
    }
}
