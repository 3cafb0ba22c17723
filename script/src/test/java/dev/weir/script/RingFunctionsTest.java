package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.TempDirectory;
import dev.weir.wire.Rcode;
import dev.weir.wire.RecordType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What does the console say of the latest queries and responses? */
class RingFunctionsTest {
    private static final String SERVER =
            "newServer({address='127.0.0.1:5301', name='one', healthCheckMode='up'})\nsetVerbose(false)\n";

    private static World world(String config) {
        return new World().with(SERVER + config);
    }

    /** Three answered queries and one that nobody answers. */
    private static World served(String config) {
        World world = world(config);
        Walk walk = new Walk(world);
        walk.ask("Www.Example.org.", RecordType.A);
        walk.answer(Rcode.NOERROR);
        walk.ask("www.example.org.", RecordType.AAAA);
        walk.answer(Rcode.NXDOMAIN);
        walk.ask("mail.example.net.", RecordType.MX);
        walk.answer(Rcode.NOERROR);
        walk.ask("lost.example.net.", RecordType.A);
        walk.timeOut();
        return world;
    }

    @Test
    void topsAreNumberedAndEndInTheRest() {
        World world = served("");
        assertThat(world.ask("topQueries(1)")).isEqualTo("""
                   1  www.example.org.                            2 50.0%
                   2  Rest                                        2 50.0%
                """);
        assertThat(world.ask("topQueries(10, 2)").lines()).hasSize(3);
        assertThat(world.ask("topResponses()").lines()).hasSize(3);
        assertThat(world.ask("topResponses(10, DNSRCode.NXDOMAIN)")).startsWith("   1  www.example.org.   ");
        assertThat(world.ask("topClients()"))
                .startsWith("   1  127.0.0.9                                   4 100.0%\n");
        assertThat(world.ask("topTimeouts()")).startsWith("   1  lost.example.net.   ");
        assertThat(world.ask("topSlow()")).startsWith("   1  Rest   ");
        assertThat(world.ask("topBandwidth()").lines()).hasSize(2);
    }

    @Test
    void tablesHoldTheSame() {
        World world = served("");
        assertThat(world.ask("table.concat(getTopQueries(1)[1], ' ')")).isEqualTo("www.example.org. 2 50\n");
        assertThat(world.ask("table.concat(getTopResponses(1, 3)[2], ' ')")).isEqualTo("Rest 0 0\n");
        assertThat(world.ask("table.concat(getSlowResponses(1, 0, 1, true)[1], ' ')"))
                .isEqualTo("net. 1 100\n");
        assertThat(world.ask("getTopBandwidth(1)[1][1]")).isEqualTo("127.0.0.9\n");
        assertThat(world.ask("local e = getResponseRing()[4] show(e.name..' '..e.qtype..' '..e.rcode..' '..e.usec)"))
                .isEqualTo("lost.example.net. 1 0 4294967295\n");
        assertThat(world.ask("local e = getRespRing()[2] show(e.qname..' '..e.rcode)"))
                .isEqualTo("www.example.org. 3\n");
    }

    @Test
    void entriesAreObjects() {
        World world = served("");
        assertThat(world.ask("#getRingEntries()")).isEqualTo("8\n");
        assertThat(world.ask("local e = getRingEntries()[2] show(tostring(e.isResponse)..' '..e.qname:toString()..' '.."
                        + "e.qtype..' '..e.requestor:toStringWithPort()..' '..e.backend:toStringWithPort()..' '.."
                        + "e.protocol..' '..tostring(e.dnsheader:getRD())..' '..e.size..'['..e.macAddress..']'.."
                        + "tostring(e.when.tv_sec > 0)..tostring(e.usec < 4294967295))"))
                .isEqualTo("true Www.Example.org. 1 127.0.0.9:4242 127.0.0.1:5301 DoUDP true 33[]truetrue\n");
    }

    /** Queries and responses stand in rings of their own. */
    @Test
    void entriesAreInTheOrderOfTime() {
        assertThat(served("")
                        .ask("local kinds = '' for _, e in ipairs(getRingEntries()) do"
                                + " kinds = kinds .. (e.isResponse and 'r' or 'q') end return kinds"))
                .isEqualTo("qrqrqrqr\n");
    }

