package dev.weir.engine.acl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Debian's dnsdist (1.7.3) makes of passwords and addresses, and that it all goes back. */
class AddressCipherTest {
    @ParameterizedTest
    @CsvSource({
        "some password, eac939b719dd7f127af500b97bb2eb20",
        "'', bb8dcd7be9a6f43b3304c640d7d7103c",
        "'\u0000ÿx', 9a95d1015b946d576c5a66b2254969dd"
    })
    void passwordsBecomeKeys(String password, String key) {
        assertThat(HexFormat.of().formatHex(AddressCipher.key(password.getBytes(StandardCharsets.ISO_8859_1))))
                .isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 34.215.61.246, 178.211.31.103",
        "192.0.2.1, 224.61.75.13, 180.205.83.33",
        "255.255.255.255, 53.179.66.57, 85.163.137.42",
        "::, b9b:15da:4b44:a0f5:151d:cfc4:c01f:35d5, 1e5e:3a52:b0ad:865b:8b95:b366:967e:7efc",
        "2001:db8::1, dd77:868b:82bd:50ba:712a:3eaa:7618:4bcb, f7a:faa4:89e0:443f:87df:4d8a:8552:6fe4",
        "::ffff:192.0.2.1, 561a:ba56:c95d:5d31:830:a9dd:eafa:38b5, 4c93:e16b:7ed9:9813:7d02:d3f2:add1:7de8"
    })
    void addressesAreThoseOfDnsdist(String address, String encrypted, String decrypted) {
        AddressCipher cipher = new AddressCipher("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
        IpAddress clear = IpAddress.parse(address);
        assertThat(cipher.encrypt(clear)).hasToString(encrypted);
        assertThat(cipher.decrypt(clear)).hasToString(decrypted);
        assertThat(cipher.decrypt(cipher.encrypt(clear))).isEqualTo(clear);
    }

    @Test
    void whatIsEncryptedGoesBack() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            byte[] key = new byte[AddressCipher.KEY_BYTES];
            random.nextBytes(key);
            AddressCipher cipher = new AddressCipher(key);
            IpAddress[] both = {IpAddress.v4(random.nextInt()), IpAddress.v6(random.nextLong(), random.nextLong())};
            for (IpAddress clear : both) {
                assertThat(cipher.decrypt(cipher.encrypt(clear))).isEqualTo(clear);
                assertThat(cipher.encrypt(cipher.decrypt(clear))).isEqualTo(clear);
            }
        }
    }

    @Test
    void keysHave16Octets() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AddressCipher(new byte[5]))
                .withMessage("a key for addresses has 16 octets, not 5");
    }
}
