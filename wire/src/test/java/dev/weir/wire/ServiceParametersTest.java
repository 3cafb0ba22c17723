package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Is what was composed read again, and nothing that is broken? */
class ServiceParametersTest {
    private static byte[] rdata() {
        return ServiceBinding.to(3, Name.parse("dns.example."))
                .mandatory(ServiceBinding.ALPN)
                .mandatory(ServiceBinding.PORT)
                .alpn(new byte[] {'h', '2'})
                .alpn(new byte[] {'d', 'o', 't'})
                .port(8853)
                .hint(new byte[] {(byte) 192, 0, 2, 1})
                .hint(new byte[16])
                .parameter(7, "/dns-query{?dns}".getBytes(StandardCharsets.US_ASCII))
                .build()
                .rdata();
    }

    @Test
    void allOfIt() {
        byte[] message = new byte[10 + rdata().length + 10];
        System.arraycopy(rdata(), 0, message, 10, rdata().length);
        ServiceParameters read = ServiceParameters.parse(message, 10, rdata().length);
        assertThat(read).isNotNull();
        assertThat(read.priority()).isEqualTo(3);
        assertThat(read.target()).hasToString("dns.example.");
        assertThat(read.alpn()).containsExactly("h2", "dot");
        assertThat(read.mandatory()).containsExactly(ServiceBinding.ALPN, ServiceBinding.PORT);
        assertThat(read.portOr(853)).isEqualTo(8853);
        assertThat(read.text(7)).isEqualTo("/dns-query{?dns}");
        assertThat(read.text(8)).isEmpty();
        assertThat(read.hints()).containsExactly(new byte[] {(byte) 192, 0, 2, 1}, new byte[16]);
    }

    @Test
    void theLeast() {
        byte[] least = {0, 1, 0};
        ServiceParameters read = ServiceParameters.parse(least, 0, 3);
        assertThat(read).isNotNull();
        assertThat(read.target().isRoot()).isTrue();
        assertThat(read.alpn()).isEmpty();
        assertThat(read.hints()).isEmpty();
        assertThat(read.portOr(853)).isEqualTo(853);
    }

    @Test
    void whatIsBroken() {
        for (byte[] broken : new byte[][] {
            {},
            {0, 1},
            {0, 1, 1},
            {0, 1, (byte) 0xc0, 0},
            {0, 1, 0, 0},
            {0, 1, 0, 0, 3, 0, 2, 1},
            {0, 1, 0, 0, 3, 0, 1, 1},
            {0, 1, 0, 0, 1, 0, 0},
            {0, 1, 0, 0, 1, 0, 2, 5, 'd'},
            {0, 1, 0, 0, 1, 0, 1, 0},
            {0, 1, 0, 0, 4, 0, 3, 1, 2, 3},
            {0, 1, 0, 0, 0, 0, 1, 1},
            {0, 1, 0, 0, 8, 0, 0, 0, 7, 0, 0},
            {0, 1, 0, 0, 7, 0, 0, 0, 7, 0, 0}
        }) {
            assertThat(ServiceParameters.parse(broken, 0, broken.length))
                    .as(Arrays.toString(broken))
                    .isNull();
        }
        byte[] whole = rdata();
        Random random = new Random(9);
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            int length = random.nextInt(damaged.length + 1);
            ServiceParameters read = ServiceParameters.parse(Arrays.copyOf(damaged, length), 0, length);
            if (read != null) {
                assertThat(read.alpn()).isNotNull();
                assertThat(read.mandatory()).isNotNull();
                assertThat(read.hints()).isNotNull();
                assertThat(read.portOr(1)).isBetween(0, 65_535);
            }
        }
    }
}
