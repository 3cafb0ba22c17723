package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AnswerComposerTest {
    private final AnswerComposer composer = new AnswerComposer();
    private final Records records = new Records();

    @Test
    void composesAddressesAndOptForAnEdnsQuery() {
        Wire query = Wire.query("Example.org", 255).opt(4096, Edns.DO, "000a0001ff");
        Octets.putU16(query.octets, Header.FLAGS, Header.RD | Header.CD | Header.AD | Header.TC);
        byte[] message = query.withRoom(100);

        composer.start(message, query.at());
        composer.addA(0xc0000201, 60);
        composer.addAaaa(0x20010db8_00000000L, 1, 61);
        int length = composer.finish(true, AnswerComposer.PAYLOAD_SIZE);

        Wire expected = Wire.query("Example.org", 255)
                .record(Records.ANSWER, 12, 1, 60, "c0000201")
                .record(Records.ANSWER, 12, 28, 61, "20010db8000000000000000000000001")
                .opt(1232, Edns.DO, "");
        Octets.putU16(expected.octets, Header.FLAGS, Header.QR | Header.RD | Header.RA | Header.CD);
        assertThat(Arrays.copyOf(message, length)).isEqualTo(expected.bytes());
    }

    @Test
    void noOptWithoutEdnsOrWhenNotWanted() {
        for (boolean edns : new boolean[] {false, true}) {
            Wire query = Wire.query("example.org", 1);
            if (edns) {
                query.opt(512, 0, "");
            }
            byte[] message = query.withRoom(100);
            int start = composer.start(message, query.at());
            assertThat(composer.queryHadEdns()).isEqualTo(edns);
            composer.rcode(Rcode.REFUSED);
            assertThat(composer.finish(!edns, 1232)).isEqualTo(start);
            assertThat(Header.arcount(message)).isZero();
            assertThat(Header.rcode(message)).isEqualTo(5);
        }
    }

    @Test
    void cnameRawAndFlags() {
        byte[] message = Wire.query("example.org", 5).withRoom(100);
        composer.start(message, message.length - 100);
        composer.flag(Header.AA, true);
        composer.addCname(Name.parse("target.example"), 5);
        composer.addAnswer(16, 6, new byte[] {9, 1, 'x', 9}, 1, 2);
        int length = composer.finish(true, 1232);
        assertThat(Header.has(message, Header.AA)).isTrue();
        records.start(message, length);
        records.next();
        assertThat(Name.at(message, length, records.offset())).hasToString("example.org.");
        assertThat(Name.at(message, length, records.rdOffset())).hasToString("target.example.");
        records.next();
        assertThat(records.type()).isEqualTo(16);
        assertThat(Wire.hex(message, records.rdOffset(), length)).isEqualTo("0178");
    }

    @Test
    void soaInEitherSectionAndExtendedRcode() {
        Soa soa = new Soa(Name.parse("ns.example"), Name.parse("root.example"), 4_000_000_000L, 1, 2, 3, 4);
        for (int section : new int[] {Records.AUTHORITY, Records.ADDITIONAL}) {
            Wire query = Wire.query("nx.example", 1).opt(512, 0, "");
            byte[] message = query.withRoom(100);
            composer.start(message, query.at());
            composer.rcode(Rcode.BADVERS);
            composer.addSoa(section, Name.parse("example"), 30, soa);
            int length = composer.finish(true, 1400);
            records.start(message, length);
            assertThat(records.next()).isEqualTo(1);
            assertThat(records.section()).isEqualTo(section);
            assertThat(Name.at(message, length, records.offset())).hasToString("example.");
            assertThat(Octets.u32(message, records.end() - 20)).isEqualTo(4_000_000_000L);
            Edns edns = new Edns();
            assertThat(edns.parse(message, length)).isEqualTo(1);
            assertThat(edns.payloadSize()).isEqualTo(1400);
            assertThat(edns.extendedRcode() << 4 | Header.rcode(message)).isEqualTo(16);
        }
    }

    @Test
    void whatDoesNotFitIsNoRoomAtTheEnd() {
        Wire query = Wire.query("example.org", 1);
        byte[] message = query.withRoom(20);
        composer.start(message, query.at());
        composer.addA(1, 60);
        composer.addA(2, 60);
        assertThat(composer.finish(true, 1232)).isEqualTo(WireFault.NO_ROOM.code());
        composer.start(message, query.at());
        composer.addA(1, 60);
        assertThat(composer.finish(true, 1232)).isEqualTo(query.at() + 16);
    }

    @Test
    void aQueryWithoutQuestionGetsAHeader() {
        byte[] message = new byte[100];
        Octets.putU16(message, 0, 7);
        assertThat(composer.start(message, 12)).isEqualTo(12);
        composer.rcode(Rcode.NOTIMP);
        assertThat(composer.finish(true, 1232)).isEqualTo(12);
        assertThat(Header.flags(message)).isEqualTo(Header.QR | Rcode.NOTIMP);
        assertThat(composer.start(message, 11)).isEqualTo(WireFault.TRUNCATED.code());
    }
}
