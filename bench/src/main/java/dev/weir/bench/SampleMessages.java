package dev.weir.bench;

import dev.weir.wire.AnswerComposer;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import dev.weir.wire.Octets;
import dev.weir.wire.RecordClass;
import dev.weir.wire.RecordType;
import java.util.Arrays;

/** What the benchmarks ask and answer. */
final class SampleMessages {
    private static final int ID = 4711;
    private static final int ROOM = 512;

    private SampleMessages() {}

    /** A question for a name's IPv4 addresses, with RD. */
    static byte[] question(String name) {
        byte[] packet = new byte[ROOM];
        Header.setId(packet, ID);
        Header.setFlags(packet, Header.RD);
        Header.setCounts(packet, 1, 0, 0, 0);
        int end = Name.parse(name).compose(packet, Header.LENGTH);
        Octets.putU16(packet, end, RecordType.A);
        Octets.putU16(packet, end + 2, RecordClass.IN);
        return Arrays.copyOf(packet, end + 4);
    }

    /** The answer to it. */
    static byte[] answer(byte[] question, int ttl, int... addresses) {
        byte[] packet = Arrays.copyOf(question, ROOM);
        AnswerComposer composer = new AnswerComposer();
        composer.start(packet, question.length);
        for (int address : addresses) {
            composer.addA(address, ttl);
        }
        return Arrays.copyOf(packet, composer.finish(false, 0));
    }
}
