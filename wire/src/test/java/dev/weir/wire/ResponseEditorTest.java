package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResponseEditorTest {
    private final ResponseEditor editor = new ResponseEditor();
    private final Edns edns = new Edns();

    private static Wire answer() {
        return Wire.response("example.org", 1)
                .record(Records.ANSWER, 12, 1, 300, "c0000201")
                .record(Records.ANSWER, 12, 1, 100, "c0000202")
                .record(Records.AUTHORITY, "org", 2, 86400, "026e7303 6f726700".replace(" ", ""))
                .opt(1400, Edns.DO, "000a0001ff");
    }

    @Test
    void truncateKeepsQuestionAndBareOpt() {
        byte[] message = answer().bytes();
        int length = editor.truncate(message, message.length);
        Wire expected = Wire.response("example.org", 1).opt(1400, Edns.DO, "");
        Header.set(expected.octets, Header.TC, true);
        assertThat(Arrays.copyOf(message, length)).isEqualTo(expected.bytes());
    }

    @Test
    void truncateWithoutOpt() {
        byte[] message = Wire.response("example.org", 1)
                .record(Records.ANSWER, 12, 1, 300, "c0000201")
                .bytes();
        int length = editor.truncate(message, message.length);
        assertThat(length).isEqualTo(Wire.response("example.org", 1).at());
        assertThat(Header.has(message, Header.TC)).isTrue();
        assertThat(Header.ancount(message)).isZero();
    }

    @Test
    void stripRecordsKeepsFlags() {
        byte[] message = answer().bytes();
        int length = editor.stripRecords(message, message.length);
        assertThat(Arrays.copyOf(message, length))
                .isEqualTo(Wire.response("example.org", 1).bytes());
    }

    @Test
    void ttlsAreCappedAgedAndScanned() {
        byte[] message = answer().bytes();
        assertThat(Ttls.scan(message, message.length)).isEqualTo(Ttls.ANY_RECORD | 100);

        assertThat(Ttls.clamp(message, message.length, 200, 1000)).isEqualTo(message.length);
        assertThat(ttls(message)).containsExactly(300, 200, 1000);
        assertThat(Ttls.age(message, message.length, 250)).isEqualTo(message.length);
        assertThat(ttls(message)).containsExactly(50, 0, 750);
        edns.parse(message, message.length);
        assertThat(edns.dnssecOk()).as("OPT's TTL field is no TTL").isTrue();
    }

    @Test
    void aTtlWithItsTopBitSetIsZero() {
        byte[] message = Wire.response("example.org", 1)
                .record(Records.ANSWER, 12, 1, 0x80000001, "c0000201")
                .bytes();
        assertThat(Ttls.scan(message, message.length)).isEqualTo(Ttls.ANY_RECORD);
        Ttls.clamp(message, message.length, 0, 3600);
        assertThat(ttls(message)).containsExactly(0);
    }

    @Test
    void soaCountsInAuthorityOnly() {
        byte[] negative = Wire.response("example.org", 1)
                .record(Records.AUTHORITY, "org", 6, 7, "")
                .bytes();
        assertThat(Ttls.scan(negative, negative.length)).isEqualTo(Ttls.ANY_RECORD | Ttls.SOA_IN_AUTHORITY | 7);
        byte[] answer = Wire.response("example.org", 6)
                .record(Records.ANSWER, "org", 6, 7, "")
                .bytes();
        assertThat(Ttls.scan(answer, answer.length)).isEqualTo(Ttls.ANY_RECORD | 7);
        byte[] onlyOpt = Wire.response("example.org", 6).opt(512, 0, "").bytes();
        assertThat(Ttls.scan(onlyOpt, onlyOpt.length)).isEqualTo(Integer.MAX_VALUE);
        assertThat(Ttls.scan(onlyOpt, onlyOpt.length - 1)).isEqualTo(WireFault.TRUNCATED.code());
    }

    @Test
    void restoresTheQuestionsCase() {
        byte[] message = Wire.response("example.org", 1).bytes();
        byte[] name = Name.parse("eXaMPle.oRG").toWire();
        assertThat(ResponseEditor.restoreQname(message, message.length, name, 0, name.length))
                .isTrue();
        assertThat(Name.at(message, message.length, 12)).hasToString("eXaMPle.oRG.");
        byte[] other = Name.parse("eXaMPle.net").toWire();
        assertThat(ResponseEditor.restoreQname(message, message.length, other, 0, other.length))
                .isFalse();
        assertThat(ResponseEditor.restoreQname(message, 20, name, 0, name.length))
                .isFalse();
    }

    @Test
    void addsExtendedErrors() {
        Wire response = Wire.response("example.org", 1).opt(1232, 0, "");
        byte[] message = response.withRoom(200);
        byte[] text = "blocked".getBytes(StandardCharsets.UTF_8);
        int length = editor.addExtendedError(message, response.at(), 15, text);
        length = editor.addExtendedError(message, length, 22, new byte[0]);
        edns.parse(message, length);
        assertThat(Wire.hex(message, edns.optionsOffset(), length))
                .isEqualTo("000f0009000f" + "626c6f636b6564" + "000f00020016");
        byte[] plain = Wire.response("example.org", 1).withRoom(50);
        assertThat(editor.addExtendedError(plain, plain.length - 50, 15, text)).isEqualTo(WireFault.ABSENT.code());
    }

    private static int[] ttls(byte[] message) {
        Records records = new Records();
        records.start(message, message.length);
        IntStream.Builder ttls = IntStream.builder();
        while (records.next() > 0) {
            if (records.type() != Edns.OPT) {
                ttls.add((int) records.ttl());
            }
        }
        return ttls.build().toArray();
    }
}
