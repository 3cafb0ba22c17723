package dev.weir.wire;

/** Names where they stand, in packets: skipping, checking, comparing, hashing and decompressing without making an object. */
public final class Names {
    /**
     * What tables of names hash with. One secret for the whole process, as names in configurations and names in packets meet in the same
     * tables; another one each time, so that no table's order or hash may be kept anywhere.
     */
    public static final KeyedHash HASH = KeyedHash.random();

    private static final int FNV_BASIS = 0x811c9dc5;

    private static final int POINTER = 0xc0;

    private Names() {}

    /**
     * The offset behind an uncompressed name, as the question of a query must be; a {@link WireFault} code if it is broken, over-long or
     * compressed.
     */
    public static int endOfPlain(byte[] message, int length, int offset) {
        int at = offset;
        while (at < length) {
            int label = message[at] & 0xff;
            if (label == 0) {
                return at + 1 - offset > Name.MAX_LENGTH ? WireFault.NAME_TOO_LONG.code() : at + 1;
            }
            if (label > Name.MAX_LABEL) {
                return (label & POINTER) == POINTER ? WireFault.BAD_POINTER.code() : WireFault.BAD_LABEL.code();
            }
            at += label + 1;
            if (at - offset >= Name.MAX_LENGTH) {
                return WireFault.NAME_TOO_LONG.code();
            }
        }
        return WireFault.TRUNCATED.code();
    }

    /** The offset behind a name that may end in a compression pointer, which is not followed; or a {@link WireFault} code. */
    public static int skip(byte[] message, int length, int offset) {
        int at = offset;
        while (at < length) {
            int label = message[at] & 0xff;
            if (label == 0) {
                return at + 1;
            }
            if ((label & POINTER) == POINTER) {
                return at + 2 <= length ? at + 2 : WireFault.TRUNCATED.code();
            }
            if (label > Name.MAX_LABEL) {
                return WireFault.BAD_LABEL.code();
            }
            at += label + 1;
            if (at - offset >= Name.MAX_LENGTH) {
                return WireFault.NAME_TOO_LONG.code();
            }
        }
        return WireFault.TRUNCATED.code();
    }

    /**
     * Writes the uncompressed form of the name at {@code offset} and returns its length, or a {@link WireFault} code. Each pointer must
     * point before the place it was read from, so a loop is impossible. The target has room for 255 octets from {@code targetOffset}.
     */
    public static int decompress(byte[] message, int length, int offset, byte[] target, int targetOffset) {
        int at = offset;
        int floor = offset;
        int written = 0;
        while (at < length) {
            int label = message[at] & 0xff;
            if ((label & POINTER) == POINTER) {
                if (at + 2 > length) {
                    return WireFault.TRUNCATED.code();
                }
                int destination = Octets.u16(message, at) & 0x3fff;
                if (destination >= floor) {
                    return WireFault.BAD_POINTER.code();
                }
                floor = destination;
                at = destination;
                continue;
            }
            if (label > Name.MAX_LABEL) {
                return WireFault.BAD_LABEL.code();
            }
            if (at + label + 1 > length) {
                return WireFault.TRUNCATED.code();
            }
            if (written + label + 1 > Name.MAX_LENGTH) {
                return WireFault.NAME_TOO_LONG.code();
            }
            System.arraycopy(message, at, target, targetOffset + written, label + 1);
            written += label + 1;
            if (label == 0) {
                return written;
            }
            at += label + 1;
        }
        return WireFault.TRUNCATED.code();
    }

    /** Whether two uncompressed names of the same length are equal, ASCII case aside. */
    public static boolean equal(byte[] a, int aOffset, byte[] b, int bOffset, int length) {
        for (int i = 0; i < length; i++) {
            byte x = a[aOffset + i];
            byte y = b[bOffset + i];
            if (x != y && Octets.lower(x) != Octets.lower(y)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the uncompressed name {@code name[offset..offset+length)} is {@code suffix} or lies below it. */
    public static boolean isPartOf(byte[] name, int offset, int length, byte[] suffix) {
        int surplus = length - suffix.length;
        if (surplus < 0 || !equal(name, offset + surplus, suffix, 0, suffix.length)) {
            return false;
        }
        int at = 0;
        while (at < surplus) {
            at += name[offset + at] + 1;
        }
        return at == surplus;
    }

    /** Number of labels of an uncompressed name, the root not counted. */
    public static int countLabels(byte[] name, int offset) {
        int labels = 0;
        for (int at = offset; name[at] != 0; at += name[at] + 1) {
            labels++;
        }
        return labels;
    }

    /**
     * A 32-bit hash of an uncompressed name, ASCII case aside, that is the same in every process: FNV-1a over the octets from the last to
     * the first, closed with {@link #mix}. Not for tables, as anybody can compute names that collide; those use {@link #HASH}.
     */
    public static int hash(byte[] name, int offset, int length, int seed) {
        int state = FNV_BASIS ^ seed;
        for (int i = offset + length - 1; i >= offset; i--) {
            state = (state ^ Octets.lower(name[i]) & 0xff) * 0x01000193;
        }
        return mix(state);
    }

    /** MurmurHash3's 32-bit finaliser: every input bit reaches every output bit. */
    public static int mix(int hash) {
        int h = hash;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    /** Presentation form, with the final dot (RFC 1035 5.1); octets outside printable ASCII become {@code \DDD}. */
    public static String toString(byte[] name, int offset, int length) {
        StringBuilder text = new StringBuilder(length + 8);
        append(text, name, offset);
        return text.toString();
    }

    /** Writes the presentation form behind what stands in {@code text}. */
    public static void append(StringBuilder text, byte[] name, int offset) {
        if (name[offset] == 0) {
            text.append('.');
        }
        int at = offset;
        while (name[at] != 0) {
            int end = at + 1 + name[at];
            for (int i = at + 1; i < end; i++) {
                appendEscaped(text, name[i] & 0xff);
            }
            text.append('.');
            at = end;
        }
    }

    private static void appendEscaped(StringBuilder text, int octet) {
        if (octet == '.' || octet == '\\') {
            text.append('\\').append((char) octet);
        } else if (octet > 0x20 && octet < 0x7f) {
            text.append((char) octet);
        } else {
            text.append('\\').append((char) ('0' + octet / 100));
            text.append((char) ('0' + octet / 10 % 10)).append((char) ('0' + octet % 10));
        }
    }
}
