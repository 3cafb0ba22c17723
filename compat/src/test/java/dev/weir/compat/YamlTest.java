package dev.weir.compat;

import static dev.weir.testkit.DnsMessage.A;
import static dev.weir.testkit.DnsMessage.AAAA;
import static dev.weir.testkit.DnsMessage.NXDOMAIN;
import static dev.weir.testkit.DnsMessage.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.DnsQuery;
import dev.weir.testkit.FakeBackend;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TcpClient;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.TestSubject;
import dev.weir.testkit.TlsClient;
import dev.weir.testkit.UdpClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Does a daemon do what a configuration in YAML says? Each question is asked twice, the second over TCP. */
@NewerThanDebian("reads YAML since its version 2.0")
class YamlTest {
    private static FakeBackend usual;
    private static FakeBackend other;
    private static DnsProcess weir;

    @BeforeAll
    static void start() {
        usual = FakeBackend.answering("192.0.2.1");
        other = FakeBackend.answering("192.0.2.2");
        weir = DnsProcess.startYaml("""
                backends:
                  - {address: "127.0.0.1:%d", protocol: Do53, name: usual, health_checks: {mode: up}}
                  - {address: "127.0.0.1:%d", protocol: Do53, name: other, pools: [other], health_checks: {mode: up}}
                packet_caches:
                  - {name: answers, size: 1000}
                pools:
                  - {name: other, packet_cache: answers, policy: mine}
                load_balancing_policies:
                  custom_policies:
                    - {name: mine, function_code: "return function(servers, dq) return 1 end"}
                netmask_groups:
                  - {name: everybody, netmasks: [0.0.0.0/0]}
                selectors:
                  - {name: refused, type: QNameSuffix, suffixes: [refused.test.]}
                query_rules:
                  - selector: {type: ByName, selector_name: refused}
                    action: {type: RCode, rcode: Refused}
                  - selector: {type: QNameSet, qnames: [set.test.]}
                    action: {type: RCode, rcode: NXDomain}
                  - selector: {type: And, selectors: [{type: QType, qtype: AAAA}, {type: QName, qname: spoof.test.}]}
                    action: {type: Spoof, ips: ["2001:db8::1"], vars: {ttl: 7, set-aa: true}}
                  - selector: {type: Or, selectors: [{type: QName, qname: a.or.test.}, {type: QName, qname: b.or.test.}]}
                    action: {type: SpoofCNAME, cname: c.test.}
                  - selector: {type: And, selectors: [{type: Regex, expression: "^[0-9]+\\\\."}, {type: NetmaskGroup, netmask_group_name: everybody}]}
                    action: {type: Pool, pool_name: other}
                  - selector:
                      type: Lua
                      function_code: |
                        return function(dq)
                          return dq.qname:toString() == "lua.test."
                        end
                    action:
                      type: Lua
                      function_code: |
                        return function(dq)
                          return DNSAction.Spoof, "192.0.2.99"
                        end
                  - selector: {type: QName, qname: ffi.test.}
                    action:
                      type: LuaFFIPerThread
                      code: |
                        local ffi = require("ffi")
                        return function(dq)
                          return DNSAction.Refused
                        end
                response_rules:
                  - selector: {type: QName, qname: ttl.test.}
                    action: {type: SetMaxReturnedTTL, max: 3}
                  - selector: {type: QName, qname: cleared.test.}
                    action: {type: ClearRecordTypes, types: [1]}
                self_answered_response_rules:
                  - selector: {type: QName, qname: own.refused.test.}
                    action: {type: Drop}
                """.formatted(usual.port(), other.port()));
    }

    @AfterAll
    static void stop() {
        weir.close();
        usual.close();
        other.close();
    }

    private static DnsMessage udp(String name, int type) {
        try (UdpClient client = weir.udp()) {
            return client.ask(DnsQuery.of(name, type));
        }
    }

    private static DnsMessage tcp(String name, int type) {
        try (TcpClient client = weir.tcp()) {
            return client.ask(DnsQuery.of(name, type));
        }
    }

    /** The same answer over both. */
    private static DnsMessage both(String name, int type) {
        DnsMessage first = udp(name, type);
        DnsMessage second = tcp(name, type);
        assertThat(second.rcode()).as(name).isEqualTo(first.rcode());
        assertThat(second.answerTexts()).as(name).isEqualTo(first.answerTexts());
        return first;
    }

    @Test
    void selectorsByNameAndOfNames() {
        assertThat(both("x.refused.test.", A).rcode()).isEqualTo(REFUSED);
        assertThat(both("set.test.", A).rcode()).isEqualTo(NXDOMAIN);
        assertThat(both("x.set.test.", A).answerTexts()).containsExactly("192.0.2.1");
    }

