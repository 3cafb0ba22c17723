package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.ProcessProbe;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Does the process behave as start scripts and service managers expect? */
class ProcessContractTest {
    private static final Duration LIMIT = Await.PATIENCE;
    private static final String SPOOF = "addAction(AllRule(), SpoofAction(\"192.0.2.1\"))\n";

    private static final String STRUCTURED_OK =
            "msg=\"Configuration OK\" subsystem=\"setup\" level=\"0\" prio=\"Info\" ts=\"\\d+\\.\\d{3}\"( \\S+=\".*\")*";

    /** What {@code --check-config} says of {@code config}, with more arguments behind. */
    private static ChildProcess.Outcome check(String config, String... arguments) {
        try (TempDirectory directory = TempDirectory.create("weir-check")) {
            directory.write("c.conf", config);
            List<String> all = new ArrayList<>(List.of("-C", "c.conf"));
            all.addAll(List.of(arguments));
            all.add("--check-config");
            return ChildProcess.run(
                    directory.path(), TestSubject.current().command(all.toArray(String[]::new)), "", LIMIT);
        }
    }

    private static List<String> linesWithoutLoading(ChildProcess.Outcome outcome) {
        return outcome.output()
                .lines()
                .filter(line -> !line.contains("Loading configuration from"))
                .toList();
    }

    @Nested
    class CheckConfig {
        @NewerThanDebian("logs plain text")
        @Test
        void validPrintsOneStructuredLine() {
            ChildProcess.Outcome outcome = check(SPOOF);
            assertThat(outcome.status()).isZero();
            assertThat(linesWithoutLoading(outcome)).singleElement().asString().matches(STRUCTURED_OK);
        }

        @NewerThanDebian("has no structured logging to switch off")
        @Test
        void validPrintsOnePlainLine() {
            ChildProcess.Outcome outcome = check(SPOOF, "--structured-logging", "false");
            assertThat(outcome.status()).isZero();
            assertThat(linesWithoutLoading(outcome)).containsExactly("Configuration 'c.conf' OK!");
        }

        @NewerThanDebian("has no structured logging")
        @Test
        void validPrintsOneJsonObject() {
            ChildProcess.Outcome outcome = check(SPOOF, "--structured-logging-backend", "json");
            assertThat(outcome.status()).isZero();
            assertThat(linesWithoutLoading(outcome))
                    .singleElement()
                    .asString()
                    .startsWith("{")
                    .endsWith("}")
                    .contains("\"Configuration OK\"", "\"setup\"", "\"Info\"");
        }

        /** What can be read only once is read by the program, not by its launcher. */
        @Test
        void mayComeThroughAPipe() {
            try (TempDirectory directory = TempDirectory.create("weir-check")) {
                ChildProcess.Outcome outcome = ChildProcess.run(
                        directory.path(),
                        TestSubject.current().command("-C", "/dev/stdin", "--check-config"),
                        "infolog('read whole') -- tls = 1\n" + SPOOF,
                        LIMIT);
                assertThat(outcome.status()).as(outcome.output()).isZero();
                assertThat(outcome.output()).contains("read whole");
            }
        }

