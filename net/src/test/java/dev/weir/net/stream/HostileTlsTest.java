package dev.weir.net.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.engine.model.Setting;
import dev.weir.engine.task.FaultGuard;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.TlsClient;
import dev.weir.wire.Rcode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What do clients get that speak TLS, but not well? And do others notice? */
class HostileTlsTest {
    private static final TestCertificates FILES = new TestCertificates();
    private static final TestCertificates.Pair PAIR = FILES.make("dns", "dns.example");
    private static final DnsQuery QUERY = DnsQuery.of("www.example.", DnsMessage.A);
    private static final int DAMAGES = 150;

    private EncryptedListener listener;
    private final long survived = FaultGuard.total();

    @BeforeEach
    void start() throws IOException {
        listener = new EncryptedListener(EncryptedListener.spec(PAIR));
        listener.model.settings().set(Setting.TCP_RECV_TIMEOUT, 1);
    }

    @AfterEach
    void othersAreServed() {
        try (TcpClient other = new TlsClient().dns(listener.address())) {
            assertThat(other.ask(QUERY).rcode()).isEqualTo(Rcode.REFUSED);
        }
        Await.until(
                "nobody is left",
                Await.PATIENCE,
                () -> listener.frontend().stream().currentConnections.get() == 0);
        assertThat(FaultGuard.total()).as("errors of ours").isEqualTo(survived);
        listener.close();
    }

    @AfterAll
    static void end() {
        FILES.close();
        BufferLeaks.assertNone();
    }

    @Test
    void nobodyNegotiatesAgain() throws IOException {
        try (SSLSocket socket = new TlsClient().only("TLSv1.2").connect(listener.address())) {
            socket.getOutputStream().write(framed(QUERY.packet()));
            assertThat(socket.getInputStream().read()).isNotNegative();
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        socket.getOutputStream().write(framed(QUERY.packet()));
                        socket.getInputStream().readAllBytes();
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    /** A record for each octet of a query that is never whole. */
    @Test
    void aQueryInRecordsOfOneOctetHasTheTimeOfOne() {
        try (TcpClient slow = new TlsClient().dns(listener.address())) {
            byte[] query = framed(QUERY.packet());
            boolean cut = false;
            for (int i = 0; i < query.length - 1 && !cut; i++) {
                slow.sendRaw(new byte[] {query[i]});
                cut = slow.closedWithin(Duration.ofMillis(200));
            }
            assertThat(cut).isTrue();
        }
        Await.until(
                "it is counted",
                Await.PATIENCE,
                () -> listener.frontend().stream().clientTimeouts.sum() == 1);
    }

    @Test
    void messagesWithoutAHeaderAndGreatOnesThatNeverEnd() {
        try (TcpClient empty = new TlsClient().dns(listener.address());
                TcpClient endless = new TlsClient().dns(listener.address())) {
            empty.sendRaw(new byte[] {0, 0});
            assertThat(empty.closedWithin(Await.PATIENCE)).isTrue();
            endless.sendRaw(Arrays.copyOf(new byte[] {-1, -1}, 60_000));
            assertThat(endless.closedWithin(Await.PATIENCE)).isTrue();
        }
    }

    /** On the way to us one octet is changed, or the rest is lost; an octet of a handshake, of a query, of a goodbye. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void damageOnTheWayHarmsNobody(String version) throws IOException {
        SplittableRandom random = new SplittableRandom(version.hashCode());
        int answered = 0;
        for (int i = 0; i < DAMAGES; i++) {
            try (Relay relay = new Relay(listener.address(), random.nextInt(900), random.nextBoolean())) {
                answered += asks(relay.address(), version) ? 1 : 0;
            }
        }
        assertThat(answered).as("damage behind all that counts").isLessThan(DAMAGES);
        assertThat(listener.frontend().queries().sum()).isLessThanOrEqualTo(3L * DAMAGES);
    }

    private static boolean asks(InetSocketAddress server, String version) {
        try (TcpClient client = new TlsClient().only(version).dns(server)) {
            for (int i = 0; i < 3; i++) {
                if (client.ask(QUERY.withId(i)).rcode() != Rcode.REFUSED) {
                    return false;
                }
            }
            return true;
        } catch (UncheckedIOException | AssertionError e) {
            return false;
        }
    }

    private static byte[] framed(byte[] message) {
        byte[] framed = new byte[2 + message.length];
        framed[0] = (byte) (message.length >> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        return framed;
    }

    /** Carries one connection's octets, and damages those of the client at one place. */
    private static final class Relay implements AutoCloseable {
        private final ServerSocket door;
        private final InetSocketAddress server;

        /** @param cut whether nothing goes on from the place on, instead of one octet being another */
        Relay(InetSocketAddress server, int place, boolean cut) throws IOException {
            this.server = server;
            door = new ServerSocket(0, 1, LoopbackPorts.loopback());
            Thread.ofVirtual().start(() -> carry(place, cut));
        }

        InetSocketAddress address() {
            return LoopbackPorts.address(door.getLocalPort());
        }

        private void carry(int place, boolean cut) {
            try (Socket client = door.accept();
                    Socket there = new Socket(server.getAddress(), server.getPort())) {
                there.setTcpNoDelay(true);
                Thread back = Thread.ofVirtual().start(() -> back(there, client));
                InputStream in = client.getInputStream();
                OutputStream out = there.getOutputStream();
                byte[] octets = new byte[4096];
                int passed = 0;
                for (int length = in.read(octets); length > 0; length = in.read(octets)) {
                    int at = place - passed;
                    if (at >= 0 && at < length && cut) {
                        out.write(octets, 0, at);
                        break;
                    } else if (at >= 0 && at < length) {
                        octets[at] ^= 0x41;
                    }
                    out.write(octets, 0, length);
                    passed += length;
                }
                there.shutdownOutput();
                back.join();
            } catch (IOException e) {
                // The other side has had enough.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static void back(Socket from, Socket to) {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
                to.shutdownOutput();
            } catch (IOException e) {
                // The other side has had enough.
            }
        }

        @Override
        public void close() throws IOException {
            door.close();
        }
    }
}
