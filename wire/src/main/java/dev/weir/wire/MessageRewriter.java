package dev.weir.wire;

import java.util.Arrays;

/**
 * Writes a message anew without some of its records, or about another name. One rewriter serves one thread.
 *
 * <p>Compression pointers (RFC 1035 4.1.4) may point into what goes away, so the message is not cut but composed a second time, beside the
 * old one. A pointer whose target was copied points to the copy; of any other its labels are written out. What was copied is known as
 * ascending stretches of the old message with their new places. Pointers are looked for where RFC 3597 4 lets them stand: in owner names and in the
 * RDATA of types that senders compress. Octets behind the last record are dropped.
 *
 * <p>Both edits take the message and its length and return the new length, or a {@link WireFault} code, in which case the message is as it was.
 */
public final class MessageRewriter {
    private static final int MAX_MESSAGE = 0xffff;
    private static final int MAX_TARGET = 0x3fff;
    private static final int POINTER = 0xc0;
    private static final byte[] NO_NAME = {};
    private static final int[] NO_TYPES = {};

    private final Records records = new Records();
    private final byte[] plainName = new byte[Name.MAX_LENGTH];
    private byte[] old = {};
    private byte[] fresh = {};
    private int room;
    private int at;

    // Stretches of the old message that stand in the new one, in ascending order of both.
    private int[] from = new int[64];
    private int[] until = new int[64];
    private int[] to = new int[64];
    private int stretches;

    /** Removes all records of these types, in whichever section. */
    public int withoutTypes(byte[] message, int length, int... types) {
        if (!anyOf(message, length, types)) {
            return length;
        }
        int start = records.start(message, length);
        if (start < 0) {
            return start;
        }
        begin(message);
        copy(0, start);
        return records(message, types, NO_NAME);
    }

    private boolean anyOf(byte[] message, int length, int... types) {
        int state = records.start(message, length);
        while (state >= 0 && (state = records.next()) > 0) {
            if (contains(types, records.type())) {
                return true;
            }
        }
        return state < 0; // which the caller finds again
    }

    private static boolean contains(int[] types, int type) {
        for (int each : types) {
            if (each == type) {
                return true;
            }
        }
        return false;
    }

    /**
     * Gives the only question, and the records that it owns, another name. Names in RDATA stay.
     *
     * @return {@link WireFault#ABSENT} if there is not exactly one question
     */
    public int rename(byte[] message, int length, Name name) {
        if (length < Header.LENGTH || Header.qdcount(message) != 1) {
            return length < Header.LENGTH ? WireFault.TRUNCATED.code() : WireFault.ABSENT.code();
        }
        int size = Names.decompress(message, length, Question.OFFSET, plainName, 0);
        if (size < 0) {
            return size;
        }
        byte[] former = Arrays.copyOf(plainName, size);
        int start = records.start(message, length);
        if (start < 0) {
            return start;
        }
        begin(message);
        copy(0, Header.LENGTH);
        if (!fits(name.wireLength() + 4)) {
            return WireFault.NO_ROOM.code();
        }
        at = name.compose(fresh, at);
        copy(start - 4, start);
        return records(message, NO_TYPES, former);
    }

    private void begin(byte[] message) {
        old = message;
        room = Math.min(message.length, MAX_MESSAGE);
        if (fresh.length < room) {
            fresh = new byte[room];
        }
        at = 0;
        stretches = 0;
    }

    /**
     * Copies the records that stay, behind the question, and puts the new message into the place of the old one.
     *
     * @param former the name that the question had; empty: it still has it
     */
    private int records(byte[] message, int[] withoutTypes, byte[] former) {
        int[] counts = new int[Records.ADDITIONAL + 1];
        int state;
        while ((state = records.next()) > 0) {
            if (!contains(withoutTypes, records.type())) {
                counts[records.section()]++;
                int fault = record(former);
                if (fault < 0) {
                    return fault;
                }
            }
        }
        if (state < 0) {
            return state;
        }
        System.arraycopy(fresh, 0, message, 0, at);
        Header.setCounts(
                message,
                Header.qdcount(message),
                counts[Records.ANSWER],
                counts[Records.AUTHORITY],
                counts[Records.ADDITIONAL]);
        return at;
    }