        /** The file's own words are the operator's to read; the last line is in the form that the file chose. */
        @NewerThanDebian("has no structured logging to switch off")
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '^',
                value = {
                    "false, {} | Configuration 'c.conf' OK!",
                    "false, {setInstanceFromServerID=true} | Configuration 'c.conf' OK!",
                    "true, {} | msg=\"Configuration OK\" .* path=\"c.conf\"",
                    "true, {setInstanceFromServerID=true} | msg=\"Configuration OK\" .* instance=\"here\" .*",
                    "true, {timeFormat='ISO8601'} | msg=.* ts=\"\\d{4}-\\d\\d-\\d\\dT.*",
                    "true, {backend='json'} | \\{\"level\": .* \"msg\": \"Configuration OK\", .* \"ts\": \"[0-9.]+\"\\}",
                    "true, {backend='json', setInstanceFromServerID=true} | \\{\"instance\": \"here\", \"level\": .*",
                })
        void lastLineFollowsTheConfiguration(String logging, String last) {
            String config =
                    "setServerID('here')\nsetStructuredLogging(" + logging + ")\ninfolog('one') warnlog('two')\n";
            for (String flag : List.of("true", "false")) {
                ChildProcess.Outcome outcome = check(config + SPOOF, "--structured-logging", flag);
                assertThat(outcome.status()).as(outcome.output()).isZero();
                List<String> lines = linesWithoutLoading(outcome);
                assertThat(lines).hasSize(3).last().asString().matches(last);
                assertThat(lines.get(0)).contains("one");
                assertThat(lines.get(1)).contains("two");
            }
        }

        @NewerThanDebian("does not know --structured-logging")
        @Test
        void usualCombinationOfFlags() {
            ChildProcess.Outcome outcome = check(
                    SPOOF,
                    "--supervised",
                    "-l",
                    "127.0.0.1:" + LoopbackPorts.free(),
                    "-v",
                    "--structured-logging",
                    "true",
                    "--acl",
                    "127.0.0.0/8",
                    "--acl",
                    "192.0.2.0/24");
            assertThat(outcome.status()).as(outcome.output()).isZero();
        }

        @Test
        void valid() {
            ChildProcess.Outcome outcome = check(SPOOF + "newServer(\"127.0.0.1:5301\")\n");
            assertThat(outcome.status()).isZero();
            assertThat(linesWithoutLoading(outcome)).hasSize(1);
        }

