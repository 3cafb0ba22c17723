package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MessageRewriterTest {
    private final MessageRewriter rewriter = new MessageRewriter();

    /** An alias whose target names an address, an MX behind it, and a tail in which pointers point all over. */
    private static byte[] chain() {
        Wire wire = Wire.response("www.example.org", 1);
        wire.record(Records.ANSWER, 12, 5, 300, "0463646e 31c0 10".replace(" ", "")); // cdn1.example.org
        int target = wire.at() - 7;
        wire.record(Records.ANSWER, target, 1, 300, "c0000201");
        wire.record(Records.AUTHORITY, 16, 2, 300, "026e73" + pointer(target)); // ns.cdn1.example.org
        wire.record(Records.ADDITIONAL, wire.at() - 5, 28, 300, "20010db8000000000000000000000001");
        wire.opt(1232, 0, "");
        return wire.bytes();
    }

    private static String pointer(int offset) {
        return String.format("%04x", 0xc000 | offset);
    }

    /** All records as text: the owner's and the RDATA's name, uncompressed, with the type. */
    private static String records(byte[] message, int length) {
        StringBuilder text = new StringBuilder();
        Records records = new Records();
        int state = records.start(message, length);
        while (state > 0 && (state = records.next()) > 0) {
            text.append(records.section()).append(' ').append(Name.at(message, length, records.offset()));
            text.append(' ').append(RecordType.toString(records.type()));
            if (NamePointers.namesInData(records.type()) > 0) {
                text.append(' ').append(Name.at(message, length, records.rdOffset()));
            }
            text.append('\n');
        }
        assertThat(state).isZero();
        return text.toString();
    }

    private static byte[] roomy(byte[] message) {
        return Arrays.copyOf(message, message.length + 200);
    }

    @Test
    void whatPointedIntoARemovedRecordIsWrittenOut() {
        byte[] original = chain();
        byte[] message = roomy(original);
        int length = rewriter.withoutTypes(message, original.length, RecordType.CNAME, RecordType.NS);
        assertThat(records(message, length)).isEqualTo("""
                1 cdn1.example.org. A
                3 ns.cdn1.example.org. AAAA
                3 . OPT
                """);
        assertThat(Header.ancount(message)).isEqualTo(1);
        assertThat(Header.nscount(message)).isZero();
        assertThat(Header.arcount(message)).isEqualTo(2);
        assertThat(length).isLessThan(original.length);
    }

    @Test
    void aMessageWithoutSuchRecordsStaysAsItIs() {
        byte[] message = chain();
        assertThat(rewriter.withoutTypes(message, message.length, RecordType.MX))
                .isEqualTo(message.length);
        assertThat(message).isEqualTo(chain());
    }

    @Test
    void compressionIsKeptWhereItsTargetIsKept() {
        byte[] original = Wire.response("example.org", 1)
                .record(Records.ANSWER, 12, 1, 300, "c0000201")
                .record(Records.ANSWER, 12, 28, 300, "20010db8000000000000000000000001")
                .record(Records.ANSWER, 12, 1, 300, "c0000202")
                .bytes();
        byte[] message = original.clone();
        int length = rewriter.withoutTypes(message, message.length, RecordType.AAAA);
        byte[] expected = Wire.response("example.org", 1)
                .record(Records.ANSWER, 12, 1, 300, "c0000201")
                .record(Records.ANSWER, 12, 1, 300, "c0000202")
                .bytes();
        assertThat(Arrays.copyOf(message, length)).isEqualTo(expected);
    }

    @Test
    void renamingReachesTheRecordsOfTheNameAlone() {
        byte[] original = chain();
        byte[] message = roomy(original);
        int length = rewriter.rename(message, original.length, Name.parse("Short."));
        assertThat(Name.at(message, length, Question.OFFSET)).hasToString("Short.");
        assertThat(records(message, length)).isEqualTo("""
                1 Short. CNAME cdn1.example.org.
                1 cdn1.example.org. A
                2 example.org. NS ns.cdn1.example.org.
                3 ns.cdn1.example.org. AAAA
                3 . OPT
                """);
    }

    /** What becomes too long stays as it is. */
    @Test
    void whatHasNoRoomIsUnchanged() {
        byte[] message = chain();
        byte[] before = message.clone();
        Name longer = Name.parse("a.very.long.name.that.makes.the.message.longer.than.before.example.org");
        assertThat(rewriter.rename(message, message.length, longer)).isEqualTo(WireFault.NO_ROOM.code());
        assertThat(message).isEqualTo(before);
        assertThat(rewriter.rename(Wire.query("a", 1).bytes(), 5, longer)).isEqualTo(WireFault.TRUNCATED.code());
    }

    /** Each record points into the one before, which goes away: quadratic work would take minutes. */
    @Test
    void aLongMessageTakesTimeInProportion() {
        byte[] message = new byte[0xffff];
        Wire head = Wire.response("a.example", 1);
        System.arraycopy(head.bytes(), 0, message, 0, head.at());
        int at = head.at();
        int count = 0;
        while (at + 40 < 0x3fff) {
            int owner = count == 0 ? Question.OFFSET : at - 4;
            Octets.putU16(message, at, 0xc000 | owner);
            Octets.putU16(message, at + 2, count % 2 == 0 ? RecordType.CNAME : RecordType.NS);
            Octets.putU16(message, at + 4, 1);
            Octets.putU16(message, at + 10, 4);
            message[at + 12] = 1;
            message[at + 13] = 'x';
            Octets.putU16(message, at + 14, 0xc000 | Question.OFFSET);
            at += 16;
            count++;
        }
        Octets.putU16(message, Header.ANCOUNT, count);
        int length = rewriter.withoutTypes(message, at, RecordType.CNAME);
        assertThat(length).isPositive();
        assertThat(Header.ancount(message)).isEqualTo(count / 2);
        assertThat(records(message, length)).startsWith("1 x.a.example. NS x.a.example.\n");
    }
}
