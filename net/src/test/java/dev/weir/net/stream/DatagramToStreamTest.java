package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.net.udp.UdpTransport;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.UdpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A datagram's query whose backend is spoken to over TCP only. */
class DatagramToStreamTest {
    @AfterAll
    static void noBufferIsLost() {
        BufferLeaks.assertNone();
    }

    @Test
    void theAnswerComesBackAsADatagram() throws Exception {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                Streams streams = Streams.create().backend(backend.port(), b -> b.tcpOnly = true);
                UdpTransport udp = new UdpTransport(streams.model)) {
            Frontend frontend = udp.open(ListenSpec.of(Endpoint.parse("127.0.0.1:0", 0)));
            udp.forwardStreamsTo(streams.transport);
            streams.model.start();
            udp.start();
            try (UdpClient client =
                    UdpClient.to(LoopbackPorts.address(frontend.address().port()))) {
                for (int i = 0; i < 20; i++) {
                    DnsQuery query = DnsQuery.of("q" + i + ".example.", DnsMessage.A);
                    DnsMessage answer = DnsMessage.parse(client.exchange(query.packet()));
                    assertThat(answer.id()).isEqualTo(query.id());
                    assertThat(answer.answerTexts()).containsExactly("192.0.2.1");
                }
            }
            assertThat(backend.received()).hasSize(20).allMatch(FakeBackend.Received::tcp);
            assertThat(streams.backend().outstanding()).isZero();
        }
    }
}
