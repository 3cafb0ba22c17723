package dev.weir.wire;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A domain name, absolute and immutable: what configurations and rules hold. Compares and hashes without regard to ASCII case and keeps
 * the case it was given (RFC 4343). Names inside packets are handled in place by {@link Names}.
 */
public final class Name implements Comparable<Name> {
    public static final int MAX_LENGTH = 255;
    public static final int MAX_LABEL = 63;
    public static final Name ROOT = new Name(new byte[] {0});

    private final byte[] wire;
    private final int hash;

    /** Made when first asked for; threads that race make the same. */
    private @Nullable String text;

    private Name(byte[] wire) {
        this(wire, Names.HASH.name(wire, 0));
    }

    private Name(byte[] wire, int hash) {
        this.wire = wire;
        this.hash = hash;
    }

    /**
     * Reads presentation form (RFC 1035 5.1, 4343 2.1): labels separated by dots, {@code \.} and {@code \DDD} escapes, final dot optional.
     *
     * @throws IllegalArgumentException for an empty or over-long label, an over-long name or a broken escape
     */
    public static Name parse(String text) {
        if (text.isEmpty() || text.equals(".")) {
            return ROOT;
        }
        ByteArrayOutputStream wire = new ByteArrayOutputStream(text.length() + 2);
        ByteArrayOutputStream label = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '.') {
                endLabel(text, label, wire);
            } else if (c == '\\') {
                at = unescape(text, at, label);
            } else if (c <= 0xff) {
                label.write(c);
            } else {
                throw new IllegalArgumentException(
                        "'" + text + "' has a character outside ASCII: write it in its xn-- form");
            }
        }
        if (label.size() > 0) {
            endLabel(text, label, wire);
        }
        wire.write(0);
        if (wire.size() > MAX_LENGTH) {
            throw new IllegalArgumentException("'" + text + "' is longer than 255 octets");
        }
        return new Name(wire.toByteArray());
    }

    private static int unescape(String text, int at, ByteArrayOutputStream label) {
        if (at >= text.length()) {
            throw new IllegalArgumentException("'" + text + "' ends in a backslash");
        }
        char c = text.charAt(at);
        if (c < '0' || c > '9') {
            label.write(c);
            return at + 1;
        }
        int value = -1;
        if (at + 3 <= text.length() && text.substring(at, at + 3).chars().allMatch(d -> d >= '0' && d <= '9')) {
            value = Integer.parseInt(text.substring(at, at + 3));
        }
        if (value < 0 || value > 255) {
            throw new IllegalArgumentException("'" + text + "' has an escape that is not \\000 to \\255");
        }
        label.write(value);
        return at + 3;
    }

    private static void endLabel(String text, ByteArrayOutputStream label, ByteArrayOutputStream wire) {
        if (label.size() == 0) {
            throw new IllegalArgumentException("'" + text + "' has an empty label");
        }
        if (label.size() > MAX_LABEL) {
            throw new IllegalArgumentException("'" + text + "' has a label longer than 63 octets");
        }
        wire.write(label.size());
        wire.writeBytes(label.toByteArray());
        label.reset();
    }

    /**
     * The uncompressed name that stands at {@code offset} of a message, following compression pointers.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Name at(byte[] message, int length, int offset) {
        byte[] wire = new byte[MAX_LENGTH];
        int size = Names.decompress(message, length, offset, wire, 0);
        if (size < 0) {
            throw new IllegalArgumentException("no valid name at offset " + offset + ": " + WireFault.of(size));
        }
        return new Name(Arrays.copyOf(wire, size));
    }

    /** The name whose uncompressed wire form is {@code wire[offset..offset+length)}, already known to be valid. */
    public static Name ofWire(byte[] wire, int offset, int length) {
        return new Name(Arrays.copyOfRange(wire, offset, offset + length));
    }

    /** The same, for a caller who has its {@link #hashCode}. */
    public static Name ofWire(byte[] wire, int offset, int length, int hash) {
        return new Name(Arrays.copyOfRange(wire, offset, offset + length), hash);
    }

    /** Octets in wire form, the root's zero included. */
    public int wireLength() {
        return wire.length;
    }

    /** Copies the wire form; returns the offset behind it. */
    public int compose(byte[] target, int offset) {
        System.arraycopy(wire, 0, target, offset, wire.length);
        return offset + wire.length;
    }

    /** A copy of the wire form. */
    public byte[] toWire() {
        return wire.clone();
    }

    /** A copy of the wire form in lower case: a key for tables. */
    public byte[] toLowerWire() {
        byte[] lower = wire.clone();
        for (int i = 0; i < lower.length; i++) {
            lower[i] = (byte) Octets.lower(lower[i]);
        }
        return lower;
    }

    /** Whether a wire name in a packet is this name. */
    public boolean matches(byte[] other, int offset, int length) {
        return length == wire.length && Names.equal(wire, 0, other, offset, length);
    }

    /** Whether this name is {@code suffix} or lies below it. */
    public boolean isPartOf(Name suffix) {
        return Names.isPartOf(wire, 0, wire.length, suffix.wire);
    }

    /** Whether a wire name in a packet is this name or lies below it. */
    public boolean isSuffixOf(byte[] other, int offset, int length) {
        return Names.isPartOf(other, offset, length, wire);
    }

    public boolean isRoot() {
        return wire.length == 1;
    }

    /** Number of labels, the root not counted. */
    public int countLabels() {
        return Names.countLabels(wire, 0);
    }

    /** The name without its first label; the root has no parent and returns itself. */
    public Name parent() {
        return isRoot() ? this : ofWire(wire, wire[0] + 1, wire.length - wire[0] - 1);
    }

    /**
     * This name's labels in front of {@code tail}'s.
     *
     * @throws IllegalArgumentException if the result is longer than 255 octets
     */
    public Name concat(Name tail) {
        byte[] joined = Arrays.copyOf(wire, wire.length - 1 + tail.wire.length);
        System.arraycopy(tail.wire, 0, joined, wire.length - 1, tail.wire.length);
        if (joined.length > MAX_LENGTH) {
            throw new IllegalArgumentException("'" + this + "' and '" + tail + "' together are longer than 255 octets");
        }
        return new Name(joined);
    }

    /** The labels in front of {@code suffix}, as a name; the root if this is not part of it. */
    public Name relativeTo(Name suffix) {
        if (!isPartOf(suffix)) {
            return ROOT;
        }
        byte[] relative = Arrays.copyOf(wire, wire.length - suffix.wire.length + 1);
        relative[relative.length - 1] = 0;
        return new Name(relative);
    }

    /** {@link Names#hash}. */
    public int hash(int seed) {
        return Names.hash(wire, 0, wire.length, seed);
    }

    /** Presentation form with the final dot. */
    @Override
    public String toString() {
        String made = text;
        if (made == null) {
            made = Names.toString(wire, 0, wire.length);
            text = made;
        }
        return made;
    }

    /** Presentation form without the final dot; the root is "." all the same. */
    public String toStringNoDot() {
        String text = toString();
        return isRoot() ? text : text.substring(0, text.length() - 1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Name name && name.hash == hash && matches(name.wire, 0, name.wire.length);
    }

    /** {@link Names#HASH} of the name. */
    @Override
    public int hashCode() {
        return hash;
    }

    /** Canonical DNSSEC order (RFC 4034 6.1): by labels from the right, octets in lower case. */
    @Override
    public int compareTo(Name other) {
        int[] mine = labelOffsets();
        int[] theirs = other.labelOffsets();
        for (int i = 1; i <= Math.min(mine.length, theirs.length); i++) {
            int order = compareLabel(mine[mine.length - i], other.wire, theirs[theirs.length - i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(mine.length, theirs.length);
    }

    private int[] labelOffsets() {
        int[] offsets = new int[countLabels()];
        for (int at = 0, i = 0; wire[at] != 0; at += wire[at] + 1) {
            offsets[i++] = at;
        }
        return offsets;
    }

    private int compareLabel(int at, byte[] other, int otherAt) {
        int length = Math.min(wire[at], other[otherAt]);
        for (int i = 1; i <= length; i++) {
            int order =
                    Integer.compare(Octets.lower(Octets.u8(wire, at + i)), Octets.lower(Octets.u8(other, otherAt + i)));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(wire[at], other[otherAt]);
    }
}
