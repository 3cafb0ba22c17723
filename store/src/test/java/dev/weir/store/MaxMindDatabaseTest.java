package dev.weir.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.engine.acl.IpAddress;
import dev.weir.testkit.MaxMindFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaxMindDatabaseTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private static byte[] sample(int recordBits) {
        String longText = "x".repeat(400);
        return new MaxMindFile(recordBits)
                .put(
                        "192.0.2.0",
                        24,
                        Map.of(
                                "country", Map.of("iso_code", "US", "names", Map.of("en", "United States")),
                                "numbers", List.of(7L, 2.5, true),
                                "long", longText))
                .put("198.51.100.128", 25, Map.of("country", Map.of("iso_code", "DE")))
                .put("2001:db8::", 32, Map.of("country", Map.of("iso_code", "FR")))
                .compose();
    }

    private MaxMindDatabase open(byte[] octets) throws Exception {
        Path path = directory.resolve("t.mmdb");
        Files.write(path, octets);
        return new MaxMindDatabase(path);
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 28, 32})
    void findsByLongestNetwork(int recordBits) throws Exception {
        MaxMindDatabase database = open(sample(recordBits));
        List<String> code = List.of("country", "iso_code");
        assertThat(database.query(ip("192.0.2.77"), code)).isEqualTo("US");
        assertThat(database.query(ip("198.51.100.200"), code)).isEqualTo("DE");
        assertThat(database.query(ip("2001:db8:1::1"), code)).isEqualTo("FR");
        assertThat(database.query(ip("198.51.100.1"), code)).isNull();
        assertThat(database.exists(ip("192.0.2.1"))).isTrue();
        assertThat(database.exists(ip("192.0.3.1"))).isFalse();
        assertThat(database.exists(ip("2001:db9::"))).isFalse();
    }

    @Test
    void readsAllKindsOfValues() throws Exception {
        MaxMindDatabase database = open(sample(24));
        IpAddress known = ip("192.0.2.1");
        assertThat(database.query(known, List.of("numbers"))).isEqualTo(List.of(7L, 2.5, true));
        assertThat(database.query(known, List.of("numbers", "1"))).isEqualTo(2.5);
        assertThat(database.query(known, List.of("numbers", "3"))).isNull();
        assertThat(database.query(known, List.of("country", "names"))).isEqualTo(Map.of("en", "United States"));
        assertThat(database.query(known, List.of("long"))).isEqualTo("x".repeat(400));
        assertThat(database.query(known, List.of("nothing", "at", "all"))).isNull();
        assertThat(database.query(known, List.of("country", "iso_code", "deeper")))
                .isNull();
        assertThat(database.query(known, List.of())).isInstanceOf(Map.class);
    }

    @Test
    void aBrokenFileFindsNothing() throws Exception {
        byte[] good = sample(28);
        Random random = new Random(11);
        for (int round = 0; round < 5_000; round++) {
            byte[] bad = good.clone();
            for (int i = 0; i < 5; i++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            MaxMindDatabase database =
                    open(random.nextInt(5) == 0 ? Arrays.copyOf(bad, random.nextInt(bad.length)) : bad);
            var _ = database.exists(ip("192.0.2.1"));
            var _ = database.query(ip("192.0.2.1"), List.of());
            var _ = database.query(ip("2001:db8::1"), List.of("country", "iso_code"));
        }
        assertThat(open(new byte[0]).exists(ip("192.0.2.1"))).isFalse();
        assertThat(new MaxMindDatabase(directory.resolve("none")).exists(ip("192.0.2.1")))
                .isFalse();
    }
}
