package dev.weir.wire;

import java.util.Arrays;
import java.util.HexFormat;

/** Builds messages for tests, record by record; {@code at()} gives offsets for compression pointers. */
final class Wire {
    final byte[] octets = new byte[4096];
    private int length = Header.LENGTH;

    static Wire query(String name, int type) {
        Wire wire = new Wire();
        Octets.putU16(wire.octets, Header.ID, 0x1234);
        Octets.putU16(wire.octets, Header.FLAGS, Header.RD);
        Octets.putU16(wire.octets, Header.QDCOUNT, 1);
        return wire.name(name).u16(type).u16(1);
    }

    static Wire response(String name, int type) {
        Wire wire = query(name, type);
        Octets.putU16(wire.octets, Header.FLAGS, Header.QR | Header.RD | Header.RA);
        return wire;
    }

    Wire name(String name) {
        length = Name.parse(name).compose(octets, length);
        return this;
    }

    Wire u8(int value) {
        octets[length++] = (byte) value;
        return this;
    }

    Wire u16(int value) {
        Octets.putU16(octets, length, value);
        length += 2;
        return this;
    }

    Wire hex(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        System.arraycopy(bytes, 0, octets, length, bytes.length);
        length += bytes.length;
        return this;
    }

    /** A record whose owner is a pointer. */
    Wire record(int section, int pointer, int type, int ttl, String rdata) {
        u16(0xc000 | pointer);
        return fields(section, type, ttl, rdata);
    }

    Wire record(int section, String owner, int type, int ttl, String rdata) {
        name(owner);
        return fields(section, type, ttl, rdata);
    }

    private Wire fields(int section, int type, int ttl, String rdata) {
        u16(type).u16(1);
        Octets.putU32(octets, length, ttl);
        length += 4;
        u16(rdata.replace(" ", "").length() / 2).hex(rdata);
        count(section);
        return this;
    }

    Wire opt(int payload, int flags, String options) {
        u8(0).u16(41)
                .u16(payload)
                .u16(0)
                .u16(flags)
                .u16(options.replace(" ", "").length() / 2)
                .hex(options);
        count(Records.ADDITIONAL);
        return this;
    }

    private void count(int section) {
        int field = Header.ANCOUNT + 2 * (section - Records.ANSWER);
        Octets.putU16(octets, field, Octets.u16(octets, field) + 1);
    }

    int at() {
        return length;
    }

    byte[] bytes() {
        return Arrays.copyOf(octets, length);
    }

    /** The message in an array with room behind it. */
    byte[] withRoom(int room) {
        return Arrays.copyOf(octets, length + room);
    }

    static String hex(byte[] message, int from, int to) {
        return HexFormat.of().formatHex(message, from, to);
    }
}
