package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.change.ReloadReport;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.action.Result;
import dev.weir.engine.block.BlockSpec;
import dev.weir.engine.block.ClientRange;
import dev.weir.engine.listen.Frontend;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.FakeBackend.Reply;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.TlsClient;
import dev.weir.testkit.UdpClient;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept, what is replaced, what goes, and what stays when the new configuration is no good. */
@Timeout(240)
class ReloaderTest {
    private static final ServiceLoader.Exit NO_EXIT = new ServiceLoader.Exit() {
        @Override
        public void shutdown() {
            throw new AssertionError("shutdown");
        }

        @Override
        public void now(int status) {
            throw new AssertionError("exit " + status);
        }
    };

    private final TempDirectory directory = TempDirectory.create("weir-reload");
    private final int port = LoopbackPorts.free();
    private WeirService service;
    private Path file;

    private void start(String name, String text) throws Exception {
        file = directory.write(name, text);
        service = (WeirService) new Wiring()
                .load(OptionParser.parse("-C", file.toString(), "--supervised"), ServiceLoader.Purpose.RUN, NO_EXIT);
        service.checkBackends();
        service.listen();
    }

    /** A configuration in Lua that listens at the test's port. */
    private void start(String body) throws Exception {
        start("weir.conf", listening(body));
    }

    private String listening(String body) {
        return "setLocal('127.0.0.1:" + port + "')\n" + body;
    }

    private ReloadReport reload(String body) {
        directory.write("weir.conf", listening(body));
        return service.reload(false);
    }

    private void reloaded(String body) {
        assertThat(reload(body)).extracting(ReloadReport::text).asString().startsWith("Reloaded");
    }

    @AfterEach
    void stop() {
        if (service != null) {
            service.stop();
        }
        directory.close();
    }

    private String console(String line) {
        return service.console().evaluate(line).stripTrailing();
    }

    private DnsMessage ask(String name) {
        try (UdpClient client = UdpClient.to(LoopbackPorts.address(port))) {
            return client.ask(DnsQuery.of(name, DnsMessage.A));
        }
    }

    private static String server(FakeBackend backend, String options) {
        return "newServer({address='" + backend.hostPort() + "'" + options + "})\n";
    }

