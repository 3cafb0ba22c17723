package dev.weir.net.udp;

import dev.weir.wire.KernelRandom;

/** Numbers that nobody outside can guess, taken from the system's generator in blocks. Belongs to one agent's thread. */
final class UnpredictableIds {
    private final KernelRandom source = new KernelRandom();
    private final byte[] block = new byte[4096];
    private int next = block.length;

    /** A number from 0 to {@code bound - 1}; {@code bound} is at most 65536. */
    int below(int bound) {
        if (next == block.length) {
            source.nextBytes(block);
            next = 0;
        }
        int number = (block[next] & 0xff) << 8 | block[next + 1] & 0xff;
        next += 2;
        return number * bound >>> 16;
    }
}
