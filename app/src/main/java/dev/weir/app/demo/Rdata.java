package dev.weir.app.demo;

import dev.weir.wire.Name;
import dev.weir.wire.Octets;
import dev.weir.wire.Soa;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/** RDATA in wire form, composed from what a zone file would say (RFC 1035 3.3, RFC 3596 2.2). */
final class Rdata {
    /** Octets of one character-string at most (RFC 1035 3.3). */
    private static final int MAX_STRING = 255;

    private Rdata() {}

    /** An A or AAAA record's. */
    static byte[] address(String literal) {
        return InetAddress.ofLiteral(literal).getAddress();
    }

    /** Of records that are one name: NS, CNAME, PTR. */
    static byte[] name(Name target) {
        return target.toWire();
    }

    static byte[] mx(int preference, Name exchange) {
        byte[] data = new byte[2 + exchange.wireLength()];
        Octets.putU16(data, 0, preference);
        exchange.compose(data, 2);
        return data;
    }

    /** A TXT record's: the text in as many strings as it needs. */
    static byte[] txt(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        int at = 0;
        do {
            int size = Math.min(octets.length - at, MAX_STRING);
            data.write(size);
            data.write(octets, at, size);
            at += size;
        } while (at < octets.length);
        return data.toByteArray();
    }

    static byte[] soa(Soa soa) {
        byte[] data = new byte[soa.mname().wireLength() + soa.rname().wireLength() + 20];
        int at = soa.rname().compose(data, soa.mname().compose(data, 0));
        Octets.putU32(data, at, soa.serial());
        Octets.putU32(data, at + 4, soa.refreshSeconds());
        Octets.putU32(data, at + 8, soa.retrySeconds());
        Octets.putU32(data, at + 12, soa.expireSeconds());
        Octets.putU32(data, at + 16, soa.minimumSeconds());
        return data;
    }
}
