package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientSubnetTest {
    private static final long LO4 = 0xc0a80aff;

    private final ClientSubnet view = new ClientSubnet();
    private final ClientSubnetEditor editor = new ClientSubnetEditor();
    private final Edns edns = new Edns();

    @ParameterizedTest
    @CsvSource({
        "1, 0, 3232238335, 24, 00080007 0001 18 00 c0a80a",
        "1, 0, 3232238335, 32, 00080008 0001 20 00 c0a80aff",
        "1, 0, 3232238335, 20, 00080007 0001 14 00 c0a800",
        "1, 0, 3232238335, 0, 00080004 0001 00 00",
        "2, 2306139568115548160, 1, 56, 0008000b 0002 38 00 20010db8000000",
        "2, 2306139568115548160, 1, 128, 00080014 0002 80 00 20010db8000000000000000000000001",
        "2, 2306139568115548160, 1, 65, 0008000d 0002 41 00 20010db80000000000",
    })
    void composesAndParses(int family, long hi, long lo, int prefix, String expected) {
        byte[] option = new byte[ClientSubnet.MAX_LENGTH];
        int end = ClientSubnet.compose(option, 0, family, hi, lo, prefix);
        assertThat(Wire.hex(option, 0, end)).isEqualTo(expected.replace(" ", ""));

        assertThat(view.parse(option, 4, end - 4)).isZero();
        assertThat(view.family()).isEqualTo(family);
        assertThat(view.sourcePrefix()).isEqualTo(prefix);
        assertThat(view.hi()).isEqualTo(ClientSubnet.maskHi(family, hi, prefix));
        assertThat(view.lo()).isEqualTo(ClientSubnet.maskLo(family, lo, prefix));
    }

    @ParameterizedTest
    @CsvSource({
        "000118, BAD_LENGTH",
        "00011800c0a8, BAD_LENGTH",
        "00011800c0a80a00, BAD_LENGTH",
        "00031800c0a80a, BAD_VALUE",
        "00012100c0a80a0000, BAD_VALUE",
        "00011821c0a80a, BAD_VALUE",
        "00011700c0a80b, BAD_VALUE",
        "00028100, BAD_VALUE",
    })
    void refusesBadOptions(String data, WireFault fault) {
        byte[] bytes = HexFormat.of().parseHex(data);
        assertThat(view.parse(bytes, 0, bytes.length)).isEqualTo(fault.code());
    }

    @Test
    void composeRefusesWhatCannotBe() {
        byte[] option = new byte[10];
        assertThat(ClientSubnet.compose(option, 0, 1, 0, LO4, 33)).isEqualTo(WireFault.BAD_VALUE.code());
        assertThat(ClientSubnet.compose(option, 0, 3, 0, LO4, 24)).isEqualTo(WireFault.BAD_VALUE.code());
        assertThat(ClientSubnet.compose(option, 0, 1, 0, LO4, 24)).isEqualTo(WireFault.NO_ROOM.code());
    }

    @Test
    void addsOptToAQueryWithoutAndTakesItOutOfTheAnswer() {
        Wire query = Wire.query("example.org", 1);
        byte[] message = query.withRoom(64);
        int length = editor.add(message, query.at(), ClientSubnet.IPV4, 0, LO4, 24, false);
        assertThat(editor.change()).isEqualTo(ClientSubnetEditor.OPT_ADDED);
        assertThat(Wire.hex(message, query.at(), length))
                .isEqualTo("000029020000000000000b" + "00080007" + "00011800c0a80a");

        byte[] before = query.bytes();
        assertThat(editor.undo(message, length, ClientSubnetEditor.OPT_ADDED)).isEqualTo(before.length);
        assertThat(message).startsWith(before);
    }

    @Test
    void addsTheOptionToAnOptAndTakesOnlyItOut() {
        Wire query = Wire.query("example.org", 1).opt(4096, Edns.DO, "000a0001ff");
        byte[] message = query.withRoom(64);
        int length = editor.add(message, query.at(), ClientSubnet.IPV4, 0, LO4, 32, true);
        assertThat(editor.change()).isEqualTo(ClientSubnetEditor.OPTION_ADDED);
        assertThat(edns.parse(message, length)).isEqualTo(1);
        assertThat(view.parse(message, edns)).isEqualTo(1);
        assertThat(view.lo()).isEqualTo(LO4 & 0xffff_ffffL);

        assertThat(editor.undo(message, length, ClientSubnetEditor.OPTION_ADDED))
                .isEqualTo(query.at());
        assertThat(message).startsWith(query.bytes());
    }

    @Test
    void keepsOrReplacesTheClientsOwn() {
        Wire query = Wire.query("example.org", 1).opt(4096, Edns.DO, "00080007 00011800 010203");
        byte[] message = query.withRoom(64);
        assertThat(editor.add(message, query.at(), ClientSubnet.IPV4, 0, LO4, 16, false))
                .isEqualTo(query.at());
        assertThat(editor.change()).isEqualTo(ClientSubnetEditor.UNCHANGED);
        assertThat(message).startsWith(query.bytes());

        int length = editor.add(message, query.at(), ClientSubnet.IPV4, 0, LO4, 16, true);
        assertThat(editor.change()).isEqualTo(ClientSubnetEditor.OPTION_REPLACED);
        assertThat(length).isEqualTo(query.at() - 1);
        assertThat(Wire.hex(message, length - 10, length)).isEqualTo("0008000600011000c0a8");
        assertThat(editor.undo(message, length, ClientSubnetEditor.OPTION_REPLACED))
                .isEqualTo(length);
    }

    @Test
    void withoutRoomTheQueryStaysAsItWas() {
        for (int room = 0; room < 22; room++) {
            Wire query = Wire.query("example.org", 1);
            byte[] message = query.withRoom(room);
            byte[] before = message.clone();
            assertThat(editor.add(message, query.at(), ClientSubnet.IPV4, 0, LO4, 24, false))
                    .isEqualTo(WireFault.NO_ROOM.code());
            assertThat(editor.change()).isEqualTo(ClientSubnetEditor.UNCHANGED);
            assertThat(message).isEqualTo(before);
        }
    }

    @Test
    void readsTheScopeOfAnAnswer() {
        byte[] scoped = Wire.response("example.org", 1)
                .opt(1232, 0, "00080007 00011810 010203")
                .bytes();
        assertThat(editor.scope(scoped, scoped.length)).isEqualTo(16);
        byte[] none = Wire.response("example.org", 1).opt(1232, 0, "").bytes();
        assertThat(editor.scope(none, none.length)).isEqualTo(WireFault.ABSENT.code());
    }
}
