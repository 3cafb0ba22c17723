package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.action.AnswerFlags;
import dev.weir.engine.action.Answering;
import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.listen.FastOpenKey;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.rule.LogicSelector;
import dev.weir.engine.rule.Rule;
import dev.weir.net.health.HealthChecker;
import dev.weir.sys.ChannelSocket;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.KernelSandbox;
import dev.weir.testkit.NetworkSandbox;
import dev.weir.testkit.TcpClient;
import dev.weir.wire.Name;
import dev.weir.wire.Rcode;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where connections to backends begin and what they are made of: queries' and checks' alike. */
class BackendChannelTest {
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", DnsMessage.A);

    /** Two ways lead to the backend, and routing prefers the first. */
    @Test
    void connectionsLeaveThroughTheInterfaceThatWasAskedFor() throws Exception {
        NetworkSandbox.run(sandbox -> {
            for (int way = 1; way <= 2; way++) {
                sandbox.cable("way" + way, "yaw" + way);
                sandbox.ip("addr add 198.18." + way + ".1/24 dev way" + way);
                sandbox.farIp("addr add 198.18." + way + ".2/24 dev yaw" + way);
                sandbox.ip("route add 198.18.9.9 via 198.18." + way + ".2 metric " + way);
            }
            sandbox.farIp("addr add 198.18.9.9/32 dev lo");
            try (FakeBackend server = sandbox.far(() -> FakeBackend.start(
                            new InetSocketAddress("198.18.9.9", 53),
                            query -> Reply.send(FakeBackend.addressOrNothing(query.query(), "192.0.2.1"))));
                    Streams streams = Streams.create()) {
                BackendSpec.Builder spec = BackendSpec.of(Endpoint.parse("198.18.9.9:53", 53));
                spec.tcpOnly = true;
                spec.sourceInterface = "way2";
                spec.checkName = Name.parse("check.example.");
                Backend backend = new Backend(spec.build());
                streams.model.addBackend(backend);
                streams.start();
                try (HealthChecker checker = new HealthChecker(streams.model, streams.transport)) {
                    checker.runInitial();
                }
                assertThat(backend.isUp()).isTrue();
                try (TcpClient client = streams.connect()) {
                    assertThat(client.ask(QUERY).answerTexts()).containsExactly("192.0.2.1");
                }
                assertThat(server.received())
                        .extracting(received -> received.from().getAddress().getHostAddress())
                        .hasSize(2)
                        .containsOnly("198.18.2.1");
            }
        });
    }

    /** The second connection has the cookie that the first one was given. */
    @Test
    void dataGoesOutWithTheFirstPacketWhereThatIsAskedFor() throws Exception {
        NetworkSandbox.run(sandbox -> {
            KernelSandbox.command("sysctl", "-q", "-w", "net.ipv4.tcp_fastopen=3");
            Model answering = new Model();
            answering
                    .rules()
                    .add(Rule.of(
                            new LogicSelector.All(),
                            new Answering.RCode(Rcode.REFUSED, AnswerFlags.DEFAULT),
                            null,
                            ""));
            answering.start();
            try (StreamTransport server = new StreamTransport(answering);
                    Streams streams = Streams.create()) {
                StreamListener listener =
                        server.open(SocketSpec.of(Endpoint.parse("127.0.0.1:0", 0)), new StreamSpec(0, 64, 0, 0));
                server.start();
                BackendSpec.Builder spec = BackendSpec.of(listener.address());
                spec.healthMode = BackendSpec.HealthMode.UP;
                spec.tcpOnly = true;
                spec.tcpFastOpen = true;
                streams.model.addBackend(new Backend(spec.build()));
                streams.model.settings().set(Setting.MAX_CACHED_TCP_CONNECTIONS_PER_DOWNSTREAM, 0);
                streams.start();
                try (TcpClient client = streams.connect()) {
                    client.ask(QUERY);
                }
                assertThat(opened()).isZero();
                try (TcpClient client = streams.connect()) {
                    client.ask(QUERY);
                }
                assertThat(opened()).isPositive();
            }
        });
    }

    /** A cookie of one listener is good at another with the same key, and only there. */
    @ParameterizedTest
    @CsvSource({"1-2-3-4, 1-2-3-4, 1", "1-2-3-4, 1-2-3-5, 0"})
    void cookiesAreMadeOfTheKeyThatIsGiven(String first, String second, long opened) throws Exception {
        NetworkSandbox.run(sandbox -> {
            KernelSandbox.command("sysctl", "-q", "-w", "net.ipv4.tcp_fastopen=3");
            Model answering = new Model();
            answering.start();
            try (StreamTransport server = new StreamTransport(answering)) {
                List<Endpoint> addresses = new ArrayList<>();
                for (String key : List.of(first, second)) {
                    StreamSpec spec = new StreamSpec(0, 64, FastOpenKey.parse(key), 0, 0);
                    addresses.add(server.open(SocketSpec.of(Endpoint.parse("127.0.0.1:0", 0)), spec)
                            .address());
                }
                server.start();
                for (Endpoint address : addresses) {
                    assertThat(opened()).isZero();
                    try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.INET)) {
                        ChannelSocket.fastOpen(client);
                        client.connect(new InetSocketAddress("127.0.0.1", address.port()));
                        client.write(ByteBuffer.wrap(new byte[2]));
                        assertThat(client.read(ByteBuffer.allocate(1)))
                                .as("a message of no length is cut off")
                                .isEqualTo(-1);
                    }
                }
                assertThat(opened()).isEqualTo(opened);
            }
        });
    }

    /** Connections of this network that began with data. */
    private static long opened() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("/proc/thread-self/net/netstat"));
        List<String> names = Arrays.asList(lines.get(0).split(" ", -1));
        return Long.parseLong(lines.get(1).split(" ", -1)[names.indexOf("TCPFastOpenActive")]);
    }
}
