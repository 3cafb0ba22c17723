package dev.weir.lua.library;

/**
 * The generator behind {@code math.random}: four Tausworthe generators of 64 bits combined, with a period of 2<sup>223</sup> [1]. The same
 * seed gives the same numbers as LuaJIT.
 *
 * <p>[1] P. L'Ecuyer, Tables of maximally equidistributed combined LFSR generators, Mathematics of Computation 68 (1999), table 7
 */
final class Tausworthe {
    /** For each generator: the degree of its polynomial, the place of its middle term, and the step. */
    private static final int[] DEGREE = {63, 58, 55, 47};

    private static final int[] MIDDLE = {31, 19, 24, 21};
    private static final int[] STEP = {18, 28, 7, 8};

    private static final int WARM_UP = 10;
    private static final double SEED_FACTOR = Math.PI;
    private static final double SEED_SUMMAND = Math.E;

    private final long[] words = new long[4];

    Tausworthe() {
        seed(0);
    }

    /** Starts anew. Each word gets at least one bit above those that its generator ignores. */
    void seed(double seed) {
        double value = seed;
        for (int i = 0; i < words.length; i++) {
            value = value * SEED_FACTOR + SEED_SUMMAND;
            long bits = Double.doubleToRawLongBits(value);
            long least = 1L << Long.SIZE - DEGREE[i];
            words[i] = Long.compareUnsigned(bits, least) < 0 ? bits + least : bits;
        }
        for (int i = 0; i < WARM_UP; i++) {
            nextBits();
        }
    }

    /** A number from 0, included, to 1, not included: a multiple of 2<sup>-52</sup>. */
    double next() {
        return Double.longBitsToDouble(nextBits() & 0x000f_ffff_ffff_ffffL | 0x3ff0_0000_0000_0000L) - 1;
    }

    private long nextBits() {
        long sum = 0;
        for (int i = 0; i < words.length; i++) {
            long word = words[i];
            long low = (word << MIDDLE[i] ^ word) >>> DEGREE[i] - STEP[i];
            long kept = word & -1L << Long.SIZE - DEGREE[i];
            words[i] = low ^ kept << STEP[i];
            sum ^= words[i];
        }
        return sum;
    }
}