    @Test
    void grepqSelectsByNameNetworkAndLatency() {
        World world = served("");
        assertThat(world.ask("grepq('')").lines()).hasSize(1 + 4 + 4);
        assertThat(world.ask("grepq('EXAMPLE.net')").lines()).hasSize(1 + 2 + 2);
        assertThat(world.ask("grepq('example.net', 1)").lines()).hasSize(1 + 1 + 1);
        assertThat(world.ask("grepq({'127.0.0.0/29', 'example.net'})").lines()).hasSize(1);
        assertThat(world.ask("grepq({'127.0.0.0/28', 'example.net'})").lines()).hasSize(1 + 2 + 2);
        assertThat(world.ask("grepq('1000ms')").lines())
                .last()
                .asString()
                .contains("DoUDP        127.0.0.1:5301 ")
                .endsWith(" lost.example.net.         A     T.O       RD    No Error. 0 answers");
        assertThat(world.ask("grepq({'example.net', '..'})"))
                .isEqualTo("Could not parse '..' as domain name or netmask\n");
    }

    @Test
    void grepqWritesToANewFile() throws IOException {
        World world = served("");
        try (TempDirectory directory = TempDirectory.create("weir-grepq")) {
            Path file = directory.path().resolve("out");
            String command = "grepq('example.net', 0, {outputFile='" + file + "'})";
            assertThat(world.ask(command)).isEmpty();
            assertThat(Files.readAllLines(file)).hasSize(1 + 2 + 2);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(world.ask(command)).startsWith("Error: grepq: file").contains("exists");
        }
    }

    @Test
    void statNodesAreShownFromTheLeaves() {
        World world = served("lines = {}");
        world.ask("statNodeRespRing(function(n, s, c) lines[#lines + 1] = table.concat({n.fullname, n.labelsCount, "
                + "n:numChildren(), s.queries, c.queries, c.noerrors, c.nxdomains, c.servfails, c.drops, c.hits, "
                + "c.bytes}, ' ') end)");
        assertThat(world.ask("table.concat(lines, '\\n')").lines().toList())
                .isEqualTo(List.of(
                        "lost.example.net. 3 0 1 1 0 0 0 1 0 0",
                        "mail.example.net. 3 0 1 1 1 0 0 0 0 34",
                        "example.net. 2 2 0 2 1 0 0 1 0 34",
                        "net. 1 1 0 2 1 0 0 1 0 34",
                        "Www.Example.org. 3 0 2 2 1 1 0 0 0 66",
                        "Example.org. 2 1 0 2 1 1 0 0 0 66",
                        "org. 1 1 0 2 1 1 0 0 0 66",
                        " 0 2 0 4 2 1 0 1 0 100"));
        assertThat(world.ask("statNodeRespRing(function() error('boo') end)"))
                .startsWith("Error: ")
                .contains("boo");
    }

    @Test
    void theConfigurationSaysWhatIsKept() {
        World world = served("setRingBuffersSize(2, 10)\nsetRingBuffersLockRetries(3)");
        assertThat(world.ask("#getRingEntries()")).isEqualTo("4\n");
        assertThat(served("setRingBuffersOptions({recordQueries=false, lockRetries=3})")
                        .ask("#getRingEntries()"))
                .isEqualTo("4\n");
        World sampled = served("setRingBuffersOptions({samplingRate=2, recordResponses=false})");
        assertThat(sampled.ask("#getRingEntries()")).isEqualTo("2\n");
        assertThat(sampled.ask("getRingBuffersSamplingRate()")).isEqualTo("2\n");
        assertThat(sampled.ask("topClients(1)"))
                .startsWith("   1  127.0.0.9                                   4 100.0%\n");
        assertThat(sampled.ask("setRingBuffersSize(1)")).isEqualTo("setRingBuffersSize cannot be used at runtime!\n");
    }

    @Test
    void queriesAreCountedByAKeyOfTheOperators() {
        World world = world("");
        Walk walk = new Walk(world);
        walk.ask("before.", RecordType.A);
        assertThat(world.ask("getQueryCounters()"))
                .isEqualTo("query counting is currently: disabled (0 records in buffer)\n");
        world.ask("setQueryCount(true)");
        walk.ask("a.example.", RecordType.A);
        walk.ask("B.example.", RecordType.A);
        walk.ask("B.example.", RecordType.A);
        assertThat(world.ask("getQueryCounters()")).isEqualTo("""
                query counting is currently: enabled (2 records in buffer)
                1   B.example.: 2 request(s)
                2   a.example.: 1 request(s)
                """);
        assertThat(world.ask("getQueryCounters(1)").lines()).hasSize(2);
        assertThat(world.ask("clearQueryCounters()")).isEqualTo("2 records cleared from query counter buffer\n");
        world.ask("setQueryCountFilter(function(dq) return dq.qtype == 1, 'type ' .. dq.qtype end)");
        walk.ask("a.", RecordType.A);
        walk.ask("a.", RecordType.MX);
        assertThat(world.ask("getQueryCounters()")).endsWith("\n1   type 1: 1 request(s)\n");
    }
}
