package dev.weir.engine.acl;

import dev.weir.wire.KernelRandom;
import java.util.random.RandomGenerator;

/**
 * A hash of addresses with a secret, for tables whose keys strangers choose: who does not know the secret can't tell which addresses collide.
 *
 * <p>Each step takes the product of two words, both mixed with a part of the secret, and folds its high half onto its low one. No bit of an
 * input reaches the result without the secret: a sum or product of 64 bits would carry the highest bit through unchanged, whatever the
 * secret, so that flipping it in both halves of an IPv6 address cancels out. Any thread.
 */
public final class AddressHash {
    private final long a;
    private final long b;
    private final long c;
    private final long d;

    /** @param source gives the secret */
    public AddressHash(RandomGenerator source) {
        a = source.nextLong();
        b = source.nextLong();
        c = source.nextLong();
        d = source.nextLong();
    }

    /** A hash that nobody can foresee. */
    public static AddressHash secret() {
        return new AddressHash(new KernelRandom());
    }

    /**
     * 64 bits, all of them usable.
     *
     * @param hi as in {@link IpAddress}
     * @param lo as in {@link IpAddress}
     * @param rest what else belongs to the key, such as a port
     */
    public long of(long hi, long lo, long rest) {
        return fold(fold(lo ^ a, hi ^ b) ^ c, rest ^ d);
    }

    private static long fold(long x, long y) {
        return Math.multiplyHigh(x, y) ^ x * y;
    }
}
