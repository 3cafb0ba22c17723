package dev.weir.wire;

import java.util.UUID;

/**
 * UUIDs of version 4 (RFC 9562, section 5.4), as {@link UUID#randomUUID} makes them, from {@link KernelRandom}: nothing of the JDK's security
 * is loaded for them. Any thread.
 */
public final class RandomUuid {
    private static final int OCTETS = 16;
    private static final long VERSION_4 = 4L << 12;
    private static final long VARIANT = 1L << 63;

    private static final KernelRandom RANDOM = new KernelRandom();

    /** A configuration may want thousands of them. */
    private static final byte[] BLOCK = new byte[256 * OCTETS];

    private static int next = BLOCK.length;

    private RandomUuid() {}

    public static synchronized UUID next() {
        if (next == BLOCK.length) {
            RANDOM.nextBytes(BLOCK);
            next = 0;
        }
        long high = Octets.u64(BLOCK, next) & ~0xf000L | VERSION_4;
        long low = Octets.u64(BLOCK, next + Long.BYTES) >>> 2 | VARIANT;
        next += OCTETS;
        return new UUID(high, low);
    }
}
