package dev.weir.wire;

/**
 * Moves compression pointers along when octets are inserted into, or cut out of, the middle of a message (RFC 1035 4.1.4).
 *
 * <p>Pointers point backwards, so only the records behind the edit can point across it. A pointer is corrected where RFC 3597 4 lets it
 * stand: in owner names and in the RDATA of the types that senders compress.
 */
final class NamePointers {
    private static final int MAX_TARGET = 0x3fff;

    private NamePointers() {}

    /**
     * Checks, and with {@code write} corrects, the pointers of {@code count} records from {@code from} on that point to
     * {@code threshold} or behind it and must point {@code delta} octets further. Offsets are those of the message before the move.
     * Returns 0, or a {@link WireFault} code: NO_ROOM when a pointer's 14 bits cannot hold the new offset.
     */
    static int shift(byte[] message, int length, int from, int count, int threshold, int delta, boolean write) {
        int at = from;
        for (int i = 0; i < count; i++) {
            int end = shiftName(message, length, at, threshold, delta, write);
            if (end < 0) {
                return end;
            }
            if (end + 10 > length) {
                return WireFault.TRUNCATED.code();
            }
            int rdOffset = end + 10;
            int rdEnd = rdOffset + Octets.u16(message, end + 8);
            if (rdEnd > length) {
                return WireFault.BAD_LENGTH.code();
            }
            int fault = shiftData(message, rdOffset, rdEnd, Octets.u16(message, end), threshold, delta, write);
            if (fault < 0) {
                return fault;
            }
            at = rdEnd;
        }
        return 0;
    }

    private static int shiftData(
            byte[] message, int rdOffset, int rdEnd, int type, int threshold, int delta, boolean write) {
        int at = rdOffset + octetsBeforeNames(type);
        for (int names = namesInData(type); names > 0 && at < rdEnd; names--) {
            int end = shiftName(message, rdEnd, at, threshold, delta, write);
            if (end == WireFault.NO_ROOM.code()) {
                return end;
            }
            if (end < 0) {
                // RDATA that is no name has no pointer to correct
                return 0;
            }
            at = end;
        }
        return 0;
    }

    private static int shiftName(byte[] message, int length, int offset, int threshold, int delta, boolean write) {
        int end = Names.skip(message, length, offset);
        return end >= 0 && endsInPointer(message, offset, end)
                ? shiftPointer(message, end, threshold, delta, write)
                : end;
    }

    private static boolean endsInPointer(byte[] message, int offset, int end) {
        int at = offset;
        while (at < end && Octets.u8(message, at) != 0) {
            if (Octets.u8(message, at) >= 0xc0) {
                return true;
            }
            at += Octets.u8(message, at) + 1;
        }
        return false;
    }

    private static int shiftPointer(byte[] message, int end, int threshold, int delta, boolean write) {
        int target = Octets.u16(message, end - 2) & MAX_TARGET;
        if (target >= threshold) {
            if (target + delta > MAX_TARGET) {
                return WireFault.NO_ROOM.code();
            }
            if (write) {
                Octets.putU16(message, end - 2, 0xc000 | target + delta);
            }
        }
        return end;
    }

    /** How many names a type's RDATA has that may be compressed. */
    static int namesInData(int type) {
        return switch (type) {
            case 2, 3, 4, 5, 7, 8, 9, 12, 15, 18, 21, 24, 30, 33, 36, 39, 46 -> 1;
            case 6, 14, 17, 26 -> 2;
            default -> 0;
        };
    }

    /** Octets of a type's RDATA before its first name: preferences (MX, AFSDB, RT, PX, KX), SRV's three numbers, RRSIG's fixed part. */
    static int octetsBeforeNames(int type) {
        return switch (type) {
            case 15, 18, 21, 26, 36 -> 2;
            case 33 -> 6;
            case 24, 46 -> 18;
            default -> 0;
        };
    }
}
