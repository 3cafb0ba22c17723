package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Does the tests' own codec read and write what RFC 1035 and 6891 say? Expected bytes are written out by hand. */
class DnsMessageTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    @Test
    void queryWithEdns() {
        byte[] packet = DnsQuery.of("www.Example.", DnsMessage.AAAA)
                .withId(0x1234)
                .edns(1400)
                .withDnssecOk()
                .option(DnsMessage.COOKIE_OPTION, (byte) 0xAB)
                .packet();
        assertThat(packet)
                .isEqualTo(hex("1234 0100 0001 0000 0000 0001"
                        + "03 777777 07 4578616d706c65 00 001c 0001"
                        + "00 0029 0578 00008000 0005 000a 0001 ab"));
    }

    @Test
    void compressedAnswer() {
        DnsMessage message = DnsMessage.parse(hex("0001 8580 0001 0001 0000 0000"
                + "01 61 02 6263 00 0001 0001"
                + "c00c 0001 0001 00000e10 0004 c0000201"));
        assertThat(message.question()).isEqualTo(new DnsMessage.Question("a.bc.", DnsMessage.A, DnsMessage.IN));
        assertThat(message.answers().getFirst().name()).isEqualTo("a.bc.");
        assertThat(message.answers().getFirst().ttlSeconds()).isEqualTo(3600);
        assertThat(message.answerTexts()).containsExactly("192.0.2.1");
        assertThat(message.has(DnsMessage.QR | DnsMessage.AA | DnsMessage.RD | DnsMessage.RA))
                .isTrue();
    }

    @Test
    void maskingLeavesOptAlone() {
        byte[] packet = hex("ffff 8180 0001 0001 0000 0001"
                + "01 61 00 0001 0001"
                + "c00c 0001 0001 00000e10 0004 c0000201"
                + "00 0029 04d0 00008000 0000");
        assertThat(DnsMessage.withoutIdAndTtls(packet))
                .isEqualTo(hex("0000 8180 0001 0001 0000 0001"
                        + "01 61 00 0001 0001"
                        + "c00c 0001 0001 00000000 0004 c0000201"
                        + "00 0029 04d0 00008000 0000"));
    }

    @Test
    void namesWithEscapes() {
        byte[] wire = DnsName.compose("a\\.b\\032\\255.c.");
        assertThat(wire).isEqualTo(hex("05 61 2e 62 20 ff 01 63 00"));
        assertThat(DnsName.parse(wire, 0)).isEqualTo("a\\.b\\032\\255.c.");
        assertThat(DnsName.end(wire, 0)).isEqualTo(wire.length);
    }

    @Test
    void proxyHeaderBothWays() {
        byte[] header = ReceivedProxyHeader.compose(
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 1000),
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 53),
                true,
                new ReceivedProxyHeader.Tlv(0xE0, new byte[] {7}));
        assertThat(header).isEqualTo(hex("0d0a0d0a000d0a515549540a 21 11 0010 c0000201 c0000202 03e8 0035 e0 0001 07"));
        ReceivedProxyHeader read = ReceivedProxyHeader.read(header).orElseThrow();
        assertThat(read.length()).isEqualTo(header.length);
        assertThat(read.tcp()).isTrue();
        assertThat(read.source().orElseThrow().getPort()).isEqualTo(1000);
        assertThat(read.tlvs()).hasSize(1);
    }
}
