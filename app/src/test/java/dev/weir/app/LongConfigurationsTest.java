package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.config.yaml.Section;
import dev.weir.config.yaml.Value;
import dev.weir.config.yaml.YamlReader;
import dev.weir.testkit.Await;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.UdpClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Does each long configuration answer the same in Lua and, converted, in YAML? Both run at once before the same servers; a query that one of them leaves
 * without an answer must not be answered by the other one either.
 */
@Timeout(300)
class LongConfigurationsTest {
    private static final Path EXAMPLES = Path.of("..", "examples", "long");

    /** Where a configuration listens, and where its servers are. */
    private static final Pattern LISTENING = Pattern.compile("\\b55[0-9]{2}\\b");

    private static final Pattern SERVING = Pattern.compile("\\b56[0-9]{2}\\b");
    private static final Pattern NAME =
            Pattern.compile("\\b((?:[a-z0-9_-]+\\.)*[a-z0-9_-]+\\.(?:example|arpa|org|net|com|local|info))\\b");
    private static final Pattern NETWORK = Pattern.compile("\"127\\.([0-9]{1,3})\\.0\\.0/16\"");
    private static final List<Integer> TYPES = List.of(DnsMessage.AAAA, DnsMessage.TXT, DnsMessage.ANY, 64);

    /** What nobody has answered in this time after everything else is silence. */
    private static final Duration QUIET = Duration.ofMillis(250);

    private static final int MOST_NAMES = 60;

    private static final ServiceLoader.Exit EXIT = new ServiceLoader.Exit() {
        @Override
        public void shutdown() {}

        @Override
        public void now(int status) {
            throw new IllegalStateException("exit " + status);
        }
    };

    private static TestCertificates certificates;
    private static TestCertificates.Pair certificate;

    @TempDir
    Path directory;

    private final Map<String, FakeBackend> servers = new HashMap<>();

    /** What a server answers, by its port: that of all servers of the same pools. */
    private final Map<Integer, String> answers = new ConcurrentHashMap<>();

    private final List<Service> services = new ArrayList<>();

    @BeforeAll
    static void make() {
        certificates = new TestCertificates();
        certificate = certificates.make("server", "dns.example");
    }

    @AfterAll
    static void remove() {
        certificates.close();
    }

    @AfterEach
    void stop() {
        services.forEach(Service::stop);
        servers.values().forEach(FakeBackend::close);
    }

