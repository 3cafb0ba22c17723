package dev.weir.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;

class ConsoleKeyTest {
    @Test
    void randomKeySurvivesItsText() {
        ConsoleKey key = ConsoleKey.random();
        ConsoleKey again = ConsoleKey.parse(key.base64());
        assertThat(again).isNotNull();
        assertThat(again.bytes()).isEqualTo(key.bytes()).hasSize(32);
        assertThat(ConsoleKey.random().base64()).isNotEqualTo(key.base64());
    }

    @Test
    void whatIsNo32BytesInBase64IsNoKey() {
        assertThat(ConsoleKey.parse("not base64 at all!")).isNull();
        assertThat(ConsoleKey.parse("")).isNull();
        assertThat(ConsoleKey.parse(Base64.getEncoder().encodeToString(new byte[31])))
                .isNull();
        assertThat(ConsoleKey.parse(Base64.getEncoder().encodeToString(new byte[33])))
                .isNull();
    }

    @Test
    void keyDoesNotShowInText() {
        ConsoleKey key = ConsoleKey.random();
        assertThat(key.toString()).doesNotContain(key.base64());
    }
}
