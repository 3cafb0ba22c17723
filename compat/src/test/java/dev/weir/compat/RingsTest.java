package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static dev.weir.testkit.DnsMessage.AAAA;
import static dev.weir.testkit.DnsMessage.MX;
import static dev.weir.testkit.DnsMessage.NOERROR;
import static dev.weir.testkit.DnsMessage.NXDOMAIN;
import static dev.weir.testkit.DnsMessage.REFUSED;
import static dev.weir.testkit.DnsMessage.TXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Do the listings of recent traffic read byte for byte as dnsdist's after the same traffic? */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RingsTest {
    /** Later versions than Debian's know RD of queries that timed out, and escape dots inside labels of the tree. */
    private static final boolean NEWER = TestSubject.current() == TestSubject.WEIR;

    private static final String DOT = NEWER ? "\\." : ".";

    private static final int ID = 4711;

    private FakeBackend backend;
    private DnsProcess subject;

    @BeforeAll
    void serve() {
        backend = FakeBackend.start(RingsTest::answer);
        subject = DnsProcess.start("""
                newServer({address="%s", name="main"})
                newServer({address="%s", name="stream", tcpOnly=true, pool="stream"})
                setUDPTimeout(1)
                addAction("stream.test.", PoolAction("stream"))
                addAction("self.test.", SpoofAction("192.0.2.7"))
                """.formatted(backend.hostPort(), backend.hostPort()));
        ask("127.0.0.1", "WWW.example.org.", A, 3);
        ask("127.0.0.1", "www.Example.org.", AAAA, 1);
        ask("127.0.0.2", "nx.example.org.", A, 2);
        ask("127.0.0.3", "ref.a\\.b.example.net.", MX, 1);
        ask("127.0.0.1", "self.test.", A, 1);
        ask("127.0.0.1", "slow.test.", TXT, 1);
        try (TcpClient client = subject.tcp()) {
            client.ask(DnsQuery.of("tcp.test.", A).withId(ID).withFlags(0));
        }
        try (UdpClient client = subject.udp()) {
            client.send(DnsQuery.of("drop.test.", A).withId(ID).packet());
            // The line of the timeout: its latency is no number.
            assertThat(Await.reached(Await.PATIENCE, () -> grep("drop.test").contains(" T.O ")))
                    .isTrue();
        }
    }

    private static Reply answer(FakeBackend.Received received) {
        DnsMessage query = received.query();
        return switch (received.name().split("\\.", 2)[0]) {
            case "nx" -> Reply.send(query.reply(NXDOMAIN));
            case "ref" -> Reply.send(query.reply(REFUSED));
            case "drop" -> Reply.drop();
            case "slow" -> Reply.later(Duration.ofMillis(600), query.reply(NOERROR));
            default -> Reply.send(query.reply(NOERROR));
        };
    }

    private void ask(String from, String name, int type, int times) {
        try (UdpClient client = UdpClient.between(InetAddress.getByName(from), subject.address())) {
            for (int i = 0; i < times; i++) {
                client.ask(DnsQuery.of(name, type).withId(ID));
            }
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @AfterAll
    void stop() {
        subject.close();
        backend.close();
    }

    private String top(String call) {
        return subject.console(call) + "\n";
    }

    /** With the client's ports as P, the backend's as B, times as -T, and latencies as words of the same width. */
    private String grep(String arguments) {
        String call = arguments.startsWith("{") ? arguments : "\"" + arguments.replace("\\", "\\\\") + "\"";
        return subject.console("grepq(" + call + ")")
                .replace(":" + backend.port() + " ", ":B ")
                .replaceAll("(?m)^-[0-9.]+ *", "-T ")
                .replaceAll("(127\\.0\\.0\\.[0-9]):[0-9]+ +Do", "$1:P Do")
                .replaceAll("(?<= )([0-9][.][0-9] {3}|[0-9]{2}[.][0-9] {2})", "LAT   ")
                .replaceAll("(?<= )[5-9][0-9]{2}[.][0-9] ", "SLOW  ");
    }

    @Test
    void names() {
        assertThat(top("topQueries(2)")).isEqualTo("""
                   1  www.example.org.                            4 36.4%
                   2  nx.example.org.                             2 18.2%
                   3  Rest                                        5 45.5%
                """);
        assertThat(top("topQueries(2, 1)")).isEqualTo("""
                   1  org.                                        6 54.5%
                   2  test.                                       4 36.4%
                   3  Rest                                        1  9.1%
                """);
        assertThat(top("topQueries(0)")).isEqualTo("   1  Rest                                       11 100.0%\n");
        assertThat(top("topQueries(9, 0)").lines()).hasSize(2);
    }

    @Test
    void answers() {
        assertThat(top("topResponses(1)")).startsWith("   1  www.example.org.                            4 ");
        assertThat(top("topResponses(3, DNSRCode.NXDOMAIN, 2)")).isEqualTo("""
                   1  example.org.                                2 100.0%
                   2  Rest                                        0  0.0%
                """);
        assertThat(top("topResponses(3, DNSRCode.REFUSED)")).isEqualTo("""
                   1  ref.a\\.b.example.net.                       1 100.0%
                   2  Rest                                        0  0.0%
                """);
        assertThat(top("topResponses(3, 9)")).isEqualTo("   1  Rest                                        0 100.0%\n");
        assertThat(top("topSlow()")).contains("  slow.test.       ");
    }

    @Test
    void clients() {
        assertThat(top("topClients(2)")).isEqualTo("""
                   1  127.0.0.1                                   8 72.7%
                   2  127.0.0.2                                   2 18.2%
                   3  Rest                                        1  9.1%
                """);
        assertThat(top("topBandwidth(2)").replaceAll("127.0.0.1 +[0-9]+ .*", "127.0.0.1"))
                .startsWith("   1  127.0.0.1\n   2  127.0.0.2                                 128 ");
    }

    @Test
    void entries() {
        assertThat(grep("{'127.0.0.2/31', 'example.net'}") + "\n").isEqualTo("""
                Time    Client                                          Protocol     Server       ID    Name                      Type  Lat.   TC RD AA Rcode
                -T 127.0.0.3:P DoUDP                     4711  ref.a\\.b.example.net.     MX              RD    Question
                -T 127.0.0.3:P DoUDP        127.0.0.1:B 4711  ref.a\\.b.example.net.     MX    LAT       RD    Query Refused
                """);
        assertThat(grep("drop.test").lines().skip(1))
                .containsExactly(
                        "-T 127.0.0.1:P DoUDP                     4711  drop.test.                A               RD    Question",
                        "-T 127.0.0.1:P DoUDP        127.0.0.1:B 4711  drop.test.                A     T.O       "
                                + (NEWER ? "RD" : "  ") + "    No Error. 0 answers");
        assertThat(grep("tcp.test").lines().skip(1))
                .containsExactly(
                        "-T 127.0.0.1:P DoTCP                     4711  tcp.test.                 A                     Question",
                        "-T 127.0.0.1:P DoTCP        127.0.0.1:B 4711  tcp.test.                 A     LAT             No Error. 0 answers");
        assertThat(grep("self.test").lines().skip(1))
                .as("what we answer ourselves is no response")
                .containsExactly(
                        "-T 127.0.0.1:P DoUDP                     4711  self.test.                A               RD    Question");
        assertThat(grep("{'test', '500ms'}").lines().skip(1))
                .containsExactly(
                        "-T 127.0.0.1:P DoUDP        127.0.0.1:B 4711  slow.test.                TXT   SLOW      RD    No Error. 0 answers",
                        "-T 127.0.0.1:P DoUDP        127.0.0.1:B 4711  drop.test.                A     T.O       "
                                + (NEWER ? "RD" : "  ") + "    No Error. 0 answers");
    }

    @Test
    void selectors() {
        assertThat(grep("").lines()).hasSize(1 + 11 + 10);
        assertThat(subject.console("grepq(\"\", 1)").lines()).hasSize(1 + 1 + 1);
        assertThat(grep("{'127.0.0.2', '127.0.0.3'}").lines())
                .as("the last one holds")
                .hasSize(1 + 1 + 1);
        assertThat(grep("EXAMPLE.org.").lines()).hasSize(1 + 6 + 6);
        assertThat(grep("a..b")).isEqualTo("Could not parse 'a..b' as domain name or netmask");
    }

    @Test
    void tables() {
        assertThat(subject.console("table.concat(getTopQueries(1)[2], ' ')")).startsWith("Rest 7 63.63");
        assertThat(subject.console("table.concat(getTopResponses(1, 3, 1)[1], ' ')"))
                .isEqualTo("org. 2 100");
        assertThat(subject.console("#getResponseRing()")).isEqualTo("10");
    }

    @Test
    void tree() {
        subject.console("lines = {}");
        subject.console(
                "statNodeRespRing(function(n, s, c) lines[#lines + 1] = table.concat({n.fullname, n.labelsCount, "
                        + "n:numChildren(), s.queries, s.noerrors, c.queries, c.noerrors, c.nxdomains, c.servfails, c.drops}, "
                        + "' ') end)");
        assertThat(List.of(subject.console("table.concat(lines, '\\n')").split("\n", -1)))
                .containsExactly(
                        "ref.a" + DOT + "b.example.net. 4 0 1 0 1 0 0 0 0",
                        "a" + DOT + "b.example.net. 3 1 0 0 1 0 0 0 0",
                        "example.net. 2 1 0 0 1 0 0 0 0",
                        "net. 1 1 0 0 1 0 0 0 0",
                        "nx.example.org. 3 0 2 0 2 0 2 0 0",
                        "WWW.example.org. 3 0 4 4 4 4 0 0 0",
                        "example.org. 2 2 0 0 6 4 2 0 0",
                        "org. 1 1 0 0 6 4 2 0 0",
                        "drop.test. 2 0 1 0 1 0 0 0 1",
                        "slow.test. 2 0 1 1 1 1 0 0 0",
                        "tcp.test. 2 0 1 1 1 1 0 0 0",
                        "test. 1 3 0 0 3 2 0 0 1",
                        " 0 3 0 0 10 6 2 0 1");
    }

    @Test
    @NewerThanDebian("counts them as slow, and has no topTimeouts")
    void timeoutsAreNotSlow() {
        assertThat(top("topSlow()")).isEqualTo("""
                   1  slow.test.                                  1 100.0%
                   2  Rest                                        0  0.0%
                """);
        assertThat(top("topTimeouts()")).isEqualTo("""
                   1  drop.test.                                  1 100.0%
                   2  Rest                                        0  0.0%
                """);
    }
}
