package dev.weir.engine.cache;

import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Octets;
import java.util.Arrays;
import java.util.HexFormat;

/** Builds queries and answers for the cache's tests. */
final class Packets {
    static final int A = 1;
    static final int AAAA = 28;

    private byte[] octets = new byte[700];
    private int at = Header.LENGTH;

    static Packets query(String name, int type) {
        Packets packet = new Packets();
        Octets.putU16(packet.octets, Header.ID, 0x1234);
        Header.setFlags(packet.octets, Header.RD);
        Header.setCounts(packet.octets, 1, 0, 0, 0);
        packet.at = Name.parse(name).compose(packet.octets, packet.at);
        return packet.u16(type).u16(1);
    }

    static Packets answer(String name, int type) {
        return query(name, type).flags(Header.QR | Header.RD | Header.RA);
    }

    Packets flags(int flags) {
        Header.setFlags(octets, flags);
        return this;
    }

    Packets rcode(int rcode) {
        Header.setRcode(octets, rcode);
        return this;
    }

    Packets id(int id) {
        Header.setId(octets, id);
        return this;
    }

    private Packets u16(int value) {
        Octets.putU16(octets, at, value);
        at += 2;
        return this;
    }

    private Packets hex(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        System.arraycopy(bytes, 0, octets, at, bytes.length);
        at += bytes.length;
        return this;
    }

    /** A record of the question's name; the section counts from 1, as in Records. */
    Packets record(int section, int type, int ttl, String rdata) {
        u16(0xc00c).u16(type).u16(1);
        Octets.putU32(octets, at, ttl);
        at += 4;
        u16(rdata.replace(" ", "").length() / 2).hex(rdata);
        return count(section);
    }

    Packets a(int ttl, String address) {
        return record(1, A, ttl, address);
    }

    Packets soa(int ttl) {
        return record(2, 6, ttl, "00 00 0000000100000002000000030000000400000005");
    }

    Packets opt(int payload, int flags, String options) {
        hex("00")
                .u16(41)
                .u16(payload)
                .u16(0)
                .u16(flags)
                .u16(options.replace(" ", "").length() / 2)
                .hex(options);
        return count(3);
    }

    Packets padding(int octetCount) {
        u16(0xc00c).u16(16).u16(1).u16(0).u16(300).u16(octetCount);
        at += octetCount;
        octets = Arrays.copyOf(octets, at + 200);
        return count(1);
    }

    private Packets count(int section) {
        int field = Header.ANCOUNT + 2 * (section - 1);
        Octets.putU16(octets, field, Octets.u16(octets, field) + 1);
        return this;
    }

    byte[] bytes() {
        return Arrays.copyOf(octets, at);
    }
}