    @Test
    void keepsWhatDidNotChange() throws Exception {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1")) {
            String body = server(backend, ", name='one'") + "getPool(''):setCache(newPacketCache(100))\n"
                    + "addAction('counted.example.', NoneAction(), {name='counting'})\n"
                    + "addAction(QTypeRule(DNSQType.A), NoneAction())\n";
            start(body);
            List<Frontend> frontends = service.engine().frontends();
            var server = service.engine().snapshot().backends().getFirst();
            ask("counted.example.");
            ask("counted.example.");
            IpAddress blocked = IpAddress.parse("192.0.2.77");
            service.engine()
                    .blocks()
                    .insert(
                            ClientRange.of(blocked, 32, 0, 0),
                            BlockSpec.of("flood", 600, Result.DROP),
                            System.nanoTime());
            console("getServer(0).weight = 7");
            int asked = backend.queryCount();

            ReloadReport report = reload(body);
            assertThat(report.changes()).isEmpty();
            assertThat(report.text()).isEqualTo("Reloaded: no differences\n");
            assertThat(service.engine().frontends()).isEqualTo(frontends);
            assertThat(service.engine().snapshot().backends().getFirst()).isSameAs(server);
            assertThat(console("getServer(0).weight")).isEqualTo("7");
            assertThat(service.engine().snapshot().rules().rules())
                    .extracting(rule -> rule.matches().sum())
                    .containsExactly(2L, 2L);
            assertThat(console("getPool(''):getCache():getStats()['hits']")).isEqualTo("1");
            ask("counted.example.");
            assertThat(backend.queryCount()).as("from the cache").isEqualTo(asked);
            assertThat(service.engine().blocks().size()).isEqualTo(1);
            assertThat(service.engine().snapshot().rules().rules())
                    .extracting(rule -> rule.matches().sum())
                    .containsExactly(3L, 3L);
        }
    }

    @Test
    void replacesWhatChanged() throws Exception {
        try (FakeBackend one = FakeBackend.answering("192.0.2.1");
                FakeBackend other = FakeBackend.answering("192.0.2.2")) {
            start(server(one, ", name='one'") + "getPool(''):setCache(newPacketCache(100))\n");
            assertThat(ask("www.example.").answerTexts()).containsExactly("192.0.2.1");

            ReloadReport report = reload(server(other, ", name='other'")
                    + "getPool(''):setCache(newPacketCache(200))\nsetServFailWhenNoServer(true)\n"
                    + "addAction('refused.example.', RCodeAction(DNSRCode.REFUSED))\n");
            assertThat(report.text())
                    .contains("+ server other (" + other.hostPort() + ")")
                    .contains("- server one (" + one.hostPort() + ")")
                    .contains("~ cache of pool '' for 200, emptied")
                    .contains("+ rule qname in refused.example. → set rcode 5")
                    .contains("~ setting setServFailWhenNoServer: false → true");
            assertThat(ask("www.example.").answerTexts()).containsExactly("192.0.2.2");
            assertThat(ask("refused.example.").rcode()).isEqualTo(5);

            reloaded(server(other, ", name='other', weight=9, pool={'', 'more'}"));
            assertThat(console("getServer(0).weight")).isEqualTo("9");
            assertThat(console("#getPoolServers('more')")).isEqualTo("1");
            assertThat(ask("refused.example.").rcode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "addAction(|weir.conf:4",
                "error('planted')|weir.conf:2: planted",
                "nosuchfunction()|weir.conf:2",
                "addLocal('127.0.0.1:TAKEN')|weir.conf:2: ",
                "addTLSLocal('127.0.0.1:FREE', '/nowhere/cert', '/nowhere/key')|/nowhere/cert",
                "os.exit(1)|os.exit"
            })
    void aBadConfigurationChangesNothing(String line, String said) throws Exception {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                FakeBackend stranger = FakeBackend.answering("192.0.2.9")) {
            start(server(backend, ", name='one'"));
            List<Frontend> frontends = service.engine().frontends();
            var snapshot = service.engine().snapshot();
            // A socket that is bound to the same port, and shares it with nobody.
            String planted = line.replace("TAKEN", String.valueOf(stranger.port()))
                    .replace("FREE", String.valueOf(LoopbackPorts.free()));
            directory.write(
                    "weir.conf",
                    listening(planted + '\n' + server(backend, ", name='one'")
                            + "getServer(0):setDown() addDynBlocks({['192.0.2.1']=1}, 'x')\n"));
            ReloadReport report = service.reload(false);
            assertThat(report.succeeded()).isFalse();
            assertThat(report.error()).contains(said);
            assertThat(service.engine().snapshot()).isSameAs(snapshot);
            assertThat(service.engine().frontends()).isEqualTo(frontends);
            assertThat(service.engine().blocks().size()).isZero();
            assertThat(ask("www.example.").answerTexts()).containsExactly("192.0.2.1");
            // And the next good one is taken.
            reloaded(server(backend, ", name='two'"));
            assertThat(console("getServer(0).name")).isEqualTo("two");
        }
    }

    @Test
    void whatTheConfigurationDoesToServersIsDoneWithIt() throws Exception {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1")) {
            start(server(backend, ""));
            assertThat(console("tostring(getServer(0):isUp())")).isEqualTo("true");
            assertThat(reload(server(backend, "") + "getServer(0):setDown()\nerror('planted')\n")
                            .succeeded())
                    .isFalse();
            assertThat(console("tostring(getServer(0):isUp())")).isEqualTo("true");

            reloaded(server(backend, "") + "getServer(0):setDown()\n");
            assertThat(console("showServers()")).contains("DOWN");
            reloaded(server(backend, ""));
            Await.until("up again", Await.PATIENCE, () -> console("tostring(getServer(0):isUp())")
                    .equals("true"));
            // Whom the operator sets down stays down, also if the file had done so before.
            reloaded(server(backend, "") + "getServer(0):setDown()\n");
            console("getServer(0):setDown()");
            reloaded(server(backend, "") + "setServFailWhenNoServer(true)\n");
            assertThat(console("showServers()")).contains("DOWN");
        }
    }

    @Test
    void answersOfAServerThatWentArePassedOn() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (FakeBackend slow = FakeBackend.start(query -> {
                    if (query.name().equals("slow.example.")) {
                        asked.countDown();
                        try {
                            answer.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    return Reply.send(FakeBackend.addressOrNothing(query.query(), "192.0.2.1"));
                });
                FakeBackend other = FakeBackend.answering("192.0.2.2");
                UdpClient client = UdpClient.to(LoopbackPorts.address(port))) {
            start("setUDPTimeout(60)\n" + server(slow, ""));
            byte[] query = DnsQuery.of("slow.example.", DnsMessage.A).packet();
            client.send(query);
            asked.await();
            reloaded("setUDPTimeout(60)\n" + server(other, ""));
            assertThat(ask("www.example.").answerTexts()).containsExactly("192.0.2.2");
            answer.countDown();
            assertThat(DnsMessage.parse(client.receive(Await.PATIENCE).orElseThrow())
                            .answerTexts())
                    .containsExactly("192.0.2.1");
        } finally {
            answer.countDown();
        }
    }

    @Test
    void listenersComeAndGoAndSessionsStay() throws Exception {
        int second = LoopbackPorts.free();
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1")) {
            String rest = server(backend, "");
            start(rest);
            try (TcpClient kept = TcpClient.to(LoopbackPorts.address(port))) {
                assertThat(kept.ask(DnsQuery.of("one.example.", DnsMessage.A)).answerTexts())
                        .containsExactly("192.0.2.1");
                reloaded("addLocal('127.0.0.1:" + second + "')\n" + rest);
                try (UdpClient there = UdpClient.to(LoopbackPorts.address(second));
                        TcpClient leaving = TcpClient.to(LoopbackPorts.address(second))) {
                    assertThat(there.ask(DnsQuery.of("two.example.", DnsMessage.A))
                                    .answerTexts())
                            .containsExactly("192.0.2.1");
                    assertThat(leaving.ask(DnsQuery.of("two.example.", DnsMessage.A))
                                    .answerTexts())
                            .containsExactly("192.0.2.1");
                    assertThat(service.engine().frontends()).hasSize(4);
                    reloaded(rest);
                    assertThat(service.engine().frontends()).hasSize(2);
                    assertThat(leaving.closedWithin(Await.PATIENCE)).isTrue();
                }
                assertThat(LoopbackPorts.udpBound(second)).isFalse();
                assertThat(LoopbackPorts.tcpListening(second)).isFalse();
                assertThat(kept.ask(DnsQuery.of("three.example.", DnsMessage.A)).answerTexts())
                        .containsExactly("192.0.2.1");
            }
            // The same place with other options is closed and opened.
            directory.write("weir.conf", "setLocal('127.0.0.1:" + port + "', {tcpListenQueueSize=7})\n" + rest);
            assertThat(service.reload(false).text()).contains("~ listener");
            assertThat(ask("four.example.").answerTexts()).containsExactly("192.0.2.1");
        }
    }

    @Test
    void sessionsOverTlsStayAndCertificatesAreReadAgain() throws Exception {
        int secure = LoopbackPorts.free();
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                TestCertificates files = new TestCertificates()) {
            TestCertificates.Pair one = files.make("one", "one.example");
            TestCertificates.Pair two = files.make("two", "two.example");
            String body = server(backend, "") + "addTLSLocal('127.0.0.1:" + secure + "', '" + one.certificate() + "', '"
                    + one.key() + "')\n";
            start(body);
            InetSocketAddress address = LoopbackPorts.address(secure);
            try (TcpClient kept = new TlsClient().dns(address)) {
                assertThat(kept.ask(DnsQuery.of("one.example.", DnsMessage.A)).answerTexts())
                        .containsExactly("192.0.2.1");
                assertThat(shown(address)).contains("CN=one.example");
                Files.copy(two.certificate(), one.certificate(), StandardCopyOption.REPLACE_EXISTING);
                Files.copy(two.key(), one.key(), StandardCopyOption.REPLACE_EXISTING);
                ReloadReport report = reload(body);
                assertThat(report.changes()).isEmpty();
                assertThat(shown(address)).contains("CN=two.example");
                assertThat(kept.ask(DnsQuery.of("two.example.", DnsMessage.A)).answerTexts())
                        .containsExactly("192.0.2.1");
                Files.writeString(one.certificate(), "planted");
                report = reload(body);
                assertThat(report.succeeded()).isTrue();
                assertThat(report.text()).contains("keeps its certificates");
                assertThat(shown(address)).contains("CN=two.example");
            }
        }
    }

    @Test
    void aListenerForDnscryptStaysWithTheCertificatesOfTheNewWorld() throws Exception {
        String files = directory.path().toString();
        String bind = "addDNSCryptBind('127.0.0.1:%d', '2.example', '%s/cert', '%s/key')\n"
                .formatted(LoopbackPorts.free(), files, files);
        String keys = "generateDNSCryptProviderKeys('%s/public', '%s/secret')\n".formatted(files, files)
                + "generateDNSCryptCertificate('%s/secret', '%s/cert', '%s/key', 7, 0, 4000000000)\n"
                        .formatted(files, files, files);
        start(keys + bind);
        List<Frontend> frontends = service.engine().frontends();
        assertThat(reload(keys + bind).changes()).isEmpty();
        assertThat(service.engine().frontends()).isEqualTo(frontends);
        console("getDNSCryptBind(0):generateAndLoadInMemoryCertificate('" + files + "/secret', 9, 0, 4000000000)");
        assertThat(frontends.getLast().dnscrypt().pairs())
                .extracting(pair -> pair.certificate().serial())
                .containsExactly(7L, 9L);
        assertThat(reload(keys + bind).changes()).isEmpty();
        assertThat(frontends.getLast().dnscrypt().pairs()).hasSize(1);
    }

    /** Whose certificate a new client sees. */
    private static String shown(InetSocketAddress address) throws Exception {
        try (SSLSocket socket = new TlsClient().connect(address)) {
            return socket.getSession().getPeerPrincipal().getName();
        }
    }

    @Test
    void aDryRunSaysTheSameAndDoesNothing() throws Exception {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1")) {
            start(server(backend, "") + "setMaxTCPClientThreads(1)\n");
            var snapshot = service.engine().snapshot();
            directory.write(
                    "weir.conf",
                    listening(server(backend, "") + "getServer(0):setDown()\naddLocal('127.0.0.1:"
                            + LoopbackPorts.free() + "')\nsetMaxTCPClientThreads(2)\n"));
            ReloadReport report = service.reload(true);
            assertThat(report.text())
                    .startsWith("Nothing is changed, this would be:\n+ listener")
                    .contains("~ setting setMaxTCPClientThreads: 1 → 2")
                    .contains("! needs a restart: " + file + ":5 setMaxTCPClientThreads");
            assertThat(service.engine().snapshot()).isSameAs(snapshot);
            assertThat(service.engine().frontends()).hasSize(2);
            assertThat(console("reloadConfig({dryRun=true, json=true})"))
                    .startsWith("{\"changes\": [{\"change\": \"added\", \"subject\": \"listener\"")
                    .endsWith("\"outcome\": \"dry-run\"}");
            assertThat(console("tostring(getServer(0):isUp())")).isEqualTo("true");
            directory.write("weir.conf", "error('planted')");
            assertThat(service.reload(true).text())
                    .isEqualTo("Not reloaded, the running configuration goes on: " + file + ":1: planted\n");
        }
    }

    @Test
    void yamlIsReadAgainLikewise() throws Exception {
        String text = "binds:\n  - listen_address: 127.0.0.1:" + port + "\n";
        start("weir.yml", text);
        assertThat(service.engine().snapshot().rules().rules()).isEmpty();
        String rule =
                "query_rules:\n  - name: no\n    selector: {type: All}\n    action: {type: RCode, rcode: Refused}\n";
        directory.write("weir.yml", text + rule);
        assertThat(service.reload(false).text()).contains("+ rule no: All → set rcode 5");
        assertThat(ask("www.example.").rcode()).isEqualTo(5);
        assertThat(service.reload(false).changes()).isEmpty();
        directory.write("weir.yml", text + "query_rulez: []\n");
        assertThat(service.reload(false).error()).contains("weir.yml:3: query_rulez: unknown key");
        assertThat(ask("www.example.").rcode()).isEqualTo(5);
    }

    @Test
    void theConsoleOfTheNewWorldAnswers() throws Exception {
        start("generation = 1\n");
        assertThat(console("generation")).isEqualTo("1");
        directory.write("weir.conf", listening("generation = 2\nsetMaxTCPConnectionDuration(9)\n"));
        assertThat(console("reloadConfig()")).startsWith("Reloaded");
        assertThat(console("generation")).isEqualTo("2");
        // What is changed there holds, and a setting that went is what it was.
        console("addAction(AllRule(), RCodeAction(DNSRCode.REFUSED))");
        assertThat(ask("www.example.").rcode()).isEqualTo(5);
        assertThat(service.reload(true).text()).contains("- rule All → set rcode 5");
        assertThat(reload("").text()).contains("~ setting setMaxTCPConnectionDuration: 9 → 0");
        assertThat(service.engine().snapshot().rules().rules()).isEmpty();
    }

    @Test
    void maintenanceIsThatOfTheNewWorld() throws Exception {
        start("seen = 0 function maintenance() seen = seen + 1 end\n");
        Await.until("a turn", Await.PATIENCE, () -> !console("seen").equals("0"));
        reloaded("seen = 0 function maintenance() seen = seen - 1 end\n");
        Await.until("a turn", Await.PATIENCE, () -> console("seen").startsWith("-"));
    }

    @Test
    void twoAtOnceAreDoneOneAfterTheOther() throws Exception {
        start("generation = 1\n");
        directory.write("weir.conf", listening("generation = 2\n"));
        AtomicInteger good = new AtomicInteger();
        CompletableFuture<?>[] all = new CompletableFuture<?>[8];
        for (int i = 0; i < all.length; i++) {
            all[i] = CompletableFuture.runAsync(() -> {
                if (service.reload(false).succeeded()) {
                    good.incrementAndGet();
                }
            });
        }
        CompletableFuture.allOf(all).join();
        assertThat(good).hasValue(all.length);
        assertThat(console("generation")).isEqualTo("2");
    }

    /** Otherwise each reload would cost the memory of a configuration. */
    @Test
    void theOldWorldGoes() throws Exception {
        try (FakeBackend backend = FakeBackend.answering("192.0.2.1")) {
            String body = server(backend, ", checkFunction=function(n, t, c, h) return n, t, c end")
                    + "getServer(0):setHealthCheckResponseValidator(function(a) return true end)\n"
                    + "addAction(AllRule(), LuaAction(function(dq) return DNSAction.None, '' end))\n"
                    + "addAction(AllRule(), LuaFFIPerThreadAction('return function(dq) return DNSAction.None end'))\n"
                    + "addResponseAction(AllRule(), LuaResponseAction(function(dr) return DNSResponseAction.None, '' end))\n"
                    + "setQueryCount(true) setQueryCountFilter(function(dq) return true, 'x' end)\n"
                    + "addServerStateChangeCallback(function() end)\n"
                    + "local g = dynBlockRulesGroup() g:setQueryRate(1000, 10, 'x', 10)\n"
                    + "g:setNewBlockInsertedHook(function() end) function maintenance() g:apply() end\n"
                    + "addAction(AllRule(), LogAction('" + directory.path().resolve("log") + "', false))\n"
                    + "addAction(AllRule(), TeeAction('" + backend.hostPort() + "'))\n";
            start(body);
            assertThat(ask("www.example.").answerTexts()).containsExactly("192.0.2.1");
            List<WeakReference<Object>> old = new java.util.ArrayList<>();
            for (int i = 0; i < 3; i++) {
                old.add(new WeakReference<>(((LuaScript) service.script()).runtime()));
                reloaded(body);
                assertThat(ask("www" + i + ".example.").answerTexts()).containsExactly("192.0.2.1");
            }
            Await.until("the old worlds are gone", Await.PATIENCE, () -> {
                // A thread's latest snapshot is replaced by its next batch; connections come to all loops in turn.
                ask("again.example.");
                for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                    try (TcpClient client = TcpClient.to(LoopbackPorts.address(port))) {
                        client.ask(DnsQuery.of("again.example.", DnsMessage.A));
                    }
                }
                System.gc();
                return old.stream().allMatch(each -> each.get() == null);
            });
        }
    }
}
