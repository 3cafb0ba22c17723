package dev.weir.wire;

/**
 * Adds, changes and removes a message's OPT pseudo-record and its options, in place (RFC 6891 6.1).
 *
 * <p>Each edit takes the message and its length and returns the new length, or a {@link WireFault} code, in which case the message is as it
 * was: NO_ROOM when the array is too small, ABSENT when there is no OPT to edit. OPT may stand anywhere in the additional section; records
 * behind it are moved, and their compression pointers with them. One editor serves one thread.
 */
public final class EdnsEditor {
    private static final int MAX_MESSAGE = 0xffff;

    private final Edns edns = new Edns();
    private final Records records = new Records();

    /**
     * Adds an OPT without options as the last record. Octets behind the last record are dropped. Whether there is an OPT already is the
     * caller's knowledge.
     *
     * @param flags {@link Edns#DO} or 0
     * @param extendedRcode the upper eight of the twelve bits of the response code
     */
    public int appendOpt(byte[] message, int length, int payloadSize, int flags, int extendedRcode) {
        int at = end(message, length);
        if (at < 0) {
            return at;
        }
        int additionals = Header.arcount(message);
        int newLength = at + Edns.FIXED_LENGTH;
        if (newLength > Math.min(message.length, MAX_MESSAGE) || additionals == 0xffff) {
            return WireFault.NO_ROOM.code();
        }
        composeOpt(message, at, payloadSize, flags, extendedRcode);
        Octets.putU16(message, Header.ARCOUNT, additionals + 1);
        return newLength;
    }

    /** Writes the eleven octets of an OPT without options; returns the offset behind them. The caller counts it and has checked the room. */
    static int composeOpt(byte[] target, int offset, int payloadSize, int flags, int extendedRcode) {
        Octets.putU8(target, offset, 0);
        Octets.putU16(target, offset + 1, Edns.OPT);
        Octets.putU16(target, offset + 3, payloadSize);
        Octets.putU8(target, offset + 5, extendedRcode);
        Octets.putU8(target, offset + 6, 0);
        Octets.putU16(target, offset + 7, flags);
        Octets.putU16(target, offset + 9, 0);
        return offset + Edns.FIXED_LENGTH;
    }

    /** Removes the first OPT; a message without one keeps its length. */
    public int removeOpt(byte[] message, int length) {
        int found = edns.parse(message, length);
        if (found <= 0) {
            return found < 0 ? found : length;
        }
        int newLength = resize(message, length, edns.offset(), edns.end() - edns.offset(), 0);
        if (newLength > 0) {
            Octets.putU16(message, Header.ARCOUNT, Header.arcount(message) - 1);
        }
        return newLength;
    }

    /** Puts an option in the place of all options with its code, or behind the last option if there is none. */
    public int setOption(byte[] message, int length, int code, byte[] data, int dataOffset, int dataLength) {
        int newLength = removeOption(message, length, code, 4 + dataLength);
        return newLength < 0 ? newLength : appendOption(message, newLength, code, data, dataOffset, dataLength);
    }

    /** Adds an option behind the last one, whether or not its code is there already. */
    public int appendOption(byte[] message, int length, int code, byte[] data, int dataOffset, int dataLength) {
        int found = parseOptions(message, length);
        if (found < 0) {
            return found;
        }
        int at = edns.end();
        int newLength = resizeOptions(message, length, at, 0, 4 + dataLength);
        if (newLength > 0) {
            Octets.putU16(message, at, code);
            Octets.putU16(message, at + 2, dataLength);
            System.arraycopy(data, dataOffset, message, at + 4, dataLength);
        }
        return newLength;
    }

    /** Removes all options with this code; a message without OPT or without the option keeps its length. */
    public int removeOption(byte[] message, int length, int code) {
        int newLength = removeOption(message, length, code, 0);
        return newLength == WireFault.ABSENT.code() ? length : newLength;
    }

