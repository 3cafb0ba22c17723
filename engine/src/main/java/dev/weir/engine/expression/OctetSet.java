package dev.weir.engine.expression;

import org.jspecify.annotations.Nullable;

/**
 * A set of octets.
 *
 * @param w0 octets 0 to 63, one bit each
 * @param w1 octets 64 to 127
 * @param w2 octets 128 to 191
 * @param w3 octets 192 to 255
 */
record OctetSet(long w0, long w1, long w2, long w3) {
    static final OctetSet NONE = new OctetSet(0, 0, 0, 0);
    static final OctetSet ALL = new OctetSet(-1, -1, -1, -1);
    static final OctetSet DIGITS = range('0', '9');
    static final OctetSet WORD = DIGITS.or(range('a', 'z')).or(range('A', 'Z')).or(of('_'));

    /** {@code A} to {@code Z} in the second word; small letters are 32 bits further up. */
    private static final long CAPITALS = 0x3ff_fffeL;

    static OctetSet of(int octet) {
        return range(octet, octet);
    }

    /** Empty if {@code last} is below {@code first}. */
    static OctetSet range(int first, int last) {
        return new OctetSet(
                part(first, last),
                part(first - 64, last - 64),
                part(first - 128, last - 128),
                part(first - 192, last - 192));
    }

    private static long part(int first, int last) {
        int from = Math.max(first, 0);
        int to = Math.min(last, 63);
        return from > to ? 0 : -1L << from & -1L >>> 63 - to;
    }

    boolean contains(int octet) {
        long word = octet < 128 ? octet < 64 ? w0 : w1 : octet < 192 ? w2 : w3;
        return (word >>> octet & 1) != 0;
    }

    OctetSet or(OctetSet other) {
        return new OctetSet(w0 | other.w0, w1 | other.w1, w2 | other.w2, w3 | other.w3);
    }

    OctetSet and(OctetSet other) {
        return new OctetSet(w0 & other.w0, w1 & other.w1, w2 & other.w2, w3 & other.w3);
    }

    OctetSet not() {
        return new OctetSet(~w0, ~w1, ~w2, ~w3);
    }

    /** With each letter's other case. */
    OctetSet withBothCases() {
        return new OctetSet(w0, w1 | (w1 & CAPITALS) << 32 | w1 >>> 32 & CAPITALS, w2, w3);
    }

    boolean isEmpty() {
        return (w0 | w1 | w2 | w3) == 0;
    }

    /** The only member, letters taken as lower-case ones; -1 if there are several. */
    int onlyLetter() {
        OctetSet small = withBothCases().and(range('A', 'Z').not());
        if (Long.bitCount(small.w0) + Long.bitCount(small.w1) + Long.bitCount(small.w2) + Long.bitCount(small.w3)
                != 1) {
            return -1;
        }
        return small.w0 != 0
                ? Long.numberOfTrailingZeros(small.w0)
                : small.w1 != 0
                        ? 64 + Long.numberOfTrailingZeros(small.w1)
                        : small.w2 != 0
                                ? 128 + Long.numberOfTrailingZeros(small.w2)
                                : 192 + Long.numberOfTrailingZeros(small.w3);
    }

    /** By hand: what the JVM makes for a record costs the first map of sets more than ten milliseconds. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OctetSet set && w0 == set.w0 && w1 == set.w1 && w2 == set.w2 && w3 == set.w3;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(((w0 * 31 + w1) * 31 + w2) * 31 + w3);
    }
}
