package dev.weir.wire;

/**
 * Bob Jenkins' hash of 1996, which he called lookup2, over octets in lower case. Policies spread names over servers by it, because dnsdist
 * does: two load balancers of either kind then send a name to the same server. It is no defence against chosen keys.
 *
 * <p>Three words take in twelve octets, little endian, and are mixed; what is left at the end goes in the same way, with the length in the
 * lowest octet of the third word. The result is the third word.
 *
 * @see <a href="https://burtleburtle.net/bob/hash/evahash.html">Hash Functions for Hash Table Lookup</a>
 */
public final class JenkinsHash {
    private static final int GOLDEN_RATIO = 0x9e3779b9;
    private static final int BLOCK = 12;

    private JenkinsHash() {}

    /** The hash of {@code octets[offset..offset+length)}, upper-case ASCII letters taken as lower-case ones. */
    public static int of(byte[] octets, int offset, int length, int seed) {
        return of(octets, offset, length, seed, true);
    }

    /** The hash of octets as they are. */
    public static int ofExact(byte[] octets, int seed) {
        return of(octets, 0, octets.length, seed, false);
    }

    private static int of(byte[] octets, int offset, int length, int seed, boolean fold) {
        int a = GOLDEN_RATIO;
        int b = GOLDEN_RATIO;
        int c = seed;
        int at = offset;
        int left = length;
        boolean last;
        do {
            last = left < BLOCK;
            a += word(octets, at, left, fold);
            b += word(octets, at + 4, left - 4, fold);
            c += last ? (word(octets, at + 8, left - 8, fold) << 8) + length : word(octets, at + 8, left - 8, fold);
            a = (a - b - c) ^ c >>> 13;
            b = (b - c - a) ^ a << 8;
            c = (c - a - b) ^ b >>> 13;
            a = (a - b - c) ^ c >>> 12;
            b = (b - c - a) ^ a << 16;
            c = (c - a - b) ^ b >>> 5;
            a = (a - b - c) ^ c >>> 3;
            b = (b - c - a) ^ a << 10;
            c = (c - a - b) ^ b >>> 15;
            at += BLOCK;
            left -= BLOCK;
        } while (!last);
        return c;
    }

    /** Up to four octets as a little-endian word, zeros where there are fewer. */
    private static int word(byte[] octets, int at, int left, boolean fold) {
        int word = 0;
        for (int i = Math.min(4, left) - 1; i >= 0; i--) {
            byte octet = octets[at + i];
            word = word << 8 | (fold ? Octets.lower(octet) : octet) & 0xff;
        }
        return word;
    }
}
