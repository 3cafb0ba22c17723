package dev.weir.app.demo;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo's backend as a client sees it, over real sockets. */
@Timeout(300)
class DemoAuthorityTest {
    private DemoAuthority authority;
    private UdpClient udp;

    @BeforeEach
    void start() throws IOException {
        authority = DemoAuthority.start("alpha");
        udp = UdpClient.to(authority.address());
    }

    @AfterEach
    void stop() {
        udp.close();
        authority.close();
    }

    @Test
    void addressesAreAuthoritative() {
        DnsMessage answer = ask("www.demo.example.", DnsMessage.A);
        assertThat(answer.answerTexts()).containsExactly("192.0.2.10", "192.0.2.11");
        assertThat(answer.rcode()).isEqualTo(DnsMessage.NOERROR);
        assertThat(answer.has(DnsMessage.QR | DnsMessage.AA | DnsMessage.RD)).isTrue();
        assertThat(answer.has(DnsMessage.RA)).isFalse();
        assertThat(answer.opt()).isEmpty();
        assertThat(ask("WWW.demo.Example.", DnsMessage.AAAA).answerTexts()).containsExactly("2001:db8:0:0:0:0:0:10");
    }

    @Test
    void healthChecksSucceed() {
        assertThat(ask("a.root-servers.net.", DnsMessage.A).answerTexts()).containsExactly("192.0.2.1");
    }

    @Test
    void eachInstanceNamesItself() throws IOException {
        assertThat(strings(ask("whoami.demo.example.", DnsMessage.TXT))).isEqualTo("alpha");
        try (DemoAuthority other = DemoAuthority.start("beta");
                UdpClient client = UdpClient.to(other.address())) {
            DnsMessage answer = client.ask(DnsQuery.of("whoami.demo.example.", DnsMessage.TXT));
            assertThat(strings(answer)).isEqualTo("beta");
            assertThat(answer.answers().getFirst().ttlSeconds()).isZero();
        }
    }

    @Test
    void apexHasWhatAZoneNeeds() {
        assertThat(ask("demo.example.", DnsMessage.MX).answers().getFirst().rdata())
                .isEqualTo("\0\12\4mail\4demo\7example\0".getBytes(US_ASCII));
        assertThat(ask("demo.example.", DnsMessage.NS).answers().getFirst().rdata())
                .isEqualTo("\2ns\4demo\7example\0".getBytes(US_ASCII));
        assertThat(ask("demo.example.", DnsMessage.SOA).answers()).hasSize(1);
        assertThat(ask("demo.example.", DnsMessage.ANY).answers())
                .extracting(DnsMessage.Rr::type)
                .containsExactly(DnsMessage.NS, DnsMessage.SOA, DnsMessage.MX);
    }

    @Test
    void aliasComesWithWhatItStandsFor() {
        DnsMessage answer = ask("alias.demo.example.", DnsMessage.A);
        assertThat(answer.answers())
                .extracting(DnsMessage.Rr::name)
                .containsExactly("alias.demo.example.", "www.demo.example.", "www.demo.example.");
        assertThat(ask("alias.demo.example.", DnsMessage.CNAME).answers()).hasSize(1);
        DnsMessage none = ask("alias.demo.example.", DnsMessage.MX);
        assertThat(none.answers()).extracting(DnsMessage.Rr::type).containsExactly(DnsMessage.CNAME);
        assertThat(none.authorities()).extracting(DnsMessage.Rr::type).containsExactly(DnsMessage.SOA);
    }

    @Test
    void wildcardStandsForNamesThatAreNotThere() {
        DnsMessage answer = ask("any.thing.wild.demo.example.", DnsMessage.A);
        assertThat(answer.answers().getFirst().name()).isEqualTo("any.thing.wild.demo.example.");
        assertThat(answer.answerTexts()).containsExactly("192.0.2.42");
        assertNegative(DnsMessage.NOERROR, ask("any.wild.demo.example.", DnsMessage.TXT));
        assertNegative(DnsMessage.NOERROR, ask("wild.demo.example.", DnsMessage.A));
    }

    @Test
    void whatIsNotThereIsShownWithTheSoa() {
        assertNegative(DnsMessage.NXDOMAIN, ask("nothing.demo.example.", DnsMessage.A));
        assertNegative(DnsMessage.NXDOMAIN, ask("below.www.demo.example.", DnsMessage.A));
        assertNegative(DnsMessage.NOERROR, ask("www.demo.example.", DnsMessage.MX));
    }

    @Test
    void othersZonesOtherClassesAndTransfersAreRefused() {
        assertThat(ask("example.com.", DnsMessage.A).rcode()).isEqualTo(DnsMessage.REFUSED);
        assertThat(ask("demo.example.", DnsMessage.AXFR).rcode()).isEqualTo(DnsMessage.REFUSED);
        assertThat(udp.ask(DnsQuery.of("www.demo.example.", DnsMessage.A).withClass(3))
                        .rcode())
                .isEqualTo(DnsMessage.REFUSED);
    }

