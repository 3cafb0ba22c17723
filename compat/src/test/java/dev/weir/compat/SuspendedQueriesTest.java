package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.sys.UnixDatagram;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.UdpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Do queries and answers wait for another process, and go on as it says? The other process is this test: it gets {@code id name} and sends a word of
 * Lua's choosing and the id back.
 */
@NewerThanDebian("answers at once, or never")
class SuspendedQueriesTest {
    private static final Duration SILENCE = Duration.ofMillis(300);
    private static final int PATIENCE_MILLIS = 30_000;

    private static final String CONFIGURATION = """
            newServer({address="%s", name="main"})
            newServer({address="%s", pool="other"})
            getPool(""):setCache(newPacketCache(100))
            local out = newNetworkEndpoint("%3$s/out")
            local count = 0
            local function ask(kind, dq, timeout)
              count = count + 1
              if not dq:suspend(kind, count, timeout) then return false end
              return out:send(count .. " " .. dq.qname:toString())
            end
            addAction("query.test.", LuaAction(function(dq) ask(1, dq, 600000) return DNSAction.Allow, "" end))
            addAction("late.test.", LuaAction(function(dq) ask(1, dq, 50) return DNSAction.None, "" end))
            addAction("late.test.", RCodeAction(DNSRCode.REFUSED))
            addResponseAction("answer.test.", LuaResponseAction(function(dr) ask(2, dr, 600000) return DNSResponseAction.None, "" end))
            addAction("twice.test.", LuaAction(function(dq)
              second = dq:suspend(9, 1, 100) and dq:suspend(9, 2, 100)
              return DNSAction.None, ""
            end))
            local listener = newNetworkListener()
            listener:addUnixListeningEndpoint("%3$s/in", 7, function(endpoint, message, from)
              local word, id, kind = message:match("(%%a+) (%%d+) (%%d+)")
              local object = getAsynchronousObject(tonumber(kind), tonumber(id))
              seen = endpoint .. " " .. object:getDQ().qname:toString()
              if word == "pool" then object:getDQ().pool = "other" end
              if word == "refuse" then object:setRCode(DNSRCode.REFUSED, true) end
              if word == "drop" then object:drop() return end
              kept = object:getDQ()
              object:resume()
            end)
            listener:start()
            function threadmessage(cmd, dict) told = cmd .. dict.value end
            newThread([[
              local n = 0
              for i = 1, 10 do n = n + i end
              submitToMainThread("sum", {value=n})
            ]])
            """;

    private final TempDirectory directory = TempDirectory.create("suspended");
    private FakeBackend main;
    private FakeBackend other;
    private UnixDatagram in;
    private UnixDatagram out;
    private DnsProcess subject;

    private Path path(String name) {
        return directory.path().resolve(name);
    }

    @BeforeEach
    void start() throws Exception {
        main = FakeBackend.answering("192.0.2.1");
        other = FakeBackend.answering("192.0.2.2");
        in = UnixDatagram.bind(path("out").toString());
        subject = DnsProcess.start(
                "{maxInFlight=10}", CONFIGURATION.formatted(main.hostPort(), other.hostPort(), directory.path()));
        out = UnixDatagram.connect(path("in").toString());
    }

    @AfterEach
    void stop() {
        subject.close();
        main.close();
        other.close();
        in.close();
        out.close();
        directory.close();
    }

    /** The id of what came. */
    private String next(String name) throws Exception {
        UnixDatagram.Received received = in.receive(PATIENCE_MILLIS);
        assertThat(received).isNotNull();
        String text = new String(received.octets(), StandardCharsets.US_ASCII);
        assertThat(text).endsWith(" " + name);
        return text.substring(0, text.indexOf(' '));
    }

    private void say(String word, String id, int kind) throws Exception {
        out.send((word + " " + id + " " + kind).getBytes(StandardCharsets.US_ASCII));
    }

    private static DnsMessage answer(UdpClient client) {
        return DnsMessage.parse(client.receive(Await.PATIENCE).orElseThrow());
    }

    @Test
    void aQueryGoesOnBehindTheRules() throws Exception {
        try (UdpClient client = subject.udp()) {
            for (String expected : List.of("192.0.2.1", "192.0.2.1", "192.0.2.2")) {
                client.send(DnsQuery.of("x.query.test.", A).packet());
                String id = next("x.query.test.");
                assertThat(client.receive(SILENCE)).isEmpty();
                say(expected.endsWith("1") ? "go" : "pool", id, 1);
                assertThat(answer(client).answerTexts()).containsExactly(expected);
            }
            assertThat(main.queryCount())
                    .as("the second one came from the cache")
                    .isEqualTo(1);
            assertThat(subject.console("seen")).isEqualTo("7 x.query.test.");
            assertThat(subject.console("kept.qname")).contains("is gone");
        }
    }

    @Test
    void aQueryIsAnsweredOrDropped() throws Exception {
        try (UdpClient client = subject.udp()) {
            client.send(DnsQuery.of("x.query.test.", A).packet());
            say("refuse", next("x.query.test."), 1);
            assertThat(answer(client).rcode()).isEqualTo(DnsMessage.REFUSED);
            client.send(DnsQuery.of("y.query.test.", A).packet());
            say("drop", next("y.query.test."), 1);
            assertThat(client.receive(SILENCE)).isEmpty();
            assertThat(main.queryCount()).isZero();
            assertThat(subject.counter("self-answered")).isEqualTo(1);
        }
    }

