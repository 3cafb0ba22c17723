package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Do Carbon's servers get what Debian's dnsdist sends them, under the same paths? */
@Timeout(120)
class CarbonLikeDnsdistTest {
    /** As Carbon would take it. */
    private static final String LINE = "[^ ]+ [0-9.-]+ [0-9]{10}";

    private static String config(int carbon, int tls, int https, TestCertificates.Pair pair) {
        return """
                newServer({address="127.0.0.1:9", name="my.backend", pool={"", "p.2"}, checkInterval=3600})
                newServer({address="127.0.0.1:10", checkInterval=3600})
                getPool(""):setCache(newPacketCache(1000))
                addTLSLocal("127.0.0.1:%d", "%s", "%s")
                addDOHLocal("127.0.0.1:%d", "%2$s", "%3$s", "/dns-query")
                addAction(AllRule(), SpoofAction("192.0.2.1"))
                setQueryCount(true)
                carbonServer("127.0.0.1:%5$d", "a.host", 1, "name.space", "inst")
                """.formatted(tls, pair.certificate(), pair.key(), https, carbon);
    }

    /** The next report: path and value of each line. */
    private static Map<String, String> report(ServerSocket carbon) throws IOException {
        carbon.setSoTimeout((int) Await.PATIENCE.toMillis());
        try (Socket socket = carbon.accept()) {
            socket.setSoTimeout((int) Await.PATIENCE.toMillis());
            String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).endsWith("\n");
            assertThat(text.lines()).allMatch(line -> line.matches(LINE));
            return text.lines()
                    .map(line -> line.split(" "))
                    .collect(Collectors.toMap(line -> line[0], line -> line[1], (a, b) -> b, TreeMap::new));
        }
    }

    /** Ports differ from run to run. */
    private static Set<String> paths(Map<String, String> report) {
        return report.keySet().stream()
                .map(path -> path.replaceAll("(127_0_0_1[:_])[0-9]{2,}", "$1PORT"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void pathsAreTheSame() throws Exception {
        try (TempDirectory directory = TempDirectory.create("weir-carbon");
                TestCertificates files = new TestCertificates();
                ServerSocket theirs = new ServerSocket(0, 10, LoopbackPorts.loopback());
                ServerSocket ours = new ServerSocket(0, 10, LoopbackPorts.loopback())) {
            TestCertificates.Pair pair = files.make("carbon", "dns.example");
            int dns = LoopbackPorts.free();
            directory.write(
                    "d.conf",
                    "setLocal(\"127.0.0.1:" + dns + "\")\nsetSecurityPollSuffix(\"\")\n"
                            + config(theirs.getLocalPort(), LoopbackPorts.free(), LoopbackPorts.free(), pair));
            Set<String> expected;
            try (ChildProcess oracle = ChildProcess.start(
                    directory.path(),
                    List.of("/usr/bin/dnsdist", "--supervised", "--disable-syslog", "-C", "d.conf"))) {
                expected = paths(report(theirs));
                // Figures of TLS for those that have none.
                expected.removeIf(path -> path.contains("_udp.tls"));
                assertThat(oracle.isAlive()).isTrue();
            }
            try (DnsProcess weir =
                    DnsProcess.start(config(ours.getLocalPort(), LoopbackPorts.free(), LoopbackPorts.free(), pair))) {
                assertThat(paths(report(ours))).containsAll(expected);
                try (UdpClient client = UdpClient.to(LoopbackPorts.address(weir.port()))) {
                    for (int i = 0; i < 3; i++) {
                        client.ask(DnsQuery.of("www.example.", DnsMessage.A));
                    }
                }
                // Counts by name go with one report each: those of three queries may be in two.
                long counted = 0;
                Map<String, String> last = Map.of();
                for (int i = 0; i < 10 && counted < 3; i++) {
                    last = report(ours);
                    counted += Long.parseLong(last.getOrDefault("dnsdist.querycount.www_example.queries", "0"));
                }
                assertThat(counted).isEqualTo(3);
                assertThat(last)
                        .containsEntry("name.space.a.host.inst.queries", "3")
                        .containsEntry("name.space.a.host.inst.servers.my_backend.queries", "0");
                assertThat(report(ours)).doesNotContainKey("dnsdist.querycount.www_example.queries");
            }
        }
    }

    /** Who is not there, or takes nothing, costs reports and a line now and then. */
    @Test
    void aServerThatDoesNotTakeThemIsTold() throws Exception {
        int nobody = LoopbackPorts.free();
        try (ServerSocket there = new ServerSocket(0, 10, LoopbackPorts.loopback());
                DnsProcess weir = DnsProcess.start("""
                        newServer("127.0.0.1:9")
                        carbonServer("127.0.0.1:%d", "a", 1)
                        carbonServer("127.0.0.1:%d", "b", 1)
                        """.formatted(nobody, there.getLocalPort()))) {
            for (int i = 0; i < 3; i++) {
                assertThat(report(there)).containsKey("dnsdist.b.main.queries");
            }
            assertThat(weir.process().output()).contains("127.0.0.1:" + nobody);
            assertThat(weir.process().output().lines().filter(line -> line.contains("Carbon")))
                    .hasSize(1);
        }
    }

    /** Who lets a connection hang keeps others neither from their reports nor, in the end, from any count. */
    @Test
    void aServerThatNeverAnswersHoldsUpNothing() throws Exception {
        List<Socket> filling = new ArrayList<>();
        try (ServerSocket hanging = new ServerSocket(0, 1, LoopbackPorts.loopback());
                ServerSocket there = new ServerSocket(0, 10, LoopbackPorts.loopback())) {
            fill(hanging, filling);
            try (DnsProcess weir = DnsProcess.start("""
                    newServer("127.0.0.1:9")
                    setQueryCount(true)
                    addAction(AllRule(), SpoofAction("192.0.2.1"))
                    carbonServer("127.0.0.1:%d", "a", 1)
                    carbonServer("127.0.0.1:%d", "b", 1)
                    """.formatted(hanging.getLocalPort(), there.getLocalPort()))) {
                int asked = 5;
                try (UdpClient client = weir.udp()) {
                    for (int i = 0; i < asked; i++) {
                        client.ask(DnsQuery.of("www.example.", DnsMessage.A).withId(i));
                    }
                }
                int counted = 0;
                int reports = 0;
                while (reports < 60
                        && (counted < asked || !weir.process().output().contains("it does not answer"))) {
                    Map<String, String> report = report(there);
                    assertThat(report).containsKey("dnsdist.b.main.queries");
                    counted += Integer.parseInt(report.getOrDefault("dnsdist.querycount.www_example.queries", "0"));
                    reports++;
                }
                assertThat(weir.process().output()).contains("it does not answer");
                assertThat(counted).isEqualTo(asked);
                assertThat(reports).isGreaterThan(3);
            }
        } finally {
            for (Socket each : filling) {
                each.close();
            }
        }
    }

    /** Connects until the kernel takes no more connections for who does not accept them. */
    private static void fill(ServerSocket server, List<Socket> filling) throws IOException {
        while (filling.size() < 100) {
            Socket socket = new Socket();
            filling.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new AssertionError("the queue of a listening socket has no end");
    }
}