    private int record(byte[] former) {
        int fixed = records.ttlOffset() - 4;
        int fault = former.length > 0 && isOwned(former) ? questionPointer() : name(records.offset(), records.end());
        if (fault < 0 || (fault = copy(fixed, fixed + 10)) < 0) {
            return fault;
        }
        int lengthAt = at - 2;
        int data = at;
        fault = data(records.rdOffset(), records.end(), records.type());
        if (fault < 0) {
            return fault;
        }
        if (at - data > MAX_MESSAGE) {
            return WireFault.NO_ROOM.code();
        }
        Octets.putU16(fresh, lengthAt, at - data);
        return 0;
    }

    private boolean isOwned(byte[] name) {
        int size = Names.decompress(old, records.end(), records.offset(), plainName, 0);
        return size == name.length && Names.equal(plainName, 0, name, 0, size);
    }

    private int questionPointer() {
        if (!fits(2)) {
            return WireFault.NO_ROOM.code();
        }
        Octets.putU16(fresh, at, POINTER << 8 | Question.OFFSET);
        at += 2;
        return 0;
    }

    private int data(int start, int end, int type) {
        int names = NamePointers.namesInData(type);
        int next = start + Math.min(end - start, NamePointers.octetsBeforeNames(type));
        int fault = copy(start, next);
        for (; names > 0 && next < end && fault >= 0; names--) {
            int nameEnd = Names.skip(old, end, next);
            // RDATA that is no name has no pointer to follow.
            if (nameEnd < 0 || Names.decompress(old, end, next, plainName, 0) < 0) {
                break;
            }
            fault = name(next, end);
            next = nameEnd;
        }
        return fault < 0 ? fault : copy(next, end);
    }

    /** Copies a name; where its pointer's target is not in the new message, the labels there. */
    private int name(int start, int end) {
        if (Names.decompress(old, end, start, plainName, 0) < 0) {
            return WireFault.BAD_POINTER.code();
        }
        int reading = start;
        while (true) {
            int stop = reading;
            while (Octets.u8(old, stop) != 0 && Octets.u8(old, stop) < POINTER) {
                stop += Octets.u8(old, stop) + 1;
            }
            boolean root = Octets.u8(old, stop) == 0;
            // Only what stands where the name begins may be pointed to in its turn: stretches ascend.
            int next = root ? stop + 1 : stop;
            int fault = reading == start ? copy(reading, next) : write(reading, next);
            if (fault < 0 || root) {
                return fault;
            }
            reading = Octets.u16(old, stop) & MAX_TARGET;
            int target = place(reading);
            if (target >= 0 && target <= MAX_TARGET) {
                if (!fits(2)) {
                    return WireFault.NO_ROOM.code();
                }
                Octets.putU16(fresh, at, POINTER << 8 | target);
                at += 2;
                return 0;
            }
        }
    }

    /** Where an octet of the old message stands in the new one, or -1. */
    private int place(int offset) {
        int found = Arrays.binarySearch(from, 0, stretches, offset);
        int stretch = found < 0 ? -found - 2 : found;
        return stretch >= 0 && offset < until[stretch] ? to[stretch] + offset - from[stretch] : -1;
    }

    /** Copies octets that may be pointed to; stretches that follow each other in both messages become one. */
    private int copy(int start, int end) {
        int place = at;
        int fault = write(start, end);
        if (fault < 0 || start == end) {
            return fault;
        }
        if (stretches > 0
                && until[stretches - 1] == start
                && to[stretches - 1] + start - from[stretches - 1] == place) {
            until[stretches - 1] = end;
            return 0;
        }
        if (stretches == from.length) {
            from = Arrays.copyOf(from, 2 * stretches);
            until = Arrays.copyOf(until, 2 * stretches);
            to = Arrays.copyOf(to, 2 * stretches);
        }
        from[stretches] = start;
        until[stretches] = end;
        to[stretches++] = place;
        return 0;
    }

    private int write(int start, int end) {
        if (!fits(end - start)) {
            return WireFault.NO_ROOM.code();
        }
        System.arraycopy(old, start, fresh, at, end - start);
        at += end - start;
        return 0;
    }

    private boolean fits(int octets) {
        return at + octets <= room;
    }
}