    /** Many at a time, answered in another order. */
    @Test
    void streamsWaitToo() throws Exception {
        try (TcpClient client = subject.tcp()) {
            for (int i = 0; i < 5; i++) {
                client.send(DnsQuery.of("x" + i + ".query.test.", A).withId(i).packet());
            }
            String[] ids = new String[5];
            for (int i = 0; i < 5; i++) {
                ids[i] = next("x" + i + ".query.test.");
            }
            for (int i = 4; i >= 0; i--) {
                say("go", ids[i], 1);
            }
            for (int i = 0; i < 5; i++) {
                assertThat(DnsMessage.parse(client.receive()).answerTexts()).containsExactly("192.0.2.1");
            }
            client.send(DnsQuery.of("y.query.test.", A).packet());
            say("drop", next("y.query.test."), 1);
            assertThat(client.closedWithin(Await.PATIENCE))
                    .as("as with any query without an answer")
                    .isTrue();
        }
    }

    @Test
    void whatNobodyTakesGoesOnByItself() throws Exception {
        try (UdpClient client = subject.udp();
                TcpClient tcp = subject.tcp()) {
            assertThat(client.ask(DnsQuery.of("x.late.test.", A)).answerTexts())
                    .as("later rules have no say")
                    .containsExactly("192.0.2.1");
            String id = next("x.late.test.");
            say("go", id, 1);
            assertThat(tcp.ask(DnsQuery.of("y.late.test.", A)).answerTexts()).containsExactly("192.0.2.1");
            Await.until("counted", Await.PATIENCE, () -> subject.counter("lua-errors") == 1);
            assertThat(subject.console("tostring(pcall(getAsynchronousObject, 1, " + id + "))"))
                    .isEqualTo("false");
        }
    }

    @Test
    void anAnswerGoesOnBehindTheRules() throws Exception {
        try (UdpClient client = subject.udp();
                TcpClient tcp = subject.tcp()) {
            client.send(DnsQuery.of("x.answer.test.", A).packet());
            String id = next("x.answer.test.");
            assertThat(client.receive(SILENCE)).isEmpty();
            say("go", id, 2);
            assertThat(answer(client).answerTexts()).containsExactly("192.0.2.1");
            assertThat(client.ask(DnsQuery.of("x.answer.test.", A)).answerTexts())
                    .as("from the cache, which it went into afterwards")
                    .containsExactly("192.0.2.1");
            assertThat(main.queryCount()).isEqualTo(1);
            tcp.send(DnsQuery.of("y.answer.test.", A).packet());
            say("refuse", next("y.answer.test."), 2);
            DnsMessage refused = DnsMessage.parse(tcp.receive());
            assertThat(refused.rcode()).isEqualTo(DnsMessage.REFUSED);
            assertThat(refused.answers()).isEmpty();
        }
    }

    @Test
    void oneQueryWaitsOnce() {
        try (UdpClient client = subject.udp()) {
            assertThat(client.ask(DnsQuery.of("twice.test.", A)).answerTexts()).containsExactly("192.0.2.1");
            assertThat(subject.console("tostring(second)")).isEqualTo("false");
        }
    }

    @Test
    void threadsOfTheOperatorsOwnTellTheMainOne() {
        Await.until("told", Await.PATIENCE, () -> subject.console("told").equals("sum55"));
    }

    @Test
    void theFfiInterfaceDoesTheSame() throws Exception {
        try (DnsProcess ffi = DnsProcess.start("""
                        newServer("%s")
                        local ffi = require("ffi")
                        local C = ffi.C
                        local p = ffi.new("dnsdist_ffi_network_endpoint_t*[1]")
                        C.dnsdist_ffi_network_endpoint_new("%2$s/out", #"%2$s/out", p)
                        out = p[0]
                        local count = 0
                        addAction("ffi.test.", LuaFFIAction(function(dq)
                          count = count + 1
                          C.dnsdist_ffi_dnsquestion_set_async(dq, 3, count, 600000)
                          local text = count .. " ffi"
                          C.dnsdist_ffi_network_endpoint_send(out, text, #text)
                          return DNSAction.None
                        end))
                        addAction(AllRule(), DropAction())
                        local listener = newNetworkListener()
                        listener:addUnixListeningEndpointFFI("%2$s/ffi-in", 8, function(message)
                          local text = ffi.string(C.dnsdist_ffi_network_message_get_payload(message),
                                                  C.dnsdist_ffi_network_message_get_payload_size(message))
                          local word, id = text:match("(%%a+) (%%d+)")
                          id = tonumber(id)
                          if word == "go" then C.dnsdist_ffi_resume_from_async(3, id, "t", 1, "v", 1, true) end
                          if word == "refuse" then C.dnsdist_ffi_set_rcode_from_async(3, id, 5, true) end
                          endpoint = C.dnsdist_ffi_network_message_get_endpoint_id(message)
                        end)
                        listener:start()
                        """.formatted(main.hostPort(), directory.path()));
                UnixDatagram back = UnixDatagram.connect(path("ffi-in").toString());
                UdpClient client = ffi.udp()) {
            for (String word : List.of("go", "refuse")) {
                client.send(DnsQuery.of("x.ffi.test.", A).packet());
                String id = next("ffi");
                back.send((word + " " + id + " 3").getBytes(StandardCharsets.US_ASCII));
                assertThat(answer(client).rcode()).isEqualTo(word.equals("go") ? 0 : DnsMessage.REFUSED);
            }
            assertThat(ffi.console("tostring(endpoint)")).isEqualTo("8");
        }
    }
}
