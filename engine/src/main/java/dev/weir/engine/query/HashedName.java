package dev.weir.engine.query;

import dev.weir.engine.expression.ExpressionText;
import dev.weir.wire.JenkinsHash;
import dev.weir.wire.KeyedHash;
import dev.weir.wire.Name;
import dev.weir.wire.Names;
import dev.weir.wire.Octets;
import org.jspecify.annotations.Nullable;

/**
 * A query name prepared for look-ups: where each label starts, and the hash of each suffix, from one pass from the right to the left
 * ({@link Names#HASH}). Computed once per query, however many rules ask. Belongs to its query's thread.
 */
public final class HashedName {
    private static final byte[] NONE = {0};
    private static final int MAX_LABELS = 128;

    private byte[] bytes = NONE;
    private int offset;
    private int length = 1;
    private int labels;
    private @Nullable Query owner;
    private final short[] starts = new short[MAX_LABELS];
    private final int[] hashes = new int[MAX_LABELS];
    private final StringBuilder presentation = new StringBuilder();
    private @Nullable ExpressionText expressionText;
    private boolean expressionTextIsReady;
    private @Nullable Name name;

    /** The key of a name that does not come from a packet. */
    public static HashedName of(Name name) {
        HashedName key = new HashedName();
        byte[] wire = name.toWire();
        key.set(wire, 0, wire.length);
        return key;
    }

    /** Prepares the uncompressed, valid name at {@code offset}; the octets must not change while the key is used. */
    public void set(byte[] newBytes, int newOffset, int newLength) {
        bytes = newBytes;
        offset = newOffset;
        length = newLength;
        expressionTextIsReady = false;
        name = null;
        int count = 0;
        for (int at = 0; newBytes[newOffset + at] != 0; at += newBytes[newOffset + at] + 1) {
            starts[count++] = (short) at;
        }
        starts[count] = (short) (newLength - 1);
        labels = count;
        long state = KeyedHash.START;
        hashes[count] = Names.HASH.place(state);
        for (int label = count - 1; label >= 0; label--) {
            state = Names.HASH.label(state, newBytes, newOffset + starts[label], newOffset + starts[label + 1]);
            hashes[label] = Names.HASH.place(state);
        }
    }

    /** Marks whose name this is; {@code null} after the name has changed. */
    void claim(@Nullable Query newOwner) {
        owner = newOwner;
    }

    /** Whether this was computed for that query's name where it still stands. */
    boolean isOf(byte[] nameBytes, int nameOffset, Query query) {
        return owner == query && bytes == nameBytes && offset == nameOffset;
    }

    /** Number of labels, the root not counted. */
    public int labels() {
        return labels;
    }

    /** Hash of the whole name; equals {@link Name#hashCode}. */
    public int hash() {
        return hashes[0];
    }

    /** Hash of what remains after the first {@code label} labels; for {@link #labels()} that is the root. */
    public int suffixHash(int label) {
        return hashes[label];
    }

    /** Whether what remains after the first {@code label} labels is {@code name}. */
    public boolean suffixEquals(int label, Name name) {
        int start = starts[label];
        return name.matches(bytes, offset + start, length - start);
    }

    /** The name itself; made once, however many ask. */
    public Name toName() {
        Name made = name;
        if (made == null) {
            made = Name.ofWire(bytes, offset, length, hashes[0]);
            name = made;
        }
        return made;
    }

    /** Presentation form without the final dot, so that the root's is empty; good until the key gets another name. */
    public ExpressionText expressionText() {
        ExpressionText text = expressionText;
        if (text == null) {
            text = new ExpressionText(Name.MAX_LENGTH * 4);
            expressionText = text;
        }
        if (!expressionTextIsReady) {
            presentation.setLength(0);
            Names.append(presentation, bytes, offset);
            presentation.setLength(presentation.length() - 1);
            text.clear();
            text.append(presentation);
            text.finish();
            expressionTextIsReady = true;
        }
        return text;
    }

    /** Whether the whole name equals an uncompressed name elsewhere. */
    public boolean equalsWire(byte[] other, int otherOffset, int otherLength) {
        return otherLength == length && Names.equal(bytes, offset, other, otherOffset, length);
    }

    /** What policies distribute names by ({@link JenkinsHash}). */
    public int spreadingHash(int seed) {
        return JenkinsHash.of(bytes, offset, length, seed);
    }

    /** Octets of the name, the root's zero included. */
    public int length() {
        return length;
    }

    /** Octet of the name in lower case. */
    public int lowerAt(int index) {
        return Octets.lower(bytes[offset + index]);
    }
}
