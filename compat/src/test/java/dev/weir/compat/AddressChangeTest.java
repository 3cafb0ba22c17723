package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.NetworkSandbox;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The host gets other addresses, routes and interfaces under a running server, as by DHCP or a tunnel: queries reach the backend again within
 * seconds, and nothing of the old sockets is left.
 */
@NewerThanDebian("asks on by sockets that lead nowhere")
class AddressChangeTest {
    /** A few seconds of an idle machine. */
    private static final Duration BACK = Duration.ofSeconds(15);

    private static final Duration SOON = Duration.ofMillis(300);
    private static final String FAR = "198.18.0.53";
    private static final String FAR_V6 = "fd98:18::53";

    private int asked;

    @ParameterizedTest
    @ValueSource(strings = {"auto", "up"})
    void anotherAddress(String mode) throws Exception {
        NetworkSandbox.run(sandbox -> {
            connect(sandbox);
            try (FakeBackend backend = backend(sandbox);
                    SandboxedWeir weir = new SandboxedWeir(server(FAR, mode, ", udpTimeout=1, sockets=2")).listening();
                    UdpClient client = UdpClient.to(weir.address())) {
                Await.until("a first answer", BACK, () -> ask(client));
                assertThat(sourceOf(backend)).isEqualTo("198.18.0.1");
                long sockets = weir.sockets();
                for (int i = 2; i < 5; i++) {
                    sandbox.ip("addr flush dev near0");
                    sandbox.ip("addr add 198.18.0." + i + "/16 dev near0");
                    Await.until("an answer after change " + i, BACK, () -> ask(client));
                    assertThat(sourceOf(backend)).isEqualTo("198.18.0." + i);
                }
                Await.until("old sockets are closed", BACK, () -> weir.sockets() <= sockets);
                Await.until("nothing is waited for", BACK, () -> weir.console("getServer(0):getOutstanding()")
                        .equals("0"));
                assertThat(weir.process().output()).contains("Replaced the sockets to a backend");
            }
        });
    }

    /** Over IPv6 the kernel goes on sending from an address that it does not have any more. */
    @ParameterizedTest
    @ValueSource(strings = {"auto", "up"})
    void anotherAddressOfIpv6(String mode) throws Exception {
        NetworkSandbox.run(sandbox -> {
            connect(sandbox);
            try (FakeBackend backend = backend(sandbox);
                    SandboxedWeir weir =
                            new SandboxedWeir(server('[' + FAR_V6 + ']', mode, ", udpTimeout=1")).listening();
                    UdpClient client = UdpClient.to(weir.address())) {
                Await.until("a first answer", BACK, () -> ask(client));
                sandbox.ip("addr del fd98:18::1/64 dev near0");
                sandbox.ip("addr add fd98:18::2/64 dev near0 nodad");
                Await.until("an answer", BACK, () -> ask(client));
                assertThat(sourceOf(backend)).isEqualTo("fd98:18:0:0:0:0:0:2");
            }
        });
    }

    @Test
    void theLinkGoesAndComesBackWithAnotherAddress() throws Exception {
        NetworkSandbox.run(sandbox -> {
            connect(sandbox);
            try (FakeBackend backend = backend(sandbox);
                    SandboxedWeir weir = new SandboxedWeir(
                                    server(FAR, "auto", ", maxCheckFailures=1, checkTimeout=300"))
                            .listening();
                    UdpClient client = UdpClient.to(weir.address())) {
                Await.until("a first answer", BACK, () -> ask(client));
                sandbox.ip("link set near0 down");
                sandbox.ip("addr flush dev near0");
                Await.until("the backend is down", BACK, () -> weir.process()
                        .output()
                        .contains("down"));
                sandbox.ip("link set near0 up");
                sandbox.ip("addr add 198.18.0.2/16 dev near0");
                Await.until("an answer", BACK, () -> ask(client));
                assertThat(sourceOf(backend)).isEqualTo("198.18.0.2");
            }
        });
    }

