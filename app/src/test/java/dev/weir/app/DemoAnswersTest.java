package dev.weir.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.UdpClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole program, started as {@code weir demo}: what it tells people to try works. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoAnswersTest {
    private static final Pattern DASHBOARD = Pattern.compile("Dashboard: (http://[0-9.:]+/).*");

    private Path temporary;

    private InetSocketAddress address;
    private Process demo;
    private BufferedReader out;
    private Path file;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        temporary = directory;
        address = new InetSocketAddress(LoopbackPorts.loopback(), LoopbackPorts.free());
        demo = weir(temporary, "demo", "--no-load", "--listen", "127.0.0.1:" + address.getPort());
        out = demo.inputReader();
        List<String> seen = new ArrayList<>();
        for (String line = out.readLine(); line != null && file == null; line = out.readLine()) {
            seen.add(line);
            String start = "Configuration, while this runs: ";
            file = line.startsWith(start) ? Path.of(line.substring(start.length())) : null;
        }
        assertThat(file).as("in %s", seen).exists();
    }

    @AfterAll
    void endsCleanly() throws Exception {
        demo.toHandle().destroy(); // Process.destroy() would close its output too
        assertThat(out.lines().toList())
                .anyMatch(line -> line.matches("[1-9]\\d* queries, [1-9]\\d* answered from the cache\\."));
        assertThat(demo.waitFor()).isZero();
        assertThat(temporary).isEmptyDirectory();
    }

    /** What there is to see without doing anything: a page that needs no password, and a client that is stopped. */
    @Test
    void thereIsSomethingToSee(@TempDir Path other) throws Exception {
        Process own = weir(other, "demo", "--listen", "127.0.0.1:" + LoopbackPorts.free());
        try {
            BufferedReader lines = own.inputReader();
            URI page = null;
            boolean blocked = false;
            for (String line = lines.readLine(); line != null && !blocked; line = lines.readLine()) {
                Matcher dashboard = DASHBOARD.matcher(line);
                page = dashboard.matches() ? URI.create(dashboard.group(1)) : page;
                blocked = line.startsWith("Inserting dynamic block for 127.0.0.66/32");
            }
            assertThat(blocked).isTrue();
            HttpRequest request =
                    HttpRequest.newBuilder(Objects.requireNonNull(page)).build();
            try (HttpClient client = HttpClient.newHttpClient()) {
                assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                                .body())
                        .contains("<title>Weir</title>");
            }
        } finally {
            own.toHandle().destroy();
            assertThat(own.waitFor()).isZero();
        }
    }

    @Test
    void answersComeFromBackendsAndTheCache() {
        try (UdpClient client = UdpClient.to(address)) {
            for (int i = 0; i < 3; i++) {
                DnsMessage answer = client.ask(DnsQuery.of("www.demo.example.", DnsMessage.A));
                assertThat(answer.answerTexts()).containsExactlyInAnyOrder("192.0.2.10", "192.0.2.11");
            }
        }
    }

    @Test
    void everyBackendHasItsTurn() {
        Set<String> seen = new HashSet<>();
        try (UdpClient client = UdpClient.to(address)) {
            for (int i = 0; i < 3; i++) {
                seen.addAll(client.ask(DnsQuery.of("whoami.demo.example.", DnsMessage.TXT))
                        .answerTexts());
            }
        }
        assertThat(seen).hasSize(3);
    }

    @Test
    void bigAnswerComesOverTcp() {
        DnsQuery query = DnsQuery.of("big.demo.example.", DnsMessage.TXT).edns(1232);
        try (UdpClient udp = UdpClient.to(address);
                TcpClient tcp = TcpClient.to(address)) {
            assertThat(udp.ask(query).has(DnsMessage.TC)).isTrue();
            assertThat(tcp.ask(query).answers()).hasSize(1);
        }
    }

    @Test
    void rulesDoWhatTheFileSays() {
        try (UdpClient client = UdpClient.to(address)) {
            assertThat(client.ask(DnsQuery.of("refused.demo.example.", DnsMessage.A))
                            .rcode())
                    .isEqualTo(DnsMessage.REFUSED);
            assertThat(client.ask(DnsQuery.of("spoofed.demo.example.", DnsMessage.A))
                            .answerTexts())
                    .containsExactly("192.0.2.80");
            Set<String> laboratory = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                laboratory.addAll(client.ask(DnsQuery.of("whoami.lab.demo.example.", DnsMessage.TXT))
                        .answerTexts());
            }
            assertThat(laboratory).hasSize(1);
        }
    }

    @Test
    void configurationIsAnyOthersAndItsConsoleIsOpen() throws Exception {
        Process check = weir(temporary, "-C", file.toString(), "--check-config");
        assertThat(check.inputReader().lines()).singleElement().asString().contains("Configuration OK");
        assertThat(check.waitFor()).isZero();
        Process console = weir(temporary, "-C", file.toString(), "-e", "showServers()");
        assertThat(console.inputReader().lines().collect(Collectors.joining("\n")))
                .contains("alpha", "beta", "gamma");
        assertThat(console.waitFor()).isZero();
    }

    @Test
    void aSecondOneOnTheSameAddressSaysWhatToDo() throws Exception {
        Process second = weir(temporary, "demo", "--listen", "127.0.0.1:" + address.getPort());
        assertThat(second.inputReader().lines().collect(Collectors.joining("\n")))
                .contains("cannot answer on 127.0.0.1:" + address.getPort(), "./weir demo --listen 127.0.0.1:");
        assertThat(second.waitFor()).isEqualTo(1);
    }

    private static Process weir(Path directory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + directory,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
