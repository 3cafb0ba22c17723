package dev.weir.engine.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0DB8::0001, 2001:db8::1",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "0:0:0:1::, 0:0:0:1::",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "fe80::1%1, fe80::1%1"
    })
    void addressesPrintInTheirCanonicalForm(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "127.1",
                "10",
                "1.2.3.4.5",
                "256.1.1.1",
                "localhost",
                "1.2.3.x",
                ":::",
                "2001:db8",
                "1.2.3.4:53"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.parse(text));
    }

    /** Whatever we print, the JDK reads back as the same address. */
    @Test
    void theJdkReadsWhatWePrint() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            IpAddress address = IpAddress.v6(sparse(random), sparse(random));
            if (!address.isMappedV4()) {
                assertThat(InetAddress.getByName(address.toString()).getAddress())
                        .isEqualTo(address.octets());
                assertThat(IpAddress.of(address.octets())).isEqualTo(address);
            }
        }
    }

    private static long sparse(Random random) {
        long mask = 0;
        for (int group = 0; group < 4; group++) {
            mask = mask << 16 | (random.nextBoolean() ? 0xffff : 0);
        }
        return random.nextLong() & mask;
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1:53",
        "192.0.2.1:5300, 192.0.2.1:5300",
        "2001:db8::1, [2001:db8::1]:53",
        "[2001:db8::1], [2001:db8::1]:53",
        "[2001:db8::1]:5300, [2001:db8::1]:5300"
    })
    void endpointsTakeADefaultPort(String text, String canonical) {
        assertThat(Endpoint.parse(text, 53)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1:65536", "192.0.2.1:x", "[::1", "[::1]53", "example.net:53", ""})
    void whatIsNoEndpointIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.parse(text, 53));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.0/24",
        "192.0.2.1, 192.0.2.1/32",
        "!10.0.0.0/8, !10.0.0.0/8",
        "10.0.0.0/255.255.0.0, 10.0.0.0/16",
        "2001:db8::/32, 2001:db8::/32",
        "::1, ::1/128"
    })
    void netmasksPrintAsTheyAreMeant(String text, String canonical) {
        assertThat(Netmask.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.0/33", "::/129", "192.0.2.0/x", "192.0.2.0/-1", "10.0.0.0/255.0.255.0", "all"})
    void whatIsNoNetmaskIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Netmask.parse(text));
    }
}
