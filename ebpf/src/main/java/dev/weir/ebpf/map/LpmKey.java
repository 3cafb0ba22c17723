package dev.weir.ebpf.map;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A prefix in a longest-prefix-match trie.
 *
 * @param prefixBits how many leading bits of the data count
 * @param data in network order
 */
public record LpmKey(int prefixBits, byte[] data) {
    @Override
    public boolean equals(Object other) {
        return other instanceof LpmKey that && prefixBits == that.prefixBits && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(data) + prefixBits;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(data) + "/" + prefixBits;
    }
}