        @Test
        void opensNoListener() throws Exception {
            try (ServerSocket taken = new ServerSocket(0, 1, LoopbackPorts.loopback())) {
                assertThat(check("setLocal(\"127.0.0.1:%d\")\n".formatted(taken.getLocalPort()))
                                .status())
                        .isZero();
            }
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "syntax error here",
                    "noSuchFunction()",
                    "newServer(nil)",
                    "setACL(\"not a netmask\")",
                    "dofile(\"/nonexistent/file.lua\")",
                    "require(\"nonexistent\")",
                    "error(\"boom\")"
                })
        void refused(String line) {
            ChildProcess.Outcome outcome = check("-- one line before\n" + line + "\n");
            assertThat(outcome.status()).as(outcome.output()).isEqualTo(1);
            assertThat(outcome.output()).as("the line").contains("2");
        }

        @NewerThanDebian("accepts these, and names the chunk instead of the file")
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "addDNSCryptBind(\"127.0.0.1:443\", \"2.a.\", \"a\", \"b\")",
                    "setMaxTCPClientThreads({})",
                    "topRule()",
                    "addLuaAction(AllRule(), function() end)"
                })
        void refusedWithFileAndLine(String line) {
            ChildProcess.Outcome outcome = check("-- one line before\n" + line + "\n");
            assertThat(outcome.status()).as(outcome.output()).isEqualTo(1);
            assertThat(outcome.output()).containsPattern("c\\.conf\"?:2|c\\.conf.*line.{0,3}2");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "includeDirectory(\"/nonexistent\")",
                    "newServer(\"no-such-host.invalid\")",
                    "newServer({address=\"no-such-host.invalid:53\"})",
                    "setKey(\"not base64!\")"
                })
        void tolerated(String line) {
            assertThat(check(line + "\n" + SPOOF).status()).isZero();
        }

        @NewerThanDebian("says OK to a missing file")
        @Test
        void missingFile() {
            ChildProcess.Outcome outcome = ChildProcess.run(
                    Path.of("/"),
                    TestSubject.current().command("-C", "/nonexistent/c.conf", "--check-config"),
                    "",
                    LIMIT);
            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.output()).contains("/nonexistent/c.conf");
        }

        @Test
        void pathsAreRelativeToTheWorkingDirectory() {
            try (TempDirectory directory = TempDirectory.create("weir-check")) {
                directory.write("included.lua", SPOOF);
                directory.write("c.conf", "dofile(\"included.lua\")\n");
                ChildProcess.Outcome outcome = ChildProcess.run(
                        directory.path(), TestSubject.current().command("-C", "c.conf", "--check-config"), "", LIMIT);
                assertThat(outcome.status()).as(outcome.output()).isZero();
            }
        }
    }

    @Nested
    class Exit {
        @NewerThanDebian("dies of the signal, status 143")
        @Test
        void sigtermIsSuccess() {
            try (DnsProcess subject = DnsProcess.start(SPOOF)) {
                assertThat(subject.process().terminate(LIMIT)).isZero();
                assertThat(LoopbackPorts.tcpListening(subject.port())).isFalse();
            }
        }

        @NewerThanDebian("dies of the signal, status 143")
        @Test
        void sigtermWithBusyBackendsIsQuick() {
            try (FakeBackend silent = FakeBackend.start(q -> FakeBackend.Reply.drop());
                    DnsProcess subject =
                            DnsProcess.start("setUDPTimeout(250)\nnewServer(\"%s\")\n".formatted(silent.hostPort()));
                    UdpClient client = subject.udp()) {
                client.send(DnsQuery.of("pending.example.", DnsMessage.A).packet());
                Await.until("the query is forwarded", LIMIT, () -> silent.queryCount() > 0);
                assertThat(subject.process().terminate(LIMIT)).isZero();
            }
        }

        /** While the JVM itself starts it would die of the signal; the launcher has it wait. */
        @NewerThanDebian("dies of the signal, status 143")
        @ParameterizedTest
        @ValueSource(ints = {0, 10, 30, 60, 100, 200})
        void sigtermIsNeverTooEarly(int delayMillis) throws Exception {
            int port = LoopbackPorts.free();
            try (DnsProcess subject = DnsProcess.launch(port, DnsProcess.preamble(port, "") + SPOOF)) {
                ProcessHandle handle = ProcessHandle.of(subject.process().pid()).orElseThrow();
                Await.until(
                        "the launcher has handed over",
                        LIMIT,
                        () -> handle.info().command().orElse("").endsWith("/java"));
                Thread.sleep(delayMillis);
                assertThat(subject.process().terminate(LIMIT)).isZero();
            }
        }

        @NewerThanDebian("dies of the signal")
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {"HUP | Configuration reloaded", "USR1 | signal=\"SIGUSR1\""})
        void otherSignalsSaySomethingAndHarmNobody(String signal, String said) throws Exception {
            try (DnsProcess subject = DnsProcess.start(SPOOF);
                    UdpClient client = subject.udp()) {
                assertThat(new ProcessBuilder(
                                        "kill",
                                        "-" + signal,
                                        String.valueOf(subject.process().pid()))
                                .start()
                                .waitFor())
                        .isZero();
                if (!isIgnored(signal)) {
                    Await.until("said", LIMIT, () -> subject.process().output().contains(said));
                }
                assertThat(client.ask(DnsQuery.of("x.example.", DnsMessage.A)).answerTexts())
                        .containsExactly("192.0.2.1");
            }
        }

        /** Whoever runs this under nohup(1) has SIGHUP ignored, and children inherit that. */
        private static boolean isIgnored(String signal) throws IOException {
            return signal.equals("HUP")
                    && Files.readAllLines(Path.of("/proc/self/status")).stream()
                            .filter(line -> line.startsWith("SigIgn:"))
                            .anyMatch(line ->
                                    (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
        }

        @Test
        void shutdownOnTheConsole() {
            try (DnsProcess subject = DnsProcess.start(SPOOF)) {
                subject.consoleOutcome("shutdown()");
                assertThat(subject.process().awaitExit(LIMIT)).isZero();
            }
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 7, 77})
        void luaChoosesTheStatus(int status) {
            ChildProcess.Outcome outcome =
                    check("-- in the middle\nos.exit(%d)\nerror(\"not reached\")\n".formatted(status));
            assertThat(outcome.status()).isEqualTo(status);
        }

        @Test
        void badConfigurationLeavesNothingListening() {
            int port = LoopbackPorts.free();
            try (DnsProcess subject = DnsProcess.launch(port, DnsProcess.preamble(port, "") + "noSuchFunction()\n")) {
                assertThat(subject.process().awaitExit(LIMIT)).isEqualTo(1);
                assertThat(LoopbackPorts.tcpListening(port)).isFalse();
                assertThat(LoopbackPorts.udpBound(port)).isFalse();
            }
        }

        @Test
        void portInUse() throws SocketException {
            int port = LoopbackPorts.free();
            try (DatagramSocket taken = new DatagramSocket(LoopbackPorts.address(port));
                    DnsProcess subject = DnsProcess.launch(port, DnsProcess.preamble(port, "") + SPOOF)) {
                assertThat(subject.process().awaitExit(LIMIT)).isEqualTo(1);
                assertThat(subject.process().output()).contains("127.0.0.1:" + taken.getLocalPort());
            }
        }

        @NewerThanDebian("dies of the signal, status 143")
        @Test
        void exitCallbacksRun() {
            String config = SPOOF
                    + "addExitCallback(function() local f = io.open(\"exited\", \"w\") f:write(\"yes\") f:close() end)\n";
            try (DnsProcess subject = DnsProcess.start(config)) {
                assertThat(subject.process().terminate(LIMIT)).isZero();
                assertThat(subject.directory().resolve("exited")).hasContent("yes");
            }
        }
    }

    @Nested
    class Start {
        @Test
        void healthChecksComeBeforeListeners() {
            AtomicBoolean listeningAtCheck = new AtomicBoolean();
            int port = LoopbackPorts.free();
            try (FakeBackend backend = FakeBackend.start(q -> {
                if (q.name().equals("first.check.example.") && LoopbackPorts.tcpListening(port)) {
                    listeningAtCheck.set(true);
                }
                return FakeBackend.Reply.send(q.query().reply(DnsMessage.NOERROR));
            })) {
                String config = DnsProcess.preamble(port, "")
                        + "newServer({address=\"%s\", checkName=\"first.check.example.\", checkInterval=3600})\n"
                                .formatted(backend.hostPort());
                try (DnsProcess subject = DnsProcess.launch(port, config)) {
                    subject.awaitListening();
                    try (UdpClient client = subject.udp()) {
                        client.ask(DnsQuery.of("client.example.", DnsMessage.A));
                    }
                    assertThat(backend.received())
                            .extracting(FakeBackend.Received::name)
                            .containsExactly("first.check.example.", "client.example.");
                }
            }
            // dnsdist binds and listens first, but does not accept before the checks are through.
            if (TestSubject.current() == TestSubject.WEIR) {
                assertThat(listeningAtCheck).isFalse();
            }
        }

        @Test
        void backendsSeeOnlyConfiguredHealthChecksAndClients() {
            try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                    DnsProcess subject = DnsProcess.start(
                            "newServer({address=\"%s\", checkInterval=1})\n".formatted(backend.hostPort()));
                    UdpClient client = subject.udp()) {
                client.ask(DnsQuery.of("one.example.", DnsMessage.A));
                Await.until("three health checks", LIMIT, () -> backend.healthCheckCount() >= 3);
                assertThat(backend.queryCount()).isEqualTo(1);
            }
        }

        @Test
        void forcedServersAreNotChecked() {
            try (FakeBackend backend = FakeBackend.answering("192.0.2.1");
                    DnsProcess subject = DnsProcess.start(
                            "newServer({address=\"%s\", healthCheckMode=\"up\"})\nseconds=0\nfunction maintenance() seconds=seconds+1 end\n"
                                    .formatted(backend.hostPort())
                                    .replace(
                                            "healthCheckMode=\"up\"})",
                                            TestSubject.current() == TestSubject.WEIR
                                                    ? "healthCheckMode=\"up\"})"
                                                    : "checkInterval=3600}):setUp()"))) {
                int atStart = backend.healthCheckCount();
                Await.until(
                        "maintenance ran", LIMIT, () -> Integer.parseInt(subject.console("tostring(seconds)")) >= 2);
                assertThat(backend.healthCheckCount()).isEqualTo(atStart);
                assertThat(subject.console("showServers()")).contains(" UP ");
            }
        }

        @Test
        void maintenanceRunsEachSecond() {
            String noting = "ticks={}\nfunction maintenance() table.insert(ticks, os.time()) end\n";
            try (DnsProcess subject = DnsProcess.start(SPOOF + noting)) {
                Await.until("four ticks", LIMIT, () -> Integer.parseInt(subject.console("tostring(#ticks)")) >= 4);
                assertThat(Double.parseDouble(subject.console("tostring(ticks[4] - ticks[1])")))
                        .as("seconds for three ticks, by the subject's own clock")
                        .isBetween(2.0, 6.0);
            }
        }

        @Test
        void localFlagReplacesTheListeners() {
            int configured = LoopbackPorts.free();
            int flag = LoopbackPorts.free();
            String config = DnsProcess.preamble(configured, "") + SPOOF;
            try (DnsProcess subject = DnsProcess.launch(flag, config, "-l", "127.0.0.1:" + flag)) {
                subject.awaitListening();
                assertThat(LoopbackPorts.tcpListening(configured)).isFalse();
                assertThat(LoopbackPorts.udpBound(configured)).isFalse();
            }
        }

        @Test
        void aclFlagReplacesTheDefault() {
            int port = LoopbackPorts.free();
            try (DnsProcess subject = DnsProcess.launch(
                    port, DnsProcess.preamble(port, "") + SPOOF, "--acl", "192.0.2.0/24", "--acl", "198.51.100.0/24")) {
                subject.awaitListening();
                Await.until(
                        "console",
                        LIMIT,
                        () -> subject.consoleOutcome("showACL()").status() == 0);
                assertThat(subject.console("showACL()").lines())
                        .containsExactlyInAnyOrder("192.0.2.0/24", "198.51.100.0/24");
            }
        }

        @Test
        void positionalAddressesAreServers() {
            int port = LoopbackPorts.free();
            try (FakeBackend backend = FakeBackend.answering("192.0.2.33");
                    DnsProcess subject = DnsProcess.launch(port, DnsProcess.preamble(port, ""), backend.hostPort())) {
                subject.awaitListening();
                try (UdpClient client = subject.udp()) {
                    assertThat(client.ask(DnsQuery.of("x.example.", DnsMessage.A))
                                    .answerTexts())
                            .containsExactly("192.0.2.33");
                }
            }
        }

        @NewerThanDebian("logs plain text")
        @Test
        void listenersAreLoggedInStructuredForm() {
            try (DnsProcess subject = DnsProcess.start(SPOOF)) {
                Pattern line = Pattern.compile(
                        "msg=\"Listening on Do53 frontend\" subsystem=\"setup\" level=\"0\" prio=\"Info\" "
                                + "ts=\"\\d+\\.\\d{3}\" frontend.address=\"127.0.0.1:" + subject.port() + "\"");
                Await.until(
                        "logged", LIMIT, () -> line.matcher(subject.process().output())
                                .find());
            }
        }

        @Test
        void leavesNoChildBehind() {
            try (DnsProcess subject = DnsProcess.start(SPOOF)) {
                ProcessHandle handle = ProcessHandle.of(subject.process().pid()).orElseThrow();
                assertThat(handle.children()).isEmpty();
                assertThat(new ProcessProbe(handle.pid()).threads()).isPositive();
            }
        }
    }

    @Nested
    class Console {
        @Test
        void expressionsStatementsAndErrors() {
            try (DnsProcess subject = DnsProcess.start(SPOOF)) {
                assertThat(subject.consoleClient("1 + 1 .. \"\"")).isEqualTo("2");
                assertThat(subject.consoleClient("x = 5")).isEmpty();
                assertThat(subject.consoleClient("\"x is \" .. x")).isEqualTo("x is 5");
                assertThat(subject.consoleClient("show(\"shown\")")).isEqualTo("shown");
                assertThat(subject.consoleClient("noSuchFunction()"))
                        .startsWith("Error")
                        .contains("noSuchFunction");
                assertThat(subject.consoleClient("syntax(")).startsWith("Error");
            }
        }

        @Test
        void versionStartsWithTheProgramsName() {
            try (DnsProcess subject = DnsProcess.start(SPOOF)) {
                String pattern = TestSubject.current() == TestSubject.WEIR
                        ? "dnsdist \\d+\\.\\d+\\.\\d+ \\(weir \\d+\\.\\d+\\..+\\)"
                        : "dnsdist \\d+\\.\\d+\\.\\d+";
                assertThat(subject.consoleClient("showVersion()")).matches(pattern);
            }
        }

        @Test
        void clientReadsCommandsFromStandardInput() {
            try (DnsProcess subject = DnsProcess.start(SPOOF + "setACL({\"127.0.0.0/8\", \"192.0.2.0/24\"})\n")) {
                ChildProcess.Outcome outcome = ChildProcess.run(
                        subject.directory(),
                        TestSubject.current().command("-C", subject.config().toString(), "--client"),
                        "showACL()\n\"after \" .. \"it\"\n",
                        LIMIT);
                assertThat(outcome.status()).isZero();
                assertThat(outcome.stdout().lines()).containsSubsequence("127.0.0.0/8", "192.0.2.0/24", "after it");
            }
        }

        @Test
        void nobodyThereIsStatusOne() {
            int port = LoopbackPorts.free();
            try (TempDirectory directory = TempDirectory.create("weir-console")) {
                directory.write("c.conf", DnsProcess.preamble(port, ""));
                ChildProcess.Outcome outcome = ChildProcess.run(
                        directory.path(),
                        TestSubject.current().command("-C", "c.conf", "-e", "showVersion()"),
                        "",
                        LIMIT);
                assertThat(outcome.status()).isEqualTo(1);
            }
        }

        @Test
        void wrongKeyTellsNothing() {
            try (DnsProcess subject = DnsProcess.start(SPOOF);
                    TempDirectory directory = TempDirectory.create("weir-console")) {
                String other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
                directory.write("c.conf", ConsoleConfig.of(subject.config()).replace(DnsProcess.CONSOLE_KEY, other));
                ChildProcess.Outcome outcome = ChildProcess.run(
                        directory.path(),
                        TestSubject.current().command("-C", "c.conf", "-e", "showVersion()"),
                        "",
                        LIMIT);
                assertThat(outcome.stdout()).doesNotContain("dnsdist ").doesNotContainIgnoringCase("weir ");
            }
        }
    }

    @Nested
    class Help {
        @Test
        void versionNamesTheFeatures() {
            ChildProcess.Outcome outcome =
                    ChildProcess.run(Path.of("/tmp"), TestSubject.current().command("--version"), "", LIMIT);
            assertThat(outcome.status()).isZero();
            assertThat(outcome.stdout().lines().toList().get(1)).startsWith("Enabled features:");
        }

        @Test
        void usage() {
            ChildProcess.Outcome outcome =
                    ChildProcess.run(Path.of("/tmp"), TestSubject.current().command("--help"), "", LIMIT);
            assertThat(outcome.status()).isZero();
            assertThat(outcome.output()).contains("--check-config", "--supervised", "--config", "--client");
        }
    }
}