    @Test
    void bigAnswerNeedsTcp() {
        DnsQuery query = DnsQuery.of("big.demo.example.", DnsMessage.TXT);
        for (DnsQuery each : new DnsQuery[] {query, query.edns(512), query.edns(4096)}) {
            DnsMessage cut = udp.ask(each);
            assertThat(cut.has(DnsMessage.TC)).isTrue();
            assertThat(cut.answers()).isEmpty();
        }
        try (TcpClient tcp = TcpClient.to(authority.address())) {
            for (int i = 0; i < 3; i++) {
                DnsMessage whole = tcp.ask(query);
                assertThat(whole.has(DnsMessage.TC)).isFalse();
                assertThat(strings(whole)).startsWith("too big for UDP").hasSize(3200);
            }
        }
    }

    @Test
    void ednsIsAnsweredWithEdns() {
        DnsMessage answer = udp.ask(
                DnsQuery.of("www.demo.example.", DnsMessage.A).edns(4096).withDnssecOk());
        assertThat(answer.payloadSize()).isEqualTo(1232);
        assertThat(answer.dnssecOk()).isTrue();
        DnsMessage query = DnsQuery.of("www.demo.example.", DnsMessage.A).message();
        DnsMessage.Rr version1 = new DnsMessage.Rr(".", DnsMessage.OPT, 1232, 0x10000, new byte[0]);
        DnsMessage odd = new DnsMessage(
                query.id(), query.flags(), query.questions(), query.answers(), query.authorities(), List.of(version1));
        DnsMessage badVersion = DnsMessage.parse(udp.exchange(odd.compose()));
        assertThat(badVersion.opt().orElseThrow().ttlSeconds() >>> 24).isEqualTo(1);
        assertThat(badVersion.answers()).isEmpty();
    }

    @Test
    void badMessagesGetAnErrorOrNothing() {
        byte[] query = DnsQuery.of("www.demo.example.", DnsMessage.A).packet();
        byte[] noQuestion = Arrays.copyOf(query, 12);
        assertThat(DnsMessage.parse(udp.exchange(DnsQuery.of("www.demo.example.", DnsMessage.A)
                                .withFlags(0x2000)
                                .packet()))
                        .rcode())
                .isEqualTo(DnsMessage.NOTIMP);
        DnsMessage broken = DnsMessage.parse(udp.exchange(noQuestion));
        assertThat(broken.rcode()).isEqualTo(DnsMessage.FORMERR);
        assertThat(broken.questions()).isEmpty();
        udp.send(new byte[] {1, 2, 3});
        udp.send(DnsQuery.of("www.demo.example.", DnsMessage.A)
                .withFlags(DnsMessage.QR)
                .packet());
        assertThat(udp.receive(Duration.ofMillis(100))).isEmpty();
        assertThat(udp.ask(DnsQuery.of("www.demo.example.", DnsMessage.A)).answers())
                .hasSize(2);
    }

    @Test
    void noMessageEndsTheResponder() {
        Responder responder = new Responder(DemoZones.of("alpha"));
        Random random = new Random(1);
        byte[] query = DnsQuery.of("www.demo.example.", DnsMessage.A).edns(1232).packet();
        byte[] message = new byte[Responder.BUFFER_SIZE];
        for (int i = 0; i < 100_000; i++) {
            System.arraycopy(query, 0, message, 0, query.length);
            for (int changes = random.nextInt(6); changes > 0; changes--) {
                message[2 + random.nextInt(query.length - 2)] = (byte) random.nextInt();
            }
            int length = responder.answer(message, random.nextInt(query.length + 1), true);
            assertThat(length).isLessThanOrEqualTo(1232);
            if (length > 0) {
                assertThat(message[2]).as("QR").isNegative();
                DnsMessage.parse(Arrays.copyOf(message, length));
            }
        }
    }

    @Test
    void closingFreesThePort() throws IOException {
        authority.close();
        new DatagramSocket(authority.address()).close();
        new ServerSocket(authority.address().getPort(), 1, authority.address().getAddress()).close();
    }

    private DnsMessage ask(String name, int type) {
        return udp.ask(DnsQuery.of(name, type));
    }

    private static void assertNegative(int rcode, DnsMessage answer) {
        assertThat(answer.rcode()).isEqualTo(rcode);
        assertThat(answer.has(DnsMessage.AA)).isTrue();
        assertThat(answer.answers()).isEmpty();
        assertThat(answer.authorities()).singleElement().satisfies(soa -> {
            assertThat(soa.name()).isEqualTo("demo.example.");
            assertThat(soa.type()).isEqualTo(DnsMessage.SOA);
            assertThat(soa.ttlSeconds()).isEqualTo(30);
        });
    }

    /** The strings of the first record, joined. */
    private static String strings(DnsMessage answer) {
        byte[] data = answer.answers().getFirst().rdata();
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < data.length; at += 1 + (data[at] & 0xff)) {
            text.append(new String(data, at + 1, data[at] & 0xff, US_ASCII));
        }
        return text.toString();
    }
}
