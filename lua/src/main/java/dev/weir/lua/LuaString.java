package dev.weir.lua;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A string of Lua: immutable octets without an encoding, compared unsigned.
 *
 * <p>The hash is computed once, when it is first asked for. Safe to share between threads and worlds.
 */
public final class LuaString implements Comparable<LuaString> {
    /** The string without octets. */
    public static final LuaString EMPTY = new LuaString(new byte[0]);

    private static final LuaString[] SINGLE = singles();

    private final byte[] octets;
    private int hash;

    private LuaString(byte[] octets) {
        this.octets = octets;
    }

    /** The string of a text's octets in UTF-8. */
    public static LuaString of(String text) {
        return owning(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The string of a copy of the octets. */
    public static LuaString of(byte[] octets) {
        return owning(octets.clone());
    }

    /** The string of a copy of a part of the octets. */
    public static LuaString of(byte[] octets, int offset, int length) {
        if (length == 0) {
            return EMPTY;
        }
        return length == 1
                ? SINGLE[octets[offset] & 0xff]
                : new LuaString(Arrays.copyOfRange(octets, offset, offset + length));
    }

    /** The string of one octet, which allocates nothing. */
    public static LuaString ofOctet(int octet) {
        return SINGLE[octet & 0xff];
    }

    /** The string of these very octets, which nobody may change any more. */
    public static LuaString owning(byte[] octets) {
        return octets.length == 0 ? EMPTY : new LuaString(octets);
    }

    private static LuaString[] singles() {
        LuaString[] singles = new LuaString[256];
        for (int i = 0; i < 256; i++) {
            singles[i] = new LuaString(new byte[] {(byte) i});
        }
        return singles;
    }

    /** How many octets there are. */
    public int length() {
        return octets.length;
    }

    /** The octet at a place counted from 0, as 0 to 255. */
    public int octet(int index) {
        return octets[index] & 0xff;
    }

    /** A copy of the octets. */
    public byte[] toByteArray() {
        return octets.clone();
    }

    /** The octets themselves, to read and never to write. */
    public byte[] octets() {
        return octets;
    }

    /** Copies the octets to a place. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(octets, 0, target, offset, octets.length);
    }

    /** The octets from one place (counted from 0, included) to another (not included). */
    public LuaString substring(int from, int to) {
        return from == 0 && to == octets.length ? this : of(octets, from, to - from);
    }

    /** This string with another one behind it. */
    public LuaString concat(LuaString other) {
        byte[] joined = Arrays.copyOf(octets, octets.length + other.octets.length);
        System.arraycopy(other.octets, 0, joined, octets.length, other.octets.length);
        return owning(joined);
    }

    /** Whether the octets are those of a text in UTF-8. */
    public boolean is(String text) {
        return Arrays.equals(octets, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int compareTo(LuaString other) {
        return Arrays.compareUnsigned(octets, other.octets);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || other instanceof LuaString string && sameOctets(string);
    }

    private boolean sameOctets(LuaString other) {
        return hashCode() == other.hashCode() && Arrays.equals(octets, other.octets);
    }

    @Override
    public int hashCode() {
        int known = hash;
        if (known == 0) {
            known = spread(Arrays.hashCode(octets));
            hash = known;
        }
        return known;
    }

    /** Never 0, and with high bits mixed into the low ones, which tables of a power of two look at. */
    private static int spread(int raw) {
        int mixed = raw * 0x9E3779B9;
        mixed ^= mixed >>> 15;
        return mixed == 0 ? 1 : mixed;
    }

    /** The octets read as UTF-8; what is not UTF-8 becomes U+FFFD. */
    @Override
    public String toString() {
        return new String(octets, StandardCharsets.UTF_8);
    }

    /** The octets read as ISO 8859-1: one character an octet, without loss. */
    public String toLatin1() {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }
}
