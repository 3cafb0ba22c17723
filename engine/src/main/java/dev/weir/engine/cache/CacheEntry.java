package dev.weir.engine.cache;

import dev.weir.wire.Header;
import dev.weir.wire.KeyedHash;
import dev.weir.wire.Octets;
import dev.weir.wire.Question;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * An entry's layout in its block, and the operations on it that need no index. Guarded by the shard's lock; a reader without it sees
 * anything, and asks {@link #hasHead} and {@link #hasQuestion} first.
 *
 * <pre>
 *    0  u32  when it was added, see {@link PacketCache#seconds}
 *    4  u32  when its time is over
 *    8  i32  traits, see {@link CacheIdentity#traits}
 *   12  u16  octets of the answer
 *   14  u8   octets of the question's name
 *   15  u8   –
 *   16  i32  the half of the key that the table does not have
 *   20       the answer
 *            i64 subnetHi, i64 subnetLo, if traits have a subnet
 * </pre>
 */
final class CacheEntry {
    /** Octets before the answer. */
    static final int HEADER_LENGTH = 20;

    static final int SUBNET_LENGTH = 16;

    private static final int ADDED = 0;
    private static final int VALID_UNTIL = 4;
    private static final int TRAITS = 8;
    private static final int ANSWER_LENGTH = 12;
    private static final int NAME_LENGTH = 14;
    private static final int KEY = 16;
    private static final int NAME = HEADER_LENGTH + Question.OFFSET;

    /** Type and class. */
    private static final int QUESTION_TAIL = 4;

    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT;
    private static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfInt WIRE_I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong WIRE_I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private CacheEntry() {}

    static long addedSeconds(MemorySegment page, int at) {
        return page.get(I32, (long) at + ADDED) & 0xffff_ffffL;
    }

    /** The first second in which the entry has expired. */
    static long validUntilSeconds(MemorySegment page, int at) {
        return page.get(I32, (long) at + VALID_UNTIL) & 0xffff_ffffL;
    }

    static int traits(MemorySegment page, int at) {
        return page.get(I32, (long) at + TRAITS);
    }

    static int answerLength(MemorySegment page, int at) {
        return page.get(I16, (long) at + ANSWER_LENGTH) & 0xffff;
    }

    static int nameLength(MemorySegment page, int at) {
        return page.get(I8, (long) at + NAME_LENGTH) & 0xff;
    }

    static int type(MemorySegment page, int at) {
        return page.get(WIRE_I32, (long) at + NAME + nameLength(page, at)) >>> 16;
    }

    /** Octets of what the client gets: of an answer without question, which the entry has all the same, the header only. */
    static int messageLength(MemorySegment page, int at, int answerLength) {
        boolean bare = page.get(WIRE_I32, (long) at + HEADER_LENGTH + Header.QDCOUNT) >>> 16 == 0;
        return bare ? Header.LENGTH : answerLength;
    }

    /** The flags word of the answer. */
    static int answerFlags(MemorySegment page, int at) {
        return page.get(WIRE_I32, (long) at + HEADER_LENGTH) & 0xffff;
    }

    /** Whether the page is long enough for an entry's head here. */
    static boolean hasHead(MemorySegment page, int at) {
        return (long) at + HEADER_LENGTH <= page.byteSize();
    }

    /** Whether the page holds an answer of this length here that has room for a question with such a name. */
    static boolean hasQuestion(MemorySegment page, int at, int nameLength, int answerLength) {
        return Question.OFFSET + nameLength + QUESTION_TAIL <= answerLength
                && (long) at + HEADER_LENGTH + answerLength <= page.byteSize();
    }

    /** Octets of the block that an answer needs. */
    static int size(int answerLength, int traits) {
        return HEADER_LENGTH + answerLength + (CacheIdentity.hasSubnet(traits) ? SUBNET_LENGTH : 0);
    }

    /** Writes all of an entry. */
    static void write(
            MemorySegment page,
            int at,
            long key,
            CacheIdentity identity,
            byte[] answer,
            int length,
            int nameLength,
            long addedSeconds,
            long validUntilSeconds) {
        int traits = identity.traits();
        page.set(I32, (long) at + ADDED, (int) addedSeconds);
        page.set(I32, (long) at + VALID_UNTIL, (int) Math.min(validUntilSeconds, 0xffff_ffffL));
        page.set(I32, (long) at + TRAITS, traits);
        page.set(I16, (long) at + ANSWER_LENGTH, (short) length);
        page.set(I8, (long) at + NAME_LENGTH, (byte) nameLength);
        page.set(I32, (long) at + KEY, (int) key);
        MemorySegment.copy(answer, 0, page, I8, (long) at + HEADER_LENGTH, length);
        if (CacheIdentity.hasSubnet(traits)) {
            page.set(WIRE_I64, (long) at + HEADER_LENGTH + length, identity.subnetHi());
            page.set(WIRE_I64, (long) at + HEADER_LENGTH + length + 8, identity.subnetLo());
        }
    }

    /** Copies the answer but for ID and name, which stay what {@code target} has. */
    static void readBesideName(MemorySegment page, int at, int nameLength, int answerLength, byte[] target) {
        int nameEnd = Question.OFFSET + nameLength;
        MemorySegment.copy(
                page, I8, (long) at + HEADER_LENGTH + Header.FLAGS, target, Header.FLAGS, Header.LENGTH - Header.FLAGS);
        MemorySegment.copy(page, I8, (long) at + HEADER_LENGTH + nameEnd, target, nameEnd, answerLength - nameEnd);
    }

    /** Copies the answer; returns its length. */
    static int read(MemorySegment page, int at, byte[] target) {
        int length = answerLength(page, at);
        MemorySegment.copy(page, I8, (long) at + HEADER_LENGTH, target, 0, length);
        return length;
    }

    /** Whether the entry, with an answer of this length, answers the question of {@code message} under this key and identity. */
    static boolean answers(
            MemorySegment page,
            int at,
            long key,
            CacheIdentity identity,
            byte[] message,
            int nameLength,
            int answerLength) {
        int traits = identity.traits();
        return page.get(I32, (long) at + KEY) == (int) key
                && traits(page, at) == traits
                && nameLength(page, at) == nameLength
                && isSameQuestion(page, (long) at + NAME, message, nameLength)
                && (!CacheIdentity.hasSubnet(traits) || isSameSubnet(page, at, identity, answerLength));
    }

    private static boolean isSameSubnet(MemorySegment page, int at, CacheIdentity identity, int answerLength) {
        long subnet = (long) at + HEADER_LENGTH + answerLength;
        return subnet + SUBNET_LENGTH <= page.byteSize()
                && page.get(WIRE_I64, subnet) == identity.subnetHi()
                && page.get(WIRE_I64, subnet + 8) == identity.subnetLo();
    }

    private static boolean isSameQuestion(MemorySegment page, long name, byte[] message, int nameLength) {
        if (page.get(WIRE_I32, name + nameLength) != Octets.i32(message, Question.OFFSET + nameLength)) {
            return false;
        }
        int i = 0;
        for (; i + 8 <= nameLength; i += 8) {
            long mine = page.get(WIRE_I64, name + i);
            long theirs = Octets.u64(message, Question.OFFSET + i);
            if (mine != theirs && KeyedHash.lower(mine) != KeyedHash.lower(theirs)) {
                return false;
            }
        }
        for (; i < nameLength; i++) {
            if (Octets.lower(page.get(I8, name + i)) != Octets.lower(message[Question.OFFSET + i])) {
                return false;
            }
        }
        return true;
    }
}
