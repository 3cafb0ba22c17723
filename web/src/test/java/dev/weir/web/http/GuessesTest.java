package dev.weir.web.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class GuessesTest {
    private static final long START = Long.MAX_VALUE - 5;
    private static final long SECOND = 1_000_000_000;

    private final Guesses guesses = new Guesses(START);

    private int admitted(String client, int trials, long now) {
        int admitted = 0;
        for (int i = 0; i < trials; i++) {
            admitted += guesses.admit(InetAddress.ofLiteral(client), now) ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void eachClientHasAFewAtOnceAndThenOneASecond() {
        assertThat(admitted("192.0.2.1", 1000, START)).isEqualTo(Guesses.EACH_AT_ONCE);
        assertThat(admitted("192.0.2.2", 5, START)).isEqualTo(5);
        assertThat(admitted("192.0.2.1", 1000, START + 3 * SECOND)).isEqualTo(3);
        assertThat(guesses.admit(null, START)).isTrue();
    }

    @Test
    void anIpv6NetworkIsOneClient() {
        int admitted = 0;
        for (int i = 0; i < 100; i++) {
            admitted += admitted("2001:db8::" + i, 1, START);
        }
        assertThat(admitted).isEqualTo(Guesses.EACH_AT_ONCE);
        assertThat(admitted("2001:db8:0:1::1", 1, START)).isEqualTo(1);
    }

    @Test
    void manyClientsTogetherAreBoundToo() {
        int admitted = 0;
        for (int i = 0; i < 5000; i++) {
            admitted += admitted("198.18." + i / 256 + "." + i % 256, 1, START);
        }
        assertThat(admitted).isEqualTo(Guesses.ALL_AT_ONCE);
    }
}
