package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private final ProxyHeader header = new ProxyHeader();

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void parsesIpv4WithTlvsAtAnOffset() {
        byte[] datagram = bytes("ffff" + SIGNATURE + "21 12 0014 c0000201 c6336401 1234 0035 200000 030002beef cafe");
        assertThat(header.parse(datagram, 2, datagram.length)).isEqualTo(36);
        assertThat(header.local()).isFalse();
        assertThat(header.tcp()).isFalse();
        assertThat(header.family()).isEqualTo(ProxyHeader.IPV4);
        assertThat(header.sourceLo()).isEqualTo(0xc0000201L);
        assertThat(header.destinationLo()).isEqualTo(0xc6336401L);
        assertThat(header.sourcePort()).isEqualTo(0x1234);
        assertThat(header.destinationPort()).isEqualTo(53);
        assertThat(header.nextTlv(datagram)).isTrue();
        assertThat(header.tlvType()).isEqualTo(0x20);
        assertThat(header.tlvLength()).isZero();
        assertThat(header.nextTlv(datagram)).isTrue();
        assertThat(header.tlvType()).isEqualTo(3);
        assertThat(Wire.hex(datagram, header.tlvOffset(), header.tlvOffset() + header.tlvLength()))
                .isEqualTo("beef");
        assertThat(header.nextTlv(datagram)).isFalse();
        assertThat(header.tlvs(datagram))
                .containsExactly(
                        new ProxyHeader.Tlv(0x20, new byte[0]),
                        new ProxyHeader.Tlv(3, new byte[] {(byte) 0xbe, (byte) 0xef}));
    }

    @Test
    void composesWhatItParses() {
        byte[] tlvs = new byte[64];
        int tlvsLength = ProxyHeader.composeTlv(tlvs, 0, 5, new byte[] {1, 2});
        for (int family : new int[] {ProxyHeader.IPV4, ProxyHeader.IPV6}) {
            long hi = family == ProxyHeader.IPV4 ? 0 : 0x20010db8_00000001L;
            byte[] target = new byte[100];
            int end = ProxyHeader.compose(target, 3, true, family, hi, 0xfffffffeL, 65535, hi, 9, 53, tlvs, tlvsLength);
            assertThat(header.parse(target, 3, end)).isEqualTo(end - 3);
            assertThat(header.tcp()).isTrue();
            assertThat(header.family()).isEqualTo(family);
            assertThat(header.sourceHi()).isEqualTo(hi);
            assertThat(header.sourceLo()).isEqualTo(0xfffffffeL);
            assertThat(header.sourcePort()).isEqualTo(65535);
            assertThat(header.destinationHi()).isEqualTo(hi);
            assertThat(header.destinationLo()).isEqualTo(9);
            assertThat(header.destinationPort()).isEqualTo(53);
            assertThat(header.tlvsEnd() - header.tlvsOffset()).isEqualTo(5);
            for (int have = 0; have < end - 3; have++) {
                assertThat(header.parse(target, 3, 3 + have)).isEqualTo(ProxyHeader.NEED_MORE);
            }
            byte[] small = new byte[end - 1];
            assertThat(ProxyHeader.compose(small, 3, true, family, hi, 1, 1, hi, 9, 53, tlvs, tlvsLength))
                    .isEqualTo(WireFault.NO_ROOM.code());
        }
    }

    @Test
    void localSpeaksOfNobody() {
        byte[] target = new byte[16];
        assertThat(ProxyHeader.composeLocal(target, 0)).isEqualTo(16);
        assertThat(Wire.hex(target, 0, 16)).isEqualTo(SIGNATURE + "20000000");
        assertThat(header.parse(target, 0, 16)).isEqualTo(16);
        assertThat(header.local()).isTrue();
        assertThat(header.nextTlv(target)).isFalse();
        byte[] withAddresses = bytes(SIGNATURE + "20 11 000c 0102030405060708 0001 0002");
        assertThat(header.parse(withAddresses, 0, withAddresses.length)).isEqualTo(28);
        assertThat(header.local()).isTrue();
        assertThat(header.family()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "00, BAD_VALUE",
        "0d0a0d0b, BAD_VALUE",
        "0d0a0d0a000d0a515549540a 11 11 000c 000000000000000000000000, BAD_VALUE",
        "0d0a0d0a000d0a515549540a 22 11 000c 000000000000000000000000, BAD_VALUE",
        "0d0a0d0a000d0a515549540a 21 00 0000, BAD_VALUE",
        "0d0a0d0a000d0a515549540a 21 31 000c, BAD_VALUE",
        "0d0a0d0a000d0a515549540a 21 13 000c, BAD_VALUE",
        "0d0a0d0a000d0a515549540a 21 11 000b 0000000000000000000000, BAD_LENGTH",
        "0d0a0d0a000d0a515549540a 21 21 000c 000000000000000000000000, BAD_LENGTH",
        "0d0a0d0a000d0a515549540a 21 11 000e 000000000000000000000000 0000, BAD_LENGTH",
        "0d0a0d0a000d0a515549540a 21 11 0010 000000000000000000000000 01000200, BAD_LENGTH",
    })
    void refusesBadHeaders(String hex, WireFault fault) {
        byte[] bytes = bytes(hex);
        assertThat(header.parse(bytes, 0, bytes.length)).isEqualTo(fault.code());
    }

    @Test
    void theLimitCanBeCheckedEarly() {
        byte[] bytes = Arrays.copyOf(bytes(SIGNATURE + "2111ffff"), 16);
        assertThat(header.parse(bytes, 0, 16)).isEqualTo(ProxyHeader.NEED_MORE);
        assertThat(ProxyHeader.announcedLength(bytes, 0)).isEqualTo(16 + 65535);
    }
}