    /** As when a tunnel comes up beside: the old address stays, but is not what the kernel would choose now. */
    @Test
    void anotherRoute() throws Exception {
        NetworkSandbox.run(sandbox -> {
            connect(sandbox);
            try (FakeBackend backend = backend(sandbox);
                    SandboxedWeir weir = new SandboxedWeir(server(FAR, "auto", "")).listening();
                    UdpClient client = UdpClient.to(weir.address())) {
                Await.until("a first answer", BACK, () -> ask(client));
                sandbox.ip("addr add 198.18.0.2/16 dev near0");
                sandbox.ip("route change 198.18.0.0/16 dev near0 src 198.18.0.2");
                Await.until(
                        "a query from the new address",
                        BACK,
                        () -> ask(client) && sourceOf(backend).equals("198.18.0.2"));
            }
        });
    }

    @Test
    void aSourceInterfaceIsMadeAnew() throws Exception {
        NetworkSandbox.run(sandbox -> {
            connect(sandbox);
            try (FakeBackend backend = backend(sandbox);
                    SandboxedWeir weir =
                            new SandboxedWeir(server(FAR, "up", ", udpTimeout=1, source='near0'")).listening();
                    UdpClient client = UdpClient.to(weir.address())) {
                Await.until("a first answer", BACK, () -> ask(client));
                sandbox.ip("link del near0");
                connect(sandbox);
                Await.until("an answer", BACK, () -> ask(client));
                assertThat(backend.queryCount()).isPositive();
            }
        });
    }

    /** An idle connection would take a query, and give it up only after 30 seconds. */
    @ParameterizedTest
    @ValueSource(strings = {"auto", "up"})
    void idleConnectionsToBackends(String mode) throws Exception {
        NetworkSandbox.run(sandbox -> {
            connect(sandbox);
            try (FakeBackend backend = backend(sandbox);
                    SandboxedWeir weir =
                            new SandboxedWeir(server(FAR, mode, ", tcpOnly=true, maxInFlight=10")).listening();
                    UdpClient client = UdpClient.to(weir.address());
                    TcpClient stream = TcpClient.to(weir.address())) {
                Await.until("a first answer", BACK, () -> ask(client));
                stream.ask(query());
                sandbox.ip("addr flush dev near0");
                sandbox.ip("addr add 198.18.0.2/16 dev near0");
                byte[] last = query().packet();
                stream.send(last);
                assertThat(stream.tryReceive(BACK))
                        .as("the first query after the change")
                        .isPresent();
                Await.until("an answer over UDP", BACK, () -> ask(client));
                assertThat(sourceOf(backend)).isEqualTo("198.18.0.2");
                Await.until("nothing is waited for", BACK, () -> weir.console("getServer(0):getOutstanding()")
                        .equals("0"));
            }
        });
    }

    private static void connect(NetworkSandbox sandbox) throws Exception {
        sandbox.cable("near0", "far0");
        sandbox.ip("addr add 198.18.0.1/16 dev near0");
        sandbox.ip("addr add fd98:18::1/64 dev near0 nodad");
        sandbox.farIp("addr add " + FAR + "/16 dev far0");
        sandbox.farIp("addr add " + FAR_V6 + "/64 dev far0 nodad");
    }

    private static FakeBackend backend(NetworkSandbox sandbox) throws Exception {
        return sandbox.far(() -> FakeBackend.start(
                new InetSocketAddress(5353),
                query -> Reply.send(FakeBackend.addressOrNothing(query.query(), "192.0.2.1"))));
    }

    private static String server(String address, String mode, String options) {
        return "newServer({address='%s:5353', healthCheckMode='%s'%s})%n".formatted(address, mode, options);
    }

    private DnsQuery query() {
        return DnsQuery.of("n" + ++asked + ".example.", DnsMessage.A);
    }

    /** Whether a fresh query is answered at once. */
    private boolean ask(UdpClient client) {
        Optional<byte[]> answer = client.tryExchange(query().packet(), SOON);
        return answer.isPresent()
                && !DnsMessage.parse(answer.get()).answerTexts().isEmpty();
    }

    private static String sourceOf(FakeBackend backend) {
        return backend.last().from().getAddress().getHostAddress().replaceFirst("%.*", "");
    }
}
