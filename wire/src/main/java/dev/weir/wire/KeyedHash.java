package dev.weir.wire;

import java.util.SplittableRandom;

/**
 * A hash whose collisions cannot be computed by whoever does not know its secret, for tables whose keys come from packets.
 *
 * <p>What is hashed is a sequence of words of 56 bits. The sequence's words, with a 1 in front, are the coefficients of a polynomial, and
 * its hash is the polynomial's value at a secret point modulo the prime 2^61 - 1 [1, 2]. Two sequences that differ are two polynomials that
 * differ, and these agree in at most as many points as the longer one has words. So for any two sequences of up to <i>n</i> words, however
 * chosen, at most <i>n</i> of the 2^59 secrets make them collide: a name has up to 37 words, a datagram 215. This holds without any
 * assumption about the adversary; with hashes that only mix well, such as FNV or a chain of xor and multiplication, differences are known
 * that cancel for all secrets or for many of them.
 *
 * <p>Tables take {@link #place}: the lowest 32 bits of the value and a secret addend, stirred, so that names in a row are spread as if at
 * random. Two sequences agree in the lowest <i>k</i> bits of it for at most 8<i>n</i> in 2^<i>k</i> secrets.
 *
 * <p>States are kept below 2^63 and not fully reduced, which costs nothing and keeps equal sequences equal. Octets make up words seven at a
 * time, and the caller sees to it that sequences can be told apart: lengths come before what they are lengths of.
 *
 * <ol>
 *   <li>J. L. Carter, M. N. Wegman: Universal classes of hash functions. J. Computer and System Sciences 18 (1979)
 *   <li>J. Bierbrauer, T. Johansson, G. Kabatianskii, B. Smeets: On families of hash functions via geometric codes and concatenation.
 *       CRYPTO 1993
 * </ol>
 *
 * <p>Immutable, any thread.
 */
public final class KeyedHash {
    /** The state of an empty sequence. */
    public static final long START = 1;

    /** Octets of a word. */
    private static final int WORD = 7;

    private static final long PRIME = (1L << 61) - 1;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final long point;
    private final int addend;

    /** @param secret 64 random bits */
    public KeyedHash(long secret) {
        SplittableRandom secrets = new SplittableRandom(secret);
        point = secrets.nextLong() >>> 5;
        addend = secrets.nextInt();
    }

    /** A hash with a secret of its own. */
    public static KeyedHash random() {
        return new KeyedHash(new KernelRandom().nextLong());
    }

    /** The state after one more word of up to 56 bits. */
    public long step(long state, long word) {
        long sum = state + word; // below 2^63; the product is below 2^122
        long low = sum * point;
        long high = Math.multiplyHigh(sum, point);
        return (low & PRIME) + (low >>> 61 | high << 3);
    }

    /** The state after {@code octets[from..to)}, whose number is part of an earlier word. */
    public long octets(long state, byte[] octets, int from, int to) {
        long hash = state;
        int at = from;
        for (; at + WORD < to; at += WORD) {
            hash = step(hash, Octets.u64(octets, at) >>> 8);
        }
        return at < to ? step(hash, last(octets, at, to)) : hash;
    }

    /** The same, capital letters counting as small ones. */
    public long lowerOctets(long state, byte[] octets, int from, int to) {
        long hash = state;
        int at = from;
        for (; at + WORD < to; at += WORD) {
            hash = step(hash, lower(Octets.u64(octets, at)) >>> 8);
        }
        return at < to ? step(hash, lower(last(octets, at, to))) : hash;
    }

    /** The last one to seven octets of a sequence as a number. */
    private static long last(byte[] octets, int from, int to) {
        if (to >= 8) {
            return Octets.u64(octets, to - 8) & (1L << 8 * (to - from)) - 1;
        }
        long word = 0;
        for (int at = from; at < to; at++) {
            word = word << 8 | octets[at] & 0xff;
        }
        return word;
    }

    /** 61 bits for a state; equal ones for equal sequences. */
    public static long finish(long state) {
        long reduced = (state & PRIME) + (state >>> 61);
        return reduced >= PRIME ? reduced - PRIME : reduced;
    }

    /** 32 bits for a state, for tables. */
    public int place(long state) {
        return Names.mix((int) finish(state) + addend);
    }

    /** The {@link #place} of an uncompressed name, ASCII case aside: what {@link #label} makes of its labels, from the last to the first. */
    public int name(byte[] name, int offset) {
        return place(labels(name, offset));
    }

    /** At most 127 calls deep, as names are (RFC 1035 2.3.4). */
    private long labels(byte[] name, int at) {
        int next = at + 1 + name[at];
        return name[at] == 0 ? START : label(labels(name, next), name, at, next);
    }

    /** The state of a name from the state of what stands behind its first label, {@code name[from..to)} with the length octet. */
    public long label(long state, byte[] name, int from, int to) {
        return lowerOctets(state, name, from, to);
    }

    /**
     * ASCII lower case of eight octets at once: an octet's high bit is made to say "at least 'A' and at most 'Z'", then becomes bit 5
     * (H. S. Warren, Hacker's Delight, 2-19 and 6-1).
     */
    public static long lower(long word) {
        long low7 = word & ~HIGH_BITS;
        long fromA = low7 + (0x80 - 'A') * ONES;
        long aboveZ = low7 + (0x80 - 'Z' - 1) * ONES;
        return word | (fromA & ~aboveZ & ~word & HIGH_BITS) >>> 2;
    }
}
