package dev.weir.engine.cache;

import dev.weir.wire.Edns;
import dev.weir.wire.Header;
import dev.weir.wire.Names;
import dev.weir.wire.Octets;
import dev.weir.wire.Question;

/**
 * Makes the 32-bit key of a query: flags and counts (the ID apart), the name in lower case, everything behind the name, and whether the
 * query goes on over UDP.
 *
 * <p>Of the options in the OPT of an ordinary query (one question, no other record than OPT) the configured ones, cookies and padding at
 * first, count with their code and length only, and the payload size is rounded down to a rank. Any other shape is hashed as it is.
 *
 * <p>The hash takes eight octets at a step, multiplies, and folds the high half of the product into the low one; a last step mixes both
 * halves (MurmurHash3's finaliser). The seed keeps outsiders from computing colliding names. Thread-safe.
 */
final class CacheKeys {
    private static final long STEP = 0x9e3779b97f4a7c15L;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final long seed;
    private final int[] skippedOptions;
    private final int[] payloadRanks;

    CacheKeys(CacheSpec spec, int seed) {
        this.seed = seed * STEP;
        this.skippedOptions =
                spec.skippedOptions().stream().mapToInt(Integer::intValue).toArray();
        this.payloadRanks =
                spec.payloadRanks().stream().mapToInt(Integer::intValue).toArray();
    }

    /** The key of a query whose question has been parsed: {@code nameLength} octets of name and four more are within the length. */
    int key(byte[] query, int length, int nameLength, boolean overUdp) {
        long hash = step(seed, Octets.u64(query, Header.FLAGS));
        hash = step(hash, Octets.u16(query, Header.ARCOUNT) << 1 | (overUdp ? 1 : 0));
        int nameEnd = Question.OFFSET + nameLength;
        hash = hashName(hash, query, Question.OFFSET, nameEnd);
        int recordsOffset = nameEnd + 4;
        if (recordsOffset + Edns.FIXED_LENGTH <= length && hasOnlyOpt(query, length, recordsOffset)) {
            hash = step(hash, Octets.i32(query, nameEnd));
            hash = hashOpt(hash, query, length, recordsOffset);
        } else {
            hash = hashOctets(hash, query, nameEnd, length);
        }
        return Names.mix((int) (hash ^ hash >>> 32));
    }

    private boolean hasOnlyOpt(byte[] query, int length, int offset) {
        return Octets.u64(query, Header.QDCOUNT) == 0x0001_0000_0000_0001L
                && query[offset] == 0
                && Octets.u16(query, offset + 1) == Edns.OPT
                && offset + Edns.FIXED_LENGTH + Octets.u16(query, offset + 9) <= length;
    }

    private long hashOpt(long start, byte[] query, int length, int offset) {
        int at = offset + Edns.FIXED_LENGTH;
        int end = at + Octets.u16(query, offset + 9);
        long hash = step(start, rank(Octets.u16(query, offset + 3)));
        hash = step(hash, (long) Octets.i32(query, offset + 5) << 16 | Octets.u16(query, offset + 9));
        while (at + 4 <= end && at + 4 + Octets.u16(query, at + 2) <= end) {
            int dataEnd = at + 4 + Octets.u16(query, at + 2);
            hash = step(hash, Octets.i32(query, at));
            if (!isSkipped(Octets.u16(query, at))) {
                hash = hashOctets(hash, query, at + 4, dataEnd);
            }
            at = dataEnd;
        }
        return hashOctets(hash, query, at, length);
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

    private static long hashName(long start, byte[] bytes, int from, int to) {
        long hash = start;
        int at = from;
        for (; at + 8 <= to; at += 8) {
            hash = step(hash, lower(Octets.u64(bytes, at)));
        }
        return step(hash, lower(tail(bytes, at, to)));
    }

    private static long hashOctets(long start, byte[] bytes, int from, int to) {
        long hash = start;
        int at = from;
        for (; at + 8 <= to; at += 8) {
            hash = step(hash, Octets.u64(bytes, at));
        }
        return step(hash, tail(bytes, at, to) ^ (long) (to - from) << 56);
    }

    /** The last octets, fewer than eight, as a number. */
    private static long tail(byte[] bytes, int from, int to) {
        long tail = 0;
        for (int at = from; at < to; at++) {
            tail = tail << 8 | bytes[at] & 0xff;
        }
        return tail;
    }

    private static long step(long hash, long word) {
        long product = (hash ^ word) * STEP;
        return product ^ product >>> 32;
    }

    /**
     * ASCII lower case of eight octets at once: an octet's high bit is made to say "at least 'A' and at most 'Z'", then becomes bit 5
     * (H. S. Warren, Hacker's Delight, 2-19 and 6-1).
     */
    static long lower(long word) {
        long low7 = word & ~HIGH_BITS;
        long fromA = low7 + (0x80 - 'A') * ONES;
        long aboveZ = low7 + (0x80 - 'Z' - 1) * ONES;
        return word | (fromA & ~aboveZ & ~word & HIGH_BITS) >>> 2;
    }
}
