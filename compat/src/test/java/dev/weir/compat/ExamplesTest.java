package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Does every configuration in {@code examples/} pass the check, and start? */
class ExamplesTest {
    private static final Duration LIMIT = Await.PATIENCE;
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");
    private static final Pattern LISTENER =
            Pattern.compile("(?m)^(?:(?:set|add)Local\\(\"| +- listen_address: )127\\.0\\.0\\.1:(\\d+)");

    /** Those in Lua, and those in YAML. */
    static List<Path> examples() throws IOException {
        List<Path> examples = new ArrayList<>(files("examples", ".lua"));
        List<Path> twins = files("examples/yaml", ".yml");
        assertThat(examples).hasSizeGreaterThanOrEqualTo(6);
        assertThat(twins).hasSameSizeAs(examples);
        examples.addAll(twins);
        return examples;
    }

    static List<Path> twins() throws IOException {
        return files("examples/yaml", ".yml");
    }

    private static List<Path> files(String directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(TestSubject.repositoryRoot().resolve(directory))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void passesCheck(Path example) {
        try (TempDirectory directory = TempDirectory.create("weir-example")) {
            ChildProcess.Outcome outcome = ChildProcess.run(
                    directory.path(),
                    TestSubject.current().command("-C", example.toString(), "--check-config"),
                    "",
                    LIMIT);
            assertThat(outcome.status()).as(outcome.output()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void listensOnItsPorts(Path example) throws IOException {
        String config = onFreePorts(Files.readString(example));
        List<Integer> ports = LISTENER.matcher(config)
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
        assertThat(ports).isNotEmpty();
        try (TempDirectory directory = TempDirectory.create("weir-example");
                ChildProcess process = ChildProcess.start(
                        directory.path(),
                        TestSubject.current()
                                .command(
                                        "-C",
                                        written(directory, example, config).toString(),
                                        "--supervised",
                                        "--disable-syslog"))) {
            boolean up = Await.reached(
                    LIMIT,
                    () -> !process.isAlive()
                            || ports.stream()
                                    .allMatch(p -> LoopbackPorts.tcpListening(p) && LoopbackPorts.udpBound(p)));
            assertThat(up && process.isAlive()).as(process.output()).isTrue();
        }
    }

    /** With the functions that stand beside it. */
    private static Path written(TempDirectory directory, Path example, String config) throws IOException {
        Path beside = Path.of(example.toString().replace(".yml", ".lua"));
        if (example.toString().endsWith(".yml") && Files.exists(beside)) {
            directory.write("example.lua", Files.readString(beside));
        }
        return directory.write(example.toString().endsWith(".yml") ? "example.yml" : "example.lua", config);
    }

    private static final List<DnsQuery> QUERIES = Stream.of(
                    "www.example.",
                    "www.example.org.",
                    "x.corp.example.",
                    "wpad.corp.example.",
                    "router.home.",
                    "partner.example.",
                    "ads.example.",
                    "old.example.",
                    "x.dyn.example.",
                    "x.cdn.example.",
                    "stats.example.",
                    "x.lab.example.",
                    "0123456789abcdef0123456789abcdef0123456789.example.",
                    "4.3.2.1.in-addr.arpa.")
            .flatMap(name -> Stream.of(DnsMessage.A, DnsMessage.AAAA, DnsMessage.ANY)
                    .map(type -> DnsQuery.of(name, type).withId(4711)))
            .toList();

    /** What comes back for each query, twice, from a daemon whose backends all answer with their port. */
    private static List<String> answers(Path example) throws IOException {
        Map<String, FakeBackend> backends = new HashMap<>();
        String text = Files.readString(example);
        List<String> listening = new ArrayList<>();
        LISTENER.matcher(text).results().forEach(found -> listening.add(found.group(1)));
        String config = PORT.matcher(text).replaceAll(found -> {
            String port = found.group(1);
            return "127.0.0.1:"
                    + (Integer.parseInt(port) < 5400 || listening.contains(port)
                            ? FREE.computeIfAbsent(example + port, any -> LoopbackPorts.free())
                            : backends.computeIfAbsent(
                                            port,
                                            any -> FakeBackend.answering("192.0.2."
                                                    + (Integer.parseInt(TWINS.getOrDefault(port, port)) - 5400)))
                                    .port());
        });
        int port = java.util.Objects.requireNonNull(FREE.get(example + listening.getFirst()));
        List<String> answers = new ArrayList<>();
        try (TempDirectory directory = TempDirectory.create("weir-example");
                ChildProcess process = ChildProcess.start(
                        directory.path(),
                        TestSubject.current()
                                .command(
                                        "-C",
                                        written(directory, example, config).toString(),
                                        "--supervised",
                                        "--disable-syslog"))) {
            Await.until("it listens", LIMIT, () -> !process.isAlive() || LoopbackPorts.udpBound(port));
            assertThat(process.isAlive()).as(process.output()).isTrue();
            for (int round = 0; round < 2; round++) {
                for (DnsQuery query : QUERIES) {
                    answers.add(query.name() + " " + query.type() + ": " + udp(port, query));
                }
            }
        } finally {
            backends.values().forEach(FakeBackend::close);
        }
        return answers;
    }

    private static final Map<String, Integer> FREE = new HashMap<>();
    private static final String NOTHING = "nothing";

    /** Servers among which a policy chooses as it likes answer the same. */
    private static final Map<String, String> TWINS =
            Map.of("5402", "5401", "5422", "5421", "5425", "5424", "5452", "5451", "5453", "5451", "5455", "5454");

    /** What is dropped leaves nothing to wait for: a query that was sent later has been answered, and it is quiet. */
    private static String udp(int port, DnsQuery query) {
        try (UdpClient client = UdpClient.to(LoopbackPorts.address(port));
                UdpClient later = UdpClient.to(LoopbackPorts.address(port))) {
            client.send(query.packet());
            return client.receive(AT_ONCE)
                    .or(() -> {
                        boolean answered = later.tryExchange(QUERIES.getFirst().packet(), SHORT)
                                .isPresent();
                        return client.receive(answered ? SOON : SHORT);
                    })
                    .map(ExamplesTest::shown)
                    .orElse(NOTHING);
        }
    }

    private static final Duration AT_ONCE = Duration.ofMillis(200);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration SHORT = Duration.ofSeconds(3);

    private static String shown(byte[] packet) {
        DnsMessage message = DnsMessage.parse(packet);
        return message.rcode() + " " + message.has(DnsMessage.TC) + " " + message.has(DnsMessage.AA) + " "
                + message.answerTexts().stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("twins")
    void behavesLikeItsTwinInLua(Path twin) throws IOException {
        Path lua = TestSubject.repositoryRoot()
                .resolve("examples")
                .resolve(twin.getFileName().toString().replace(".yml", ".lua"));
        List<String> inYaml = answers(twin);
        assertThat(inYaml).hasSizeGreaterThan(60);
        assertThat(inYaml).isEqualTo(answers(lua));
    }

    /** Others on this machine may be trying the examples, too. */
    private static String onFreePorts(String config) {
        Map<String, String> free = new HashMap<>();
        return PORT.matcher(config)
                .replaceAll(
                        found -> free.computeIfAbsent(found.group(), address -> "127.0.0.1:" + LoopbackPorts.free()));
    }
}