    static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            List<Path> all = files.filter(file -> file.toString().endsWith(".lua"))
                    .sorted()
                    .toList();
            assertThat(all).hasSize(10);
            return all;
        }
    }

    // ---- two services

    private String withServers(String text) {
        return SERVING.matcher(text)
                .replaceAll(found -> Integer.toString(
                        servers.computeIfAbsent(found.group(), any -> server()).port()));
    }

    private FakeBackend server() {
        int port = LoopbackPorts.free();
        return FakeBackend.start(
                port,
                received -> FakeBackend.Reply.send(
                        FakeBackend.addressOrNothing(received.query(), answers.getOrDefault(port, "192.0.2.250"))));
    }

    private static String withPorts(String text, Map<String, Integer> ports) {
        return LISTENING
                .matcher(text)
                .replaceAll(
                        found -> Integer.toString(ports.computeIfAbsent(found.group(), any -> LoopbackPorts.free())));
    }

    private Service start(Path file) throws StartException, UsageException, IOException {
        Service service = new Wiring().load(OptionParser.parse("-C", file.toString()), ServiceLoader.Purpose.RUN, EXIT);
        services.add(service);
        service.checkBackends();
        service.listen();
        return service;
    }

    private String converted(Path lua) throws UsageException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String beside = directory.resolve("yaml.lua").toString();
        int status = new ConvertTool(EXIT, new PrintStream(out), new PrintStream(err))
                .run(List.of("--lua-out", beside, lua.toString()));
        assertThat(status).as(err.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("# Not in YAML");
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Servers among which a policy may choose answer the same. */
    private void label(Section root) {
        Map<String, String> labels = new HashMap<>();
        for (Value each : root.list("backends")) {
            Section server = each.section();
            String pools =
                    server.list("pools").stream().map(Value::text).toList().toString();
            String label = labels.computeIfAbsent(pools, any -> "192.0.2." + (200 + labels.size()));
            String address = server.text("address");
            answers.put(Integer.valueOf(address.substring(address.lastIndexOf(':') + 1)), label);
        }
    }

    private static List<String> plain(Section root) {
        return root.list("binds").stream()
                .map(Value::section)
                .filter(bind -> bind.text("protocol").equals("Do53"))
                .map(bind -> bind.text("listen_address"))
                .map(address -> address.substring(address.lastIndexOf(':') + 1))
                .toList();
    }

    // ---- questions

    private record Question(String listener, InetAddress client, DnsQuery query) {
        @Override
        public String toString() {
            return query.name() + " " + query.type() + " at " + listener + " from " + client;
        }
    }

    /** Each from another network, so that no limit of single clients counts two of them together. */
    private static List<Question> questions(String text, String listener) {
        Set<String> names = new TreeSet<>(List.of("www.example.", "a.b.c.d.e.f.g.h.i.j.example."));
        NAME.matcher(text).results().map(found -> found.group(1)).forEach(name -> names.add(name + "."));
        Set<Integer> networks = new TreeSet<>(List.of(0));
        Matcher network = NETWORK.matcher(text);
        while (network.find()) {
            networks.add(Integer.valueOf(network.group(1)));
        }
        List<Question> all = new ArrayList<>();
        int number = 0;
        for (int net : networks) {
            for (String name : names.stream().limit(MOST_NAMES).toList()) {
                number++;
                InetAddress client = InetAddress.ofLiteral("127." + net + "." + (number % 250 + 1) + ".1");
                int type = TYPES.get(number % TYPES.size());
                String asked = number % 3 == 0 ? "x." + name : name;
                all.add(new Question(listener, client, DnsQuery.of(asked, DnsMessage.A)));
                all.add(new Question(listener, client, DnsQuery.of(asked, type)));
            }
        }
        return all;
    }

    private static String shown(Optional<byte[]> packet) {
        if (packet.isEmpty()) {
            return "nothing";
        }
        DnsMessage message = DnsMessage.parse(packet.get());
        return message.rcode() + " " + message.has(DnsMessage.TC) + " " + message.has(DnsMessage.AA) + " "
                + message.has(DnsMessage.RA) + " "
                + message.answerTexts().stream().sorted().toList() + " "
                + message.opt().isPresent();
    }

    /** A machine that is busy must not make servers of one of the two look slow or down. */
    private static String patient(String text) {
        return text.replaceAll("udpTimeout = [0-9]+", "udpTimeout = 60") + "\nsetUDPTimeout(60)\n";
    }

    private static final String ALL_UP =
            "for _, s in ipairs(getServers()) do if s:getHealthCheckMode() ~= 'down' then s:setUp() end end";

    /** Asks both, all at once, and compares. */
    private static void compare(List<Question> questions, List<Map<String, Integer>> ports) {
        List<UdpClient> clients = new ArrayList<>();
        try {
            for (Question question : questions) {
                for (Map<String, Integer> port : ports) {
                    UdpClient client = UdpClient.between(
                            question.client,
                            LoopbackPorts.address(Objects.requireNonNull(port.get(question.listener))));
                    clients.add(client);
                    client.send(question.query.packet());
                }
            }
            long end = System.nanoTime() + QUIET.toNanos();
            for (int i = 0; i < questions.size(); i++) {
                UdpClient lua = clients.get(2 * i);
                UdpClient yaml = clients.get(2 * i + 1);
                Optional<byte[]> one = lua.receive(Duration.ofNanos(end - System.nanoTime()));
                Optional<byte[]> other = yaml.receive(one.isPresent() ? Await.PATIENCE : Duration.ofMillis(1));
                if (other.isPresent() && one.isEmpty()) {
                    one = lua.receive(Await.PATIENCE);
                }
                assertThat(shown(other)).as(questions.get(i).toString()).isEqualTo(shown(one));
                if (one.isPresent()) {
                    end = Math.max(end, System.nanoTime() + QUIET.toNanos());
                }
            }
        } finally {
            clients.forEach(UdpClient::close);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void answersTheSame(Path example) throws Exception {
        String text = withServers(patient(Files.readString(example)))
                .replace("certificates/server.pem", certificate.certificate().toString())
                .replace("certificates/server.key", certificate.key().toString());
        Map<String, Integer> luaPorts = new HashMap<>();
        Map<String, Integer> yamlPorts = new HashMap<>();
        // The text that both are made of has the ports of the example.
        String yaml = converted(Files.writeString(directory.resolve("example.lua"), text));
        Path lua = Files.writeString(directory.resolve("lua.conf"), withPorts(text, luaPorts));
        Path file = Files.writeString(directory.resolve("yaml.yml"), withPorts(yaml, yamlPorts));
        Section root = YamlReader.read("yaml.yml", yaml.getBytes(StandardCharsets.UTF_8));
        label(root);
        Service one = start(lua);
        Service other = start(file);
        for (String line : List.of("showRules()", "showResponseRules()", "showPools()", "showACL()", "showBinds()")) {
            assertThat(console(other, line, yamlPorts)).as(line).isEqualTo(console(one, line, luaPorts));
        }
        services.forEach(service -> service.console().evaluate(ALL_UP));
        for (String listener : plain(root)) {
            // One after the other: some functions remember what was asked before.
            List<Question> questions = questions(text, listener);
            assertThat(questions).hasSizeGreaterThan(15);
            compare(questions, List.of(luaPorts, yamlPorts));
            compare(questions.subList(0, questions.size() / 2), List.of(luaPorts, yamlPorts));
            for (Question question : questions.subList(0, 10)) {
                assertThat(tcp(yamlPorts, question)).isEqualTo(tcp(luaPorts, question));
            }
        }
    }

    private static String tcp(Map<String, Integer> ports, Question question) {
        try (TcpClient client =
                TcpClient.to(LoopbackPorts.address(Objects.requireNonNull(ports.get(question.listener))))) {
            client.send(question.query.packet());
            client.halfClose();
            return shown(client.tryReceive(Await.PATIENCE));
        }
    }

    /** An answer in which listeners have the ports of the example, and no columns. */
    private static String console(Service service, String line, Map<String, Integer> ports) {
        String answer = service.console().evaluate(line);
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            answer = answer.replaceAll("\\b" + port.getValue() + "\\b", port.getKey());
        }
        return answer.replaceAll("[ \\t]+", " ");
    }
}
