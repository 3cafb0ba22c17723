package dev.weir.engine.protobuf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The examples of protobuf.dev, and the ends of each type. */
class ProtobufMessageTest {
    private static String hex(ProtobufMessage message) {
        return HexFormat.of().formatHex(message.toByteArray());
    }

    @Test
    void examplesOfTheEncodingGuide() {
        assertThat(hex(new ProtobufMessage().number(1, 150))).isEqualTo("089601");
        assertThat(hex(new ProtobufMessage().text(2, "testing"))).isEqualTo("120774657374696e67");
        assertThat(hex(new ProtobufMessage().message(3, new ProtobufMessage().number(1, 150))))
                .isEqualTo("1a03089601");
    }

    @Test
    void numbersHaveTheirEnds() {
        assertThat(hex(new ProtobufMessage().number(1, -1))).isEqualTo("08" + "ff".repeat(9) + "01");
        assertThat(hex(new ProtobufMessage().number(16, 0))).isEqualTo("800100");
        assertThat(hex(new ProtobufMessage()
                        .signed(1, 0)
                        .signed(1, -1)
                        .signed(1, 1)
                        .signed(1, -64)))
                .isEqualTo("08000801" + "0802" + "087f");
        assertThat(hex(new ProtobufMessage().signed(1, Long.MIN_VALUE))).isEqualTo("08" + "ff".repeat(9) + "01");
        assertThat(hex(new ProtobufMessage().real(1, 1.0))).isEqualTo("09000000000000f03f");
    }

    @Test
    void whatIsLongGrows() {
        String text = "x".repeat(100_000);
        ProtobufMessage message = new ProtobufMessage().text(1, text);
        assertThat(message.length()).isEqualTo(1 + 3 + text.length());
        message.clear();
        message.delimited(new ProtobufMessage().number(1, 1));
        assertThat(hex(message)).isEqualTo("020801");
    }
}
