package dev.weir.engine.ring;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.query.Query;
import dev.weir.engine.walk.ReadQuery;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Octets;

/** Makes queries whose port, time, type and name tell the same number. */
final class Asker {
    private static final Frontend FRONTEND = new Frontend(Endpoint.parse("127.0.0.1:53", 0), Protocol.DO_UDP, false);

    private static final Backend BACKEND =
            new Backend(BackendSpec.of(Endpoint.parse("192.0.2.53:53", 0)).build());

    final Query query = new Query();
    private final byte[] packet = new byte[512];

    void ask(RingWriter writer, int number) {
        ask(writer, number, "192.0.2.1", nameOf(number));
    }

    void ask(RingWriter writer, int number, String client, String name) {
        prepare(client, name, number);
        writer.query(query);
    }

    /** Answers with nothing but a code from a backend, or with {@link RingCursor#TIMEOUT} not at all. */
    void answer(RingWriter writer, String name, int rcode, long micros) {
        prepare("192.0.2.1", name, 0);
        ReadQuery.answeredBy(query, BACKEND);
        if (micros == RingCursor.TIMEOUT) {
            writer.timeout(query, 0);
        } else {
            Header.setRcode(packet, rcode);
            writer.response(query, micros * 1000);
            Header.setRcode(packet, 0);
        }
    }

    void prepare(String client, String name, int number) {
        Octets.putU16(packet, 4, 1); // QDCOUNT
        query.origin().client().set(new Endpoint(IpAddress.parse(client), number & 0xffff));
        int end = Name.parse(name).compose(packet, Header.LENGTH);
        Octets.putU16(packet, end, number & 0xffff);
        query.begin(Protocol.DO_UDP, FRONTEND, packet, end + 4, number);
        ReadQuery.read(query);
    }

    private static String nameOf(int number) {
        return "n" + number + ".example" + "x".repeat(number % 3 * 20) + ".";
    }

    static boolean isNameOf(byte[] wire, int length, int number) {
        return Name.ofWire(wire, 0, length).equals(Name.parse(nameOf(number)));
    }
}
