package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Await;
import dev.weir.testkit.ChildProcess;
import dev.weir.testkit.DnsProcess;
import dev.weir.testkit.LoopbackPorts;
import dev.weir.testkit.NewerThanDebian;
import dev.weir.testkit.TempDirectory;
import dev.weir.testkit.TestCertificates;
import dev.weir.testkit.TestSubject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Does what {@code weir convert} makes of encrypted listeners and backends answer as they did? */
@NewerThanDebian("knows no YAML")
class ConvertedEncryptionTest {
    private static final TestCertificates FILES = new TestCertificates();
    private static final TestCertificates.Pair PAIR = FILES.make("converted", "dns.example");

    /** For the address of www.example.com. */
    private static final String QUERY = "?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB";

    private final int plain = LoopbackPorts.free();
    private final int tls = LoopbackPorts.free();
    private final int https = LoopbackPorts.free();
    private final int clear = LoopbackPorts.free();
    private final int tlsBehind = LoopbackPorts.free();
    private final int httpsBehind = LoopbackPorts.free();

    @AfterAll
    static void end() {
        FILES.close();
    }

    /** Tells by its answer how the query came. */
    private DnsProcess behind() {
        DnsProcess behind = DnsProcess.start(
                """
                addTLSLocal('127.0.0.1:%d', '%s', '%s')
                addDOHLocal('127.0.0.1:%d', '%s', '%s', '/behind')
                addAction(AllRule(), LuaAction(function(dq)
                  return DNSAction.Spoof, dq:getProtocol() == 'DNS over TLS' and '192.0.2.1'
                    or dq:getProtocol() == 'DNS over HTTPS' and '192.0.2.2' or '192.0.2.3'
                end))
                """.formatted(tlsBehind, PAIR.certificate(), PAIR.key(), httpsBehind, PAIR.certificate(), PAIR.key()));
        awaitTcp(tlsBehind, httpsBehind);
        return behind;
    }

    private String configuration() {
        return """
                setLocal('127.0.0.1:%d')
                setSecurityPollSuffix('')
                addTLSLocal('127.0.0.1:%d', '%s', '%s', {minTLSVersion='tls1.2', numberOfTicketsKeys=3})
                addDOHLocal('127.0.0.1:%d', '%s', '%s', {'/dns-query', '/other', '/moved'}, {customResponseHeaders={['x-one']='1'}})
                addDOHLocal('127.0.0.1:%d', nil, nil, '/clear')
                getDOHFrontend(0):setResponsesMap({newDOHResponseMapEntry('^/moved$', 307, 'https://dns.example/')})
                newServer({address='127.0.0.1:%d', pool='tls', tls='openssl', subjectName='dns.example', caStore='%s',
                  healthCheckMode='up'})
                newServer({address='127.0.0.1:%d', pool='https', tls='openssl', subjectName='dns.example', caStore='%s',
                  dohPath='/behind', healthCheckMode='up'})
                addAction(SNIRule('refused.example'), RCodeAction(DNSRCode.REFUSED))
                addAction(HTTPPathRule('/other'), SpoofAction('192.0.2.9'))
                addAction('https.test.', PoolAction('https'))
                addAction(AllRule(), PoolAction('tls'))
                """.formatted(
                        plain,
                        tls,
                        PAIR.certificate(),
                        PAIR.key(),
                        https,
                        PAIR.certificate(),
                        PAIR.key(),
                        clear,
                        tlsBehind,
                        PAIR.certificate(),
                        httpsBehind,
                        PAIR.certificate());
    }

    @Test
    void answersAreThoseOfBefore() {
        try (TempDirectory directory = TempDirectory.create("weir-converted");
                DnsProcess behind = behind()) {
            assertThat(behind.process().isAlive()).isTrue();
            Path lua = directory.write("weir.conf", configuration());
            Map<String, String> before = answers(directory, lua);
            assertThat(before.values())
                    .containsExactly(
                            "192.0.2.1\n",
                            "192.0.2.2\n",
                            "192.0.2.1\n",
                            "192.0.2.2\n",
                            "REFUSED",
                            "192.0.2.1\n",
                            "192.0.2.2\n",
                            "192.0.2.9\n",
                            "200  ",
                            "307 https://dns.example/ 1",
                            "404  1");
            ChildProcess.Outcome converted = ChildProcess.run(
                    directory.path(), TestSubject.current().command("convert", lua.toString()), "", Await.PATIENCE);
            assertThat(converted.status()).as(converted.output()).isZero();
            assertThat(converted.stdout()).contains("protocol: DoT", "protocol: DoH");
            assertThat(answers(directory, directory.write("weir.yml", converted.stdout())))
                    .isEqualTo(before);
        }
    }

    /** What becomes of each question, under what was asked. */
    private Map<String, String> answers(TempDirectory directory, Path config) {
        try (ChildProcess process = ChildProcess.start(
                directory.path(),
                TestSubject.current().command("-C", config.toString(), "--supervised", "--disable-syslog"))) {
            Await.until(
                    "it listens or ends",
                    Await.PATIENCE,
                    () -> !process.isAlive()
                            || List.of(plain, tls, https, clear).stream().allMatch(LoopbackPorts::tcpListening));
            assertThat(process.isAlive()).as(process.output()).isTrue();
            Map<String, String> all = new LinkedHashMap<>();
            for (String name : List.of("tls.test", "https.test")) {
                all.put("plain " + name, kdig(plain, name, "+short"));
                // Each is asked twice: the second query finds the connections.
                assertThat(kdig(plain, name, "+short", "+tcp")).isEqualTo(all.get("plain " + name));
            }
            for (String name : List.of("tls.test", "https.test")) {
                all.put(
                        "tls " + name,
                        kdig(tls, name, "+short", "+tls-ca=" + PAIR.certificate(), "+tls-hostname=dns.example"));
            }
            all.put(
                    "sni",
                    kdig(tls, "tls.test", "+tls", "+tls-sni=refused.example").contains("REFUSED") ? "REFUSED" : "");
            for (String name : List.of("tls.test", "https.test")) {
                all.put("https " + name, kdig(https, name, "+short", "+https"));
            }
            all.put("path", kdig(https, "tls.test", "+short", "+https=/other"));
            all.put("clear", curl("http://127.0.0.1:" + clear + "/clear" + QUERY, "--http2-prior-knowledge"));
            for (String path : List.of("/moved", "/none")) {
                all.put(path, curl("https://127.0.0.1:" + https + path));
            }
            return all;
        }
    }

    private static void awaitTcp(int... ports) {
        Await.until("all listen", Await.PATIENCE, () -> Arrays.stream(ports).allMatch(LoopbackPorts::tcpListening));
    }

    private static String kdig(int port, String name, String... more) {
        List<String> command = new ArrayList<>(
                List.of("kdig", "@127.0.0.1", "-p", String.valueOf(port), "+timeout=5", "+retry=0", name, "A"));
        command.addAll(Arrays.asList(more));
        return ChildProcess.run(Path.of("/tmp"), command, "", Await.PATIENCE).output();
    }

    /** The status, where it leads to, and the header of our own. */
    private static String curl(String address, String... more) {
        List<String> command = new ArrayList<>(List.of("curl", "-sk", "-m", "10", "-o", "/dev/null", "-w"));
        command.add("%{http_code} %{redirect_url} %header{x-one}");
        command.add(address);
        command.addAll(Arrays.asList(more));
        return ChildProcess.run(Path.of("/tmp"), command, "", Await.PATIENCE).output();
    }
}
