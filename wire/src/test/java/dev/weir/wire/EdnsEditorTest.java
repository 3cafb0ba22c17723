package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EdnsEditorTest {
    private final EdnsEditor editor = new EdnsEditor();
    private final Edns edns = new Edns();

    @Test
    void appendsOptBehindTheLastRecordAndDropsTrailingOctets() {
        Wire query = Wire.query("example.org", 1).hex("deadbeef");
        byte[] message = query.withRoom(20);
        int length = editor.appendOpt(message, query.at(), 1232, Edns.DO, 1);

        assertThat(Wire.hex(message, query.at() - 4, length)).isEqualTo("00002904d0010080000000");
        assertThat(Header.arcount(message)).isEqualTo(1);
        assertThat(edns.parse(message, length)).isEqualTo(1);
        assertThat(edns.end()).isEqualTo(length);
        assertThat(edns.dnssecOk()).isTrue();
    }

    @Test
    void appendOptNeedsElevenOctets() {
        Wire query = Wire.query("example.org", 1);
        byte[] message = query.withRoom(10);
        byte[] before = message.clone();
        assertThat(editor.appendOpt(message, query.at(), 512, 0, 0)).isEqualTo(WireFault.NO_ROOM.code());
        assertThat(message).isEqualTo(before);
    }

    @Test
    void removeOptTurnsPointersAcrossIt() {
        Wire response = Wire.response("example.org", 15);
        response.opt(4096, 0, "000a0008 0102030405060708");
        int owner = response.at();
        response.record(Records.ADDITIONAL, "mx.example.net", 1, 60, "c0000201");
        response.record(Records.ADDITIONAL, owner, 28, 60, "20010db8000000000000000000000001");
        response.record(Records.ADDITIONAL, 12, 15, 60, "000a c0" + String.format("%02x", owner));
        byte[] message = response.bytes();

        int length = editor.removeOpt(message, message.length);

        assertThat(length).isEqualTo(message.length - 23);
        assertThat(Header.arcount(message)).isEqualTo(3);
        Records records = new Records();
        records.start(message, length);
        assertThat(records.next()).isEqualTo(1);
        assertThat(Name.at(message, length, records.offset())).hasToString("mx.example.net.");
        assertThat(records.next()).isEqualTo(1);
        assertThat(Name.at(message, length, records.offset())).hasToString("mx.example.net.");
        assertThat(records.next()).isEqualTo(1);
        assertThat(Name.at(message, length, records.offset())).hasToString("example.org.");
        assertThat(Name.at(message, length, records.rdOffset() + 2)).hasToString("mx.example.net.");
        assertThat(records.next()).isZero();
        assertThat(records.end()).isEqualTo(length);
    }

    @ParameterizedTest(name = "{0}: set {1} gives {2}")
    @CsvSource({
        // an option is added behind the others
        "000a0002aabb, 3, 000a0002aabb 00030002beef",
        "'', 3, 00030002beef",
        // one of the same size, a shorter and a longer one are replaced, and duplicates go
        "00030002aabb 000a0000, 3, 000a0000 00030002beef",
        "00030004aabbccdd, 3, 00030002beef",
        "00030000 000a0001ff 00030003112233, 3, 000a0001ff 00030002beef",
    })
    void setsAnOption(String options, int code, String expected) {
        for (boolean last : new boolean[] {true, false}) {
            Wire query = Wire.query("example.org", 1).opt(1232, Edns.DO, options);
            if (!last) {
                query.record(Records.ADDITIONAL, "tail.example", 1, 0, "7f000001");
            }
            byte[] message = query.withRoom(16);
            int length = editor.setOption(message, query.at(), code, new byte[] {0, (byte) 0xbe, (byte) 0xef}, 1, 2);

            assertThat(edns.parse(message, length)).isEqualTo(1);
            assertThat(Wire.hex(message, edns.optionsOffset(), edns.end())).isEqualTo(expected.replace(" ", ""));
            if (!last) {
                assertThat(Name.at(message, length, edns.end())).hasToString("tail.example.");
                assertThat(Wire.hex(message, length - 4, length)).isEqualTo("7f000001");
            } else {
                assertThat(edns.end()).isEqualTo(length);
            }
        }
    }

    @Test
    void failedEditsChangeNothing() {
        byte[] data = new byte[100];
        Wire noOpt = Wire.query("example.org", 1);
        assertUnchanged(noOpt.withRoom(200), noOpt.at(), WireFault.ABSENT, data);
        Wire noRoom = Wire.query("example.org", 1).opt(1232, 0, "000300020000 000a0000 00030000");
        assertUnchanged(noRoom.withRoom(20), noRoom.at(), WireFault.NO_ROOM, data);
        Wire lie = Wire.query("example.org", 1).opt(1232, 0, "00030003 0000");
        assertUnchanged(lie.withRoom(200), lie.at(), WireFault.BAD_LENGTH, data);
    }

    private void assertUnchanged(byte[] message, int length, WireFault fault, byte[] data) {
        byte[] before = message.clone();
        assertThat(editor.setOption(message, length, 3, data, 0, data.length)).isEqualTo(fault.code());
        assertThat(message).isEqualTo(before);
    }

    @Test
    void aPointerThatCannotGrowIsNoRoom() {
        byte[] message = new byte[0x5000];
        Wire head = Wire.query("example.org", 1).opt(1232, 0, "");
        System.arraycopy(head.octets, 0, message, 0, head.at());
        // a long opaque record, then a pointer just below 16384
        int at = head.at();
        at = record(message, at, 65280, 0x3ff0 - at - 11);
        assertThat(at).isEqualTo(0x3ff0);
        at = record(message, at, 65280, 0);
        Octets.putU16(message, at, 0xc000 | 0x3ff0);
        Octets.putU16(message, at + 2, 1);
        int length = at + 12;
        Octets.putU16(message, Header.ARCOUNT, 4);
        byte[] before = message.clone();

        assertThat(editor.setOption(message, length, 3, new byte[20], 0, 20)).isEqualTo(WireFault.NO_ROOM.code());
        assertThat(message).isEqualTo(before);
        assertThat(editor.setOption(message, length, 3, new byte[8], 0, 8)).isEqualTo(length + 12);
        assertThat(Octets.u16(message, length)).isEqualTo(0xc000 | 0x3ffc);
    }

    private static int record(byte[] message, int at, int type, int dataLength) {
        Octets.putU16(message, at + 1, type);
        Octets.putU16(message, at + 9, dataLength);
        return at + 11 + dataLength;
    }

    @Test
    void removesAllOptionsOfACode() {
        Wire query = Wire.query("example.org", 1).opt(1232, 0, "00080000 000a0001ff 00080001aa");
        byte[] message = query.bytes();
        int length = editor.removeOption(message, message.length, 8);
        edns.parse(message, length);
        assertThat(Wire.hex(message, edns.optionsOffset(), length)).isEqualTo("000a0001ff");
        assertThat(editor.removeOption(message, length, 8)).isEqualTo(length);
        byte[] plain = Wire.query("example.org", 1).bytes();
        assertThat(editor.removeOption(plain, plain.length, 8)).isEqualTo(plain.length);
        assertThat(editor.removeOpt(plain, plain.length)).isEqualTo(plain.length);
    }

    @Test
    void extendedRcodeIsSplit() {
        byte[] message = Wire.response("example.org", 1).opt(1232, 0, "").bytes();
        assertThat(editor.setExtendedRcode(message, message.length, 23)).isEqualTo(message.length);
        edns.parse(message, message.length);
        assertThat(edns.extendedRcode() << 4 | Header.rcode(message)).isEqualTo(23);

        byte[] plain = Wire.response("example.org", 1).bytes();
        assertThat(editor.setExtendedRcode(plain, plain.length, 16)).isEqualTo(WireFault.ABSENT.code());
        assertThat(editor.setExtendedRcode(plain, plain.length, 5)).isEqualTo(plain.length);
        assertThat(Header.rcode(plain)).isEqualTo(5);
    }

    @Test
    void brokenMessagesAreFaults() {
        byte[] message =
                Arrays.copyOf(Wire.query("example.org", 1).opt(1232, 0, "").bytes(), 200);
        for (int length = 0; length < 40; length++) {
            assertThat(editor.removeOpt(message, length)).isLessThan(0);
            assertThat(editor.appendOpt(message, length, 512, 0, 0)).isLessThan(0);
        }
    }
}