    @Test
    void answersOfOurOwn() {
        DnsMessage spoofed = both("spoof.test.", AAAA);
        assertThat(spoofed.answerTexts()).containsExactly("2001:db8:0:0:0:0:0:1");
        assertThat(spoofed.answers().getFirst().ttlSeconds()).isEqualTo(7);
        assertThat(spoofed.has(DnsMessage.AA)).isTrue();
        assertThat(both("spoof.test.", A).answerTexts()).containsExactly("192.0.2.1");
        assertThat(both("b.or.test.", A).answers().getFirst().type()).isEqualTo(DnsMessage.CNAME);
    }

    @Test
    void functionsInTheFile() {
        assertThat(both("lua.test.", A).answerTexts()).containsExactly("192.0.2.99");
        assertThat(both("ffi.test.", A).rcode()).isEqualTo(REFUSED);
    }

    @Test
    void poolsWithCachesAndPolicies() {
        assertThat(udp("77.pool.test.", A).answerTexts()).containsExactly("192.0.2.2");
        int asked = other.queryCount();
        assertThat(udp("77.pool.test.", A).answerTexts()).containsExactly("192.0.2.2");
        assertThat(other.queryCount()).as("the second comes from the cache").isEqualTo(asked);
        assertThat(weir.console("showPools()")).contains("mine", "other");
    }

    @Test
    void actionsOnResponses() {
        assertThat(both("ttl.test.", A).answers().getFirst().ttlSeconds()).isLessThanOrEqualTo(3);
        assertThat(both("cleared.test.", A).answerTexts()).isEmpty();
        try (UdpClient client = weir.udp()) {
            byte[] query = DnsQuery.of("own.refused.test.", A).packet();
            assertThat(client.tryExchange(query, Duration.ofMillis(300))).isEmpty();
        }
    }

    @Test
    void theConsoleFindsWhatTheFileNames() {
        assertThat(weir.console("show(tostring(getObjectFromYAMLConfiguration('everybody'):match(newCA('1.2.3.4'))))"))
                .isEqualTo("true");
    }

    /** Whoever asks more often than a dynamic rule allows is refused within seconds, without a script that applies it. */
    @Test
    void dynamicRulesAreAppliedByThemselves() {
        try (DnsProcess limited = DnsProcess.startYaml("""
                backends:
                  - {address: "127.0.0.1:%d", protocol: Do53, health_checks: {mode: up}}
                dynamic_rules:
                  - name: floods
                    exclude_ranges: [127.0.0.9/32]
                    rules:
                      - {type: query-rate, rate: 5, seconds: 2, action_duration: 60, comment: too many, action: Refused}
                """.formatted(usual.port()))) {
            try (UdpClient client = limited.udp()) {
                Await.until(
                        "the client is refused",
                        Await.PATIENCE,
                        () -> client.ask(DnsQuery.of("x.test.", A)).rcode() == REFUSED);
            }
            assertThat(limited.console("showDynBlocks()")).contains("127.0.0.1/32", "too many");
        }
    }

    private static ChildProcess.Outcome check(Path file, String... more) {
        List<String> arguments = new ArrayList<>(List.of("-C", file.toString(), "--check-config"));
        arguments.addAll(List.of(more));
        return ChildProcess.run(
                java.util.Objects.requireNonNull(file.getParent()),
                TestSubject.current().command(arguments.toArray(String[]::new)),
                "",
                Await.PATIENCE);
    }

    @Test
    void theCheckSaysFileLineAndKey() {
        try (TempDirectory directory = TempDirectory.create("weir-yaml")) {
            Path good = directory.write("good.yml", "backends:\n  - {address: 192.0.2.1, protocol: Do53}\n");
            assertThat(check(good).status()).as(check(good).output()).isZero();
            Path bad = directory.write("bad.yml", "backends:\n  - address: 192.0.2.1\n    protocl: Do53\n");
            ChildProcess.Outcome refused = check(bad);
            assertThat(refused.status()).isEqualTo(1);
            assertThat(refused.output())
                    .contains("bad.yml:3: backends[0].protocl: unknown key, did you mean 'protocol'?");
        }
    }

