package dev.weir.lua.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Octets that grow at their end. Owned by one thread.
 *
 * <p>A builder may have a bound: what would make it longer raises {@link TooLong}, so that a script cannot fill the memory through one
 * string.
 */
public final class OctetBuilder {
    /** Longer arrays are refused by some JVMs. */
    public static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

    /** The bound of a builder was reached. Carries no stack: the catcher turns it into an error of the language. */
    public static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLong() {
            super("octets beyond the bound of a string", null, false, false);
        }
    }

    private final int bound;
    private byte[] octets;
    private int length;

    public OctetBuilder(int capacity) {
        this(capacity, MAX_LENGTH);
    }

    /** Octets up to {@code bound} of them. */
    public OctetBuilder(int capacity, int bound) {
        this.octets = new byte[Math.min(capacity, bound)];
        this.bound = bound;
    }

    public int length() {
        return length;
    }

    /** Cuts down to a length that was reached before. */
    public void truncate(int newLength) {
        length = Math.min(length, newLength);
    }

    public byte at(int index) {
        return octets[index];
    }

    public OctetBuilder append(int octet) {
        int at = room(1);
        octets[at] = (byte) octet;
        return this;
    }

    public OctetBuilder append(byte[] source) {
        return append(source, 0, source.length);
    }

    public OctetBuilder append(byte[] source, int from, int count) {
        int at = room(count);
        System.arraycopy(source, from, octets, at, count);
        return this;
    }

    /** The characters of {@code ascii}, all of them below 128, one octet each. */
    public OctetBuilder append(String ascii) {
        int count = ascii.length();
        int at = room(count);
        for (int i = 0; i < count; i++) {
            octets[at + i] = (byte) ascii.charAt(i);
        }
        return this;
    }

    /** One octet, {@code count} times; nothing if that is not positive. */
    public OctetBuilder fill(int octet, int count) {
        if (count > 0) {
            int at = room(count);
            Arrays.fill(octets, at, at + count, (byte) octet);
        }
        return this;
    }

    /** Goes on with the last {@code period} octets again and again, up to a length. */
    public OctetBuilder repeat(int period, int newLength) {
        int start = length;
        if (newLength > start) {
            room(newLength - start);
            for (int done = period; start < newLength; done = 2 * done) {
                int count = Math.min(done, newLength - start);
                System.arraycopy(octets, start - done, octets, start, count);
                start += count;
            }
        }
        return this;
    }

    /** Puts one octet, {@code count} times, before those from {@code at} on; nothing if that is not positive. */
    public OctetBuilder insert(int at, int octet, int count) {
        if (count > 0) {
            int end = room(count);
            System.arraycopy(octets, at, octets, at + count, end - at);
            Arrays.fill(octets, at, at + count, (byte) octet);
        }
        return this;
    }

    /** A number that is not negative in decimal, with zeros before it up to a count of digits. */
    OctetBuilder appendDigits(long value, int digits) {
        int start = room(digits);
        long rest = value;
        for (int i = start + digits - 1; i >= start; i--) {
            octets[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    /** A number in decimal. */
    public OctetBuilder appendDecimal(long value) {
        if (value == Long.MIN_VALUE) {
            return append("-9223372036854775808");
        }
        long rest = Math.abs(value);
        int digits = IntegerText.decimalDigits(rest);
        int at = room(value < 0 ? digits + 1 : digits);
        if (value < 0) {
            octets[at] = '-';
        }
        for (int i = length - 1; i >= length - digits; i--) {
            octets[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return this;
    }

    /** A copy of all octets. */
    public byte[] toOctets() {
        return Arrays.copyOf(octets, length);
    }

    /** The octets as characters up to 255, for messages and tests. */
    @Override
    public String toString() {
        return new String(octets, 0, length, StandardCharsets.ISO_8859_1);
    }

    private byte[] grown(int capacity) {
        try {
            return Arrays.copyOf(octets, capacity);
        } catch (OutOfMemoryError none) {
            throw new TooLong();
        }
    }

    /** Makes room for more octets at the end, and says where they start. */
    private int room(int count) {
        int start = length;
        long needed = (long) start + count;
        if (needed > octets.length) {
            if (needed > bound) {
                throw new TooLong();
            }
            long doubled = Math.max(needed, 2L * octets.length + 16);
            octets = grown((int) Math.min(doubled, bound));
        }
        length = (int) needed;
        return start;
    }
}
