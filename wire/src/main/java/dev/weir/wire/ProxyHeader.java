package dev.weir.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The PROXY protocol's header, version 2: who the client really is, in front of what it sent (HAProxy, proxy-protocol.txt 2.2).
 *
 * <pre>
 *   signature    0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A   +0
 *   version 2, command (0 LOCAL, 1 PROXY)              +12
 *   family (1 IPv4, 2 IPv6), protocol (1 TCP, 2 UDP)   +13
 *   u16 length of what follows                         +14
 *   addresses: source, destination                     +16
 *   ports: source, destination
 *   TLVs: { u8 type, u16 length, value }*
 * </pre>
 *
 * <p>An address is two longs, {@code hi} and {@code lo}; an IPv4 address stands in the low 32 bits of {@code lo}. TLVs are walked in place
 * with {@link #nextTlv}. A view is valid until the bytes change; one view serves one thread.
 */
public final class ProxyHeader {
    /** Octets before the addresses. */
    public static final int FIXED_LENGTH = 16;
    /** What {@link #parse} returns when the header's end has not arrived yet. */
    public static final int NEED_MORE = 0;

    public static final int IPV4 = 1;
    public static final int IPV6 = 2;

    private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10};
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int TCP = 1;
    private static final int UDP = 2;

    private boolean local;
    private boolean tcp;
    private int family;
    private long sourceHi;
    private long sourceLo;
    private int sourcePort;
    private long destinationHi;
    private long destinationLo;
    private int destinationPort;
    private int tlvsOffset;
    private int tlvsEnd;

    private int nextTlv;
    private int tlvType;
    private int tlvOffset;
    private int tlvLength;

    /** One TLV by itself, for those who keep it: a type of 0 to 255 and its value. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Tlv(int type, byte[] value) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Tlv tlv && tlv.type == type && Arrays.equals(tlv.value, value);
        }

        @Override
        public int hashCode() {
            return type * 31 + Arrays.hashCode(value);
        }
    }

    /**
     * Reads a header at {@code offset} of {@code end - offset} octets. Returns its length, {@link #NEED_MORE}, or a {@link WireFault} code:
     * BAD_VALUE for another signature, version, command, family or protocol, BAD_LENGTH for addresses or TLVs that do not fill the header.
     * A wrong signature is seen at its first wrong octet, and {@link #announcedLength} can be compared with a limit before all has come.
     */
    public int parse(byte[] bytes, int offset, int end) {
        int have = end - offset;
        int known = Math.min(have, SIGNATURE.length);
        if (!Arrays.equals(bytes, offset, offset + known, SIGNATURE, 0, known)) {
            return WireFault.BAD_VALUE.code();
        }
        if (have < FIXED_LENGTH) {
            return NEED_MORE;
        }
        int command = Octets.u8(bytes, offset + 12);
        int familyAndProtocol = Octets.u8(bytes, offset + 13);
        if (command != LOCAL && (command != PROXY || !known(familyAndProtocol))) {
            return WireFault.BAD_VALUE.code();
        }
        int total = announcedLength(bytes, offset);
        if (have < total) {
            return NEED_MORE;
        }
        int headerEnd = offset + total;
        if (command == LOCAL) {
            readLocal();
            tlvsOffset = headerEnd;
        } else {
            int tlvs = offset + FIXED_LENGTH + addressesLength(familyAndProtocol >>> 4);
            if (!areTlvs(bytes, tlvs, headerEnd)) {
                return WireFault.BAD_LENGTH.code();
            }
            readAddresses(bytes, offset + FIXED_LENGTH, familyAndProtocol);
            tlvsOffset = tlvs;
        }
        tlvsEnd = headerEnd;
        nextTlv = tlvsOffset;
        return total;
    }

    /** Octets of the whole header, as its sixteen fixed octets say; they must be there. */
    public static int announcedLength(byte[] bytes, int offset) {
        return FIXED_LENGTH + Octets.u16(bytes, offset + 14);
    }

    private static boolean known(int familyAndProtocol) {
        int family = familyAndProtocol >>> 4;
        int protocol = familyAndProtocol & 0xf;
        return (family == IPV4 || family == IPV6) && (protocol == TCP || protocol == UDP);
    }

    private static int addressesLength(int family) {
        return family == IPV4 ? 12 : 36;
    }

    /** A LOCAL header speaks of nobody: the connection's own addresses count, and what follows is skipped. */
    private void readLocal() {
        local = true;
        tcp = false;
        family = 0;
        sourceHi = sourceLo = sourcePort = 0;
        destinationHi = destinationLo = destinationPort = 0;
    }

    private void readAddresses(byte[] bytes, int at, int familyAndProtocol) {
        local = false;
        family = familyAndProtocol >>> 4;
        tcp = (familyAndProtocol & 0xf) == TCP;
        if (family == IPV4) {
            sourceHi = destinationHi = 0;
            sourceLo = Octets.u32(bytes, at);
            destinationLo = Octets.u32(bytes, at + 4);
        } else {
            sourceHi = Octets.u64(bytes, at);
            sourceLo = Octets.u64(bytes, at + 8);
            destinationHi = Octets.u64(bytes, at + 16);
            destinationLo = Octets.u64(bytes, at + 24);
        }
        int end = at + addressesLength(family);
        sourcePort = Octets.u16(bytes, end - 4);
        destinationPort = Octets.u16(bytes, end - 2);
    }

    private static boolean areTlvs(byte[] bytes, int offset, int end) {
        int at = offset;
        while (at + 3 <= end) {
            at += 3 + Octets.u16(bytes, at + 1);
        }
        return at == end;
    }

    /** Goes to the next TLV; false after the last. */
    public boolean nextTlv(byte[] bytes) {
        if (nextTlv >= tlvsEnd) {
            return false;
        }
        tlvType = Octets.u8(bytes, nextTlv);
        tlvLength = Octets.u16(bytes, nextTlv + 1);
        tlvOffset = nextTlv + 3;
        nextTlv = tlvOffset + tlvLength;
        return true;
    }

    public int tlvType() {
        return tlvType;
    }

    /** Where the TLV's value starts. */
    public int tlvOffset() {
        return tlvOffset;
    }

    public int tlvLength() {
        return tlvLength;
    }

    /** Copies of all TLVs, in order. */
    public List<Tlv> tlvs(byte[] bytes) {
        List<Tlv> all = new ArrayList<>();
        for (int at = tlvsOffset; at < tlvsEnd; ) {
            int valueLength = Octets.u16(bytes, at + 1);
            all.add(new Tlv(Octets.u8(bytes, at), Arrays.copyOfRange(bytes, at + 3, at + 3 + valueLength)));
            at += 3 + valueLength;
        }
        return List.copyOf(all);
    }

    /** Where all TLVs start. */
    public int tlvsOffset() {
        return tlvsOffset;
    }

    /** The offset behind all TLVs, which is the header's end. */
    public int tlvsEnd() {
        return tlvsEnd;
    }

    /** Whether the sender speaks for itself (a health check): addresses are those of the connection. */
    public boolean local() {
        return local;
    }

    /** Whether the client came over TCP; else over UDP. */
    public boolean tcp() {
        return tcp;
    }

    /** {@link #IPV4}, {@link #IPV6}, or 0 in a LOCAL header. */
    public int family() {
        return family;
    }

    public long sourceHi() {
        return sourceHi;
    }

    public long sourceLo() {
        return sourceLo;
    }

    public int sourcePort() {
        return sourcePort;
    }

    public long destinationHi() {
        return destinationHi;
    }

    public long destinationLo() {
        return destinationLo;
    }

    public int destinationPort() {
        return destinationPort;
    }

    /** Writes a LOCAL header, as health checks send it; returns the offset behind it, or NO_ROOM. */
    public static int composeLocal(byte[] target, int offset) {
        return composeFixed(target, offset, LOCAL, 0, 0);
    }

    /**
     * Writes a PROXY header; returns the offset behind it, or NO_ROOM, also when the TLVs make it longer than a 16-bit length can say.
     *
     * @param family {@link #IPV4} or {@link #IPV6}, of both addresses
     * @param tlvs TLVs in wire form, see {@link #composeTlv}
     */
    public static int compose(
            byte[] target,
            int offset,
            boolean tcp,
            int family,
            long sourceHi,
            long sourceLo,
            int sourcePort,
            long destinationHi,
            long destinationLo,
            int destinationPort,
            byte[] tlvs,
            int tlvsLength) {
        int addresses = addressesLength(family);
        int at = composeFixed(target, offset, PROXY, family << 4 | (tcp ? TCP : UDP), addresses + tlvsLength);
        if (at < 0) {
            return at;
        }
        if (family == IPV4) {
            Octets.putU32(target, at, sourceLo);
            Octets.putU32(target, at + 4, destinationLo);
        } else {
            Octets.putU64(target, at, sourceHi);
            Octets.putU64(target, at + 8, sourceLo);
            Octets.putU64(target, at + 16, destinationHi);
            Octets.putU64(target, at + 24, destinationLo);
        }
        at += addresses;
        Octets.putU16(target, at - 4, sourcePort);
        Octets.putU16(target, at - 2, destinationPort);
        System.arraycopy(tlvs, 0, target, at, tlvsLength);
        return at + tlvsLength;
    }

    private static int composeFixed(byte[] target, int offset, int command, int familyAndProtocol, int length) {
        if (length > 0xffff || offset + FIXED_LENGTH + length > target.length) {
            return WireFault.NO_ROOM.code();
        }
        System.arraycopy(SIGNATURE, 0, target, offset, SIGNATURE.length);
        Octets.putU8(target, offset + 12, command);
        Octets.putU8(target, offset + 13, familyAndProtocol);
        Octets.putU16(target, offset + 14, length);
        return offset + FIXED_LENGTH;
    }

    /** Writes one TLV; returns the offset behind it, or NO_ROOM. */
    public static int composeTlv(byte[] target, int offset, int type, byte[] value) {
        if (value.length > 0xffff || offset + 3 + value.length > target.length) {
            return WireFault.NO_ROOM.code();
        }
        Octets.putU8(target, offset, type);
        Octets.putU16(target, offset + 1, value.length);
        System.arraycopy(value, 0, target, offset + 3, value.length);
        return offset + 3 + value.length;
    }
}
