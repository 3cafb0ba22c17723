package dev.weir.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.listen.DnscryptCertificate;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.script.host.Purpose;
import dev.weir.testkit.TempDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What do scripts get of listeners for DNSCrypt and of their certificates? */
class DnscryptInLuaTest {
    private static final String BIND = "getDNSCryptBind(0)";

    private final TempDirectory directory = TempDirectory.create("weir-dnscrypt");

    @AfterEach
    void end() {
        directory.close();
    }

    private Path file(String name) {
        return directory.path().resolve(name);
    }

    private void write(String name, int serial) {
        try {
            Files.write(
                    file(name + ".cert"),
                    DnscryptCertificate.composeUnsigned(2, new byte[32], serial, 1_700_000_000L, 1_800_000_000L));
            Files.write(file(name + ".key"), new byte[32]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String bind(String certificates, String keys, String more) {
        return "addDNSCryptBind('127.0.0.1:8443', '2.dnscrypt-cert.example', %s, %s%s)"
                .formatted(certificates, keys, more);
    }

    private String files(String... names) {
        return "{'"
                + String.join(
                        "', '",
                        Arrays.stream(names).map(name -> file(name).toString()).toList()) + "'}";
    }

    @Test
    void aListenerWithItsOptions() {
        write("a", 1);
        World world = new World()
                .with(bind(
                        "'" + file("a.cert") + "'",
                        "'" + file("a.key") + "'",
                        ", {reusePort=true, tcpFastOpenQueueSize=3, interface='lo', cpus={1}, tcpListenQueueSize=4,"
                                + " maxInFlight=5, maxConcurrentTCPConnections=6, doTCP=false}"));
        assertThat(world.configuration.listeners).singleElement().satisfies(spec -> {
            ListenSpec.Dnscrypt dnscrypt = (ListenSpec.Dnscrypt) spec;
            assertThat(dnscrypt.socket().reusePort()).isTrue();
            assertThat(dnscrypt.socket().networkInterface()).isEqualTo("lo");
            assertThat(dnscrypt.socket().cpus()).containsExactly(1);
            assertThat(dnscrypt.stream().fastOpenQueueSize()).isEqualTo(3);
            assertThat(dnscrypt.stream().queueSize()).isEqualTo(4);
            assertThat(dnscrypt.stream().maxInFlight()).isEqualTo(5);
            assertThat(dnscrypt.stream().maxConcurrentConnections()).isEqualTo(6);
            assertThat(dnscrypt.frontends()).isEqualTo(2);
        });
        assertThat(world.ask("getDNSCryptBindCount()")).isEqualTo("1\n");
        assertThat(world.ask("tostring(getDNSCryptBind(1))")).isEqualTo("nil\n");
    }

    @Test
    void certificatesAndTheirParts() {
        write("a", 1);
        write("b", 7);
        World world = new World().with(bind(files("a.cert", "b.cert"), files("a.key", "b.key"), ""));
        assertThat(world.ask(BIND + ":getProviderName()")).isEqualTo("2.dnscrypt-cert.example\n");
        assertThat(world.ask("#" + BIND + ":getCertificatePairs()")).isEqualTo("2\n");
        String second = BIND + ":getCertificate(1)";
        assertThat(world.ask(second + ":getSerial()")).isEqualTo("7\n");
        assertThat(world.ask(second + ":getTSStart()")).isEqualTo("1700000000\n");
        assertThat(world.ask(second + ":getTSEnd()")).isEqualTo("1800000000\n");
        assertThat(world.ask(second + ":getMagic()")).isEqualTo("DNSC\n");
        assertThat(world.ask("tostring(%s:getEsVersion() == '\\0\\2')".formatted(second)))
                .isEqualTo("true\n");
        assertThat(world.ask("tostring(%s:getProtocolMinorVersion() == '\\0\\0')".formatted(second)))
                .isEqualTo("true\n");
        assertThat(world.ask("#%s:getClientMagic()".formatted(second))).isEqualTo("8\n");
        assertThat(world.ask("#%s:getResolverPublicKey()".formatted(second))).isEqualTo("32\n");
        assertThat(world.ask("#%s:getSignature()".formatted(second))).isEqualTo("64\n");
        assertThat(world.ask(BIND + ":getCertificate(2)")).contains("there is no certificate with index 2");
        assertThat(world.ask("tostring(%s:getCertificatePair(2))".formatted(BIND)))
                .isEqualTo("nil\n");
        assertThat(world.ask("tostring(%s:getCertificatePair(0):isActive())".formatted(BIND)))
                .isEqualTo("true\n");
        assertThat(world.ask(BIND + ":getCertificatePair(1):getCertificate():getSerial()"))
                .isEqualTo("7\n");
        assertThat(world.ask(BIND + ":printCertificates()").strip().lines()).hasSize(3);
        assertThat(world.ask("showDNSCryptBinds()")).contains("127.0.0.1:8443", "2.dnscrypt-cert.exam");
    }

    @Test
    void certificatesAreTurnedOver() {
        write("a", 1);
        write("b", 2);
        World world = new World().with(bind(files("a.cert"), files("a.key"), ""));
        String load = "%s:loadNewCertificate('%s', '%s'".formatted(BIND, file("b.cert"), file("b.key"));
        assertThat(world.ask(load + ", false)")).isEmpty();
        assertThat(world.ask("tostring(%s:getCertificatePair(1):isActive())".formatted(BIND)))
                .isEqualTo("false\n");
        assertThat(world.ask(load + ")")).contains("two certificates have the same serial number");
        world.ask(BIND + ":markActive(2)");
        assertThat(world.ask(BIND + ":removeInactiveCertificate(2)")).contains("serial 2 is active");
        world.ask(BIND + ":markInactive(2)");
        assertThat(world.ask(BIND + ":removeInactiveCertificate(2)")).isEmpty();
        assertThat(world.ask(BIND + ":markActive(2)")).contains("there is no certificate with serial 2");
        assertThat(world.ask("%s:addNewCertificate(%1$s:getCertificate(0), string.rep('\\0', 32))".formatted(BIND)))
                .contains("same serial number");
        assertThat(world.ask("%s:addNewCertificate(%1$s:getCertificate(0), 'short')".formatted(BIND)))
                .contains("'key' must have 32 octets, not 5");
        write("a", 8);
        world.ask(BIND + ":reloadCertificates()");
        assertThat(world.ask(BIND + ":getCertificate(0):getSerial()")).isEqualTo("8\n");
        assertThat(world.ask("generateDNSCryptProviderKeys('%s', '%s')".formatted(file("p.pub"), file("p.key"))))
                .isEqualTo("Provider fingerprint is: " + "0000:".repeat(15) + "0000\n");
        String generate = "tostring(%s:generateAndLoadInMemoryCertificate('%s', 9, 1, 2, %s))";
        assertThat(world.ask(generate.formatted(BIND, file("p.key"), "DNSCryptExchangeVersion.VERSION1")))
                .isEqualTo("true\n");
        assertThat(world.ask(generate.formatted(BIND, file("a.key"), "1"))).isEqualTo("false\n");
        assertThat(world.ask(BIND + ":getCertificate(1):getTSEnd()")).isEqualTo("2\n");
    }

    @Test
    void whatCannotBeUsedIsNamed() throws IOException {
        write("a", 1);
        assertThat(World.refusal(bind("'/nowhere/a'", "'b'", "")))
                .isEqualTo("test.lua:1: addDNSCryptBind: can't read '/nowhere/a': no such file or directory");
        assertThat(World.refusal(bind(files("a.key"), files("a.key"), "")))
                .isEqualTo("test.lua:1: addDNSCryptBind: '" + file("a.key") + "': no certificate of DNSCrypt");
        assertThat(World.refusal(bind(files("a.cert"), files("a.cert"), "")))
                .endsWith("a.cert': a key has 32 octets, and this has 124");
        assertThat(World.refusal(bind(files("a.cert"), "{}", ""))).endsWith("there are 1 certificates and 0 keys");
        assertThat(World.refusal(bind(files("a.cert", "a.cert"), files("a.key", "a.key"), "")))
                .endsWith("two certificates have the same serial number");
        Files.write(file("other.key"), new byte[] {
            1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8
        });
        assertThat(World.refusal(bind(files("a.cert"), files("other.key"), "")))
                .endsWith("other.key' is not the key of '" + file("a.cert") + "'");
        byte[] third = Files.readAllBytes(file("a.cert"));
        third[5] = 3;
        Files.write(file("third.cert"), third);
        assertThat(World.refusal(bind(files("third.cert"), files("a.key"), "")))
                .endsWith("its version 3 is neither 1 nor 2");
    }

    /** Nobody but the daemon reads keys, and nobody replaces those of a daemon that runs. */
    @Test
    void whoOnlyLooksLeavesKeysAlone() {
        String making = "generateDNSCryptProviderKeys('%s', '%s')\n".formatted(file("p.pub"), file("p.key"));
        World client = new World(Purpose.CLIENT);
        assertThat(client.load(making + bind("'/nowhere/a'", "'/nowhere/b'", ""))
                        .error())
                .isNull();
        assertThat(file("p.key")).doesNotExist();
        World check = new World(Purpose.CHECK);
        assertThat(check.load(making).error()).isNull();
        assertThat(file("p.key")).exists();
        write("p", 3);
        assertThat(check.load("generateDNSCryptProviderKeys('%s', '%s')".formatted(file("p.cert"), file("p.key")))
                        .error())
                .isNull();
        assertThat(file("p.cert")).hasSize(124);
    }
}
