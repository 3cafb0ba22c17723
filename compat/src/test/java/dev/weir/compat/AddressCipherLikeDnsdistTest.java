package dev.weir.compat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsProcess;
import org.junit.jupiter.api.Test;

/** The expected addresses are those of Debian's dnsdist 1.7.3; against it, with {@code -Dweir.subject=dnsdist}, this test holds too. */
class AddressCipherLikeDnsdistTest {
    private static final String FUNCTION = """
            function there(password, address)
              local key = makeIPCipherKey(password)
              local clear = newCA(address)
              local cipher = clear:ipencrypt(key)
              return cipher:toStringWithPort()..' '..cipher:ipdecrypt(key):toStringWithPort()
                ..' '..clear:ipdecrypt(key):toString()
            end
            """;

    @Test
    void passwordsAndAddresses() {
        try (DnsProcess dns = DnsProcess.start(FUNCTION)) {
            assertThat(dns.console("return there('some password', '127.0.0.1')").strip())
                    .isEqualTo("139.147.145.67:0 127.0.0.1:0 97.0.128.153");
            assertThat(dns.console("return there('some password', '8.8.4.4:5300')")
                            .strip())
                    .isEqualTo("62.239.227.39:5300 8.8.4.4:5300 102.194.19.226");
            assertThat(dns.console("return there('other', '255.255.255.255')").strip())
                    .isEqualTo("65.72.73.158:0 255.255.255.255:0 161.95.233.97");
            assertThat(dns.console("return there('other', '[2001:db8:1:2:3:4:5:6]:53')")
                            .strip())
                    .isEqualTo(
                            "[d265:a07:a5d5:2a69:5277:c6ad:4d53:6f38]:53 [2001:db8:1:2:3:4:5:6]:53 7a2:d4b2:2d8e:1786:8ffb:5295:d292:371b");
            assertThat(dns.console("return there('some password', '::ffff:192.0.2.1')")
                            .strip())
                    .isEqualTo(
                            "[a44b:ab6b:fda8:d823:fbcd:c244:8d70:e455]:0 [::ffff:192.0.2.1]:0 9c4b:f059:9fac:ef50:b3aa:9127:7365:f9f8");
            assertThat(dns.console("return tostring((pcall(function() return newCA('::'):ipencrypt('short') end)))"))
                    .contains("false");
        }
    }
}