    /**
     * Sets all twelve bits of a response code: four in the header, eight in OPT. A code up to 15 needs no OPT; a larger one without OPT is
     * ABSENT.
     */
    public int setExtendedRcode(byte[] message, int length, int rcode) {
        int found = edns.parse(message, length);
        if (found < 0) {
            return found;
        }
        if (found == 0 && rcode > Header.RCODE_MASK) {
            return WireFault.ABSENT.code();
        }
        if (found > 0) {
            Octets.putU8(message, edns.optionsOffset() - 6, rcode >>> 4);
        }
        Header.setRcode(message, rcode);
        return length;
    }

    /** Removes options with {@code code} if {@code reserve} octets then fit in; nothing is changed otherwise. */
    private int removeOption(byte[] message, int length, int code, int reserve) {
        int found = parseOptions(message, length);
        if (found < 0) {
            return found;
        }
        int freed = 0;
        int last = -1;
        for (int at = edns.optionsOffset(); at < edns.end(); at += optionSize(message, at)) {
            if (Octets.u16(message, at) == code) {
                freed += optionSize(message, at);
                last = at;
            }
        }
        int grown = reserve - freed;
        if (grown > 0) {
            int fault = checkRoom(message, length, edns.end(), grown);
            if (fault < 0) {
                return fault;
            }
        }
        int newLength = length;
        while (last >= 0 && newLength >= 0) {
            newLength = resizeOptions(message, newLength, last, optionSize(message, last), 0);
            edns.parse(message, newLength);
            last = edns.findOption(message, code);
        }
        return newLength;
    }

    private static int optionSize(byte[] message, int at) {
        return 4 + Octets.u16(message, at + 2);
    }

    /** Finds OPT and checks that its options fill it exactly. */
    private int parseOptions(byte[] message, int length) {
        int found = edns.parse(message, length);
        if (found <= 0) {
            return found < 0 ? found : WireFault.ABSENT.code();
        }
        int at = edns.optionsOffset();
        int end = edns.end();
        while (at < end) {
            if (at + 4 > end || at + optionSize(message, at) > end) {
                return WireFault.BAD_LENGTH.code();
            }
            at += optionSize(message, at);
        }
        return 1;
    }

    private int resizeOptions(byte[] message, int length, int at, int oldSize, int newSize) {
        int newLength = resize(message, length, at, oldSize, newSize);
        if (newLength > 0) {
            Octets.putU16(message, edns.optionsOffset() - 2, edns.optionsLength() + newSize - oldSize);
        }
        return newLength;
    }

    /** Makes {@code oldSize} octets at {@code at}, inside OPT, {@code newSize} octets; the new ones are not yet written. */
    private int resize(byte[] message, int length, int at, int oldSize, int newSize) {
        int delta = newSize - oldSize;
        int fault = checkRoom(message, length, edns.end(), delta);
        if (fault < 0) {
            return fault;
        }
        int behind = recordsBehind(message, length, edns.end());
        if (behind > 0) {
            NamePointers.shift(message, length, edns.end(), behind, edns.end(), delta, true);
        }
        System.arraycopy(message, at + oldSize, message, at + newSize, length - at - oldSize);
        return length + delta;
    }

    /** Whether the message can become {@code delta} octets longer at the end of OPT: 0 or a fault. */
    private int checkRoom(byte[] message, int length, int optEnd, int delta) {
        int newLength = length + delta;
        if (newLength > Math.min(message.length, MAX_MESSAGE)) {
            return WireFault.NO_ROOM.code();
        }
        int behind = recordsBehind(message, length, optEnd);
        return behind <= 0 ? behind : NamePointers.shift(message, length, optEnd, behind, optEnd, delta, false);
    }

    /** How many records start at {@code offset} or later. */
    private int recordsBehind(byte[] message, int length, int offset) {
        if (offset == length) {
            return 0;
        }
        int behind = 0;
        int fault = records.start(message, length);
        while (fault >= 0 && (fault = records.next()) > 0) {
            if (records.offset() >= offset) {
                behind++;
            }
        }
        return fault < 0 ? fault : behind;
    }

    /** The offset behind the last record. */
    private int end(byte[] message, int length) {
        int fault = records.start(message, length);
        while (fault >= 0 && (fault = records.next()) > 0) {
            // each call goes one record further
        }
        return fault < 0 ? fault : records.end();
    }
}