    /** TLS, HTTP with its answers instead of DNS, and two threads that share a port. */
    @Test
    void listenersOfEachProtocol() {
        int dot = LoopbackPorts.free();
        int doh = LoopbackPorts.free();
        int plain = LoopbackPorts.free();
        try (TestCertificates files = new TestCertificates();
                TempDirectory directory = TempDirectory.create("weir-yaml")) {
            TestCertificates.Pair pair = files.make("dns", "dns.example");
            Path file = directory.write("c.yml", """
                    binds:
                      - listen_address: 127.0.0.1:%d
                        protocol: DoT
                        tls: &tls
                          certificates: [{certificate: %s, key: %s}]
                      - listen_address: 127.0.0.1:%d
                        protocol: DoH
                        tls: *tls
                        doh:
                          paths: [/dns-query, /hello]
                          custom_response_headers: [{key: x-from, value: yaml}]
                          responses_map: [{expression: ^/hello$, status: 203, content: hello}]
                      - {listen_address: "127.0.0.1:%d", threads: 2}
                    query_rules:
                      - selector: {type: SNI, server_name: dns.example}
                        action: {type: Spoof, ips: [192.0.2.8]}
                      - selector: {type: All}
                        action: {type: Spoof, ips: [192.0.2.9]}
                    """.formatted(dot, pair.certificate(), pair.key(), doh, plain));
            try (ChildProcess process = ChildProcess.start(
                    directory.path(),
                    TestSubject.current().command("-C", file.toString(), "--supervised", "--disable-syslog"))) {
                Await.until(
                        "all listen",
                        Await.PATIENCE,
                        () -> !process.isAlive()
                                || LoopbackPorts.tcpListening(dot)
                                        && LoopbackPorts.tcpListening(doh)
                                        && LoopbackPorts.tcpListening(plain));
                assertThat(process.isAlive()).as(process.output()).isTrue();
                try (TcpClient tls = new TlsClient().named("dns.example").dns(LoopbackPorts.address(dot));
                        UdpClient udp = UdpClient.to(LoopbackPorts.address(plain))) {
                    assertThat(tls.ask(DnsQuery.of("a.test.", A)).answerTexts()).containsExactly("192.0.2.8");
                    assertThat(udp.ask(DnsQuery.of("a.test.", A)).answerTexts()).containsExactly("192.0.2.9");
                }
                ChildProcess.Outcome page = ChildProcess.run(
                        directory.path(),
                        List.of("curl", "-sk", "-D", "-", "https://127.0.0.1:" + doh + "/hello"),
                        "",
                        Await.PATIENCE);
                assertThat(page.stdout()).contains(" 203", "x-from: yaml").endsWith("hello");
            }
        }
    }

    /** Is the schema JSON, and does it know the first and the last of everything? */
    @Test
    void theSchemaIsForEditors() throws IOException {
        try (TempDirectory directory = TempDirectory.create("weir-yaml")) {
            ChildProcess.Outcome outcome =
                    ChildProcess.run(directory.path(), TestSubject.current().command("schema"), "", Await.PATIENCE);
            assertThat(outcome.status()).isZero();
            assertThat(outcome.stdout())
                    .contains(
                            "\"$schema\"",
                            "\"acl\"",
                            "\"xsk\"",
                            "{\"const\": \"TrailingData\"}",
                            "\"custom_response_headers\"");
            int depth = 0;
            try (JsonParser json = new JsonFactory().createParser(outcome.stdout())) {
                for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                }
            }
            assertThat(depth).isZero();
        }
    }

    /** The reader of YAML costs nothing where there is none. */
    @Test
    void theReaderIsNotLoadedForLua() {
        try (TempDirectory directory = TempDirectory.create("weir-yaml")) {
            Path lua = directory.write("c.conf", "newServer('192.0.2.1')\n");
            Path yaml = directory.write("c.yml", "backends: [{address: 192.0.2.1, protocol: Do53}]\n");
            assertThat(ofYaml(lua)).isEmpty();
            assertThat(ofYaml(yaml)).contains("org.snakeyaml", "YamlTable", "YamlConfiguration");
        }
    }

    /** What of YAML is loaded, without the start-up cache, which brings all that it has. */
    private static Set<String> ofYaml(Path file) {
        ChildProcess.Outcome outcome = ChildProcess.run(
                java.util.Objects.requireNonNull(file.getParent()),
                List.of(
                        "env",
                        "WEIR_JAVA_OPTS=-XX:AOTMode=off -Xlog:class+load:stdout",
                        TestSubject.repositoryRoot().resolve("weir").toString(),
                        "-C",
                        file.toString(),
                        "--check-config"),
                "",
                Await.PATIENCE);
        assertThat(outcome.status()).isZero();
        assertThat(outcome.output().contains("dev.weir.script.LuaRuntime")).isTrue();
        return Pattern.compile("org\\.snakeyaml|YamlTable|YamlConfiguration")
                .matcher(outcome.output())
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }
}
