package dev.weir.engine.walk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.DnsMessage;
import dev.weir.testkit.DnsQuery;
import dev.weir.wire.Padding;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Do padded messages have few lengths, and nothing else that is new? */
class PaddingTest {
    private final Padding padding = new Padding();

    private static byte[] room(byte[] packet) {
        return Arrays.copyOf(packet, packet.length + 2 * Padding.BLOCK);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 400, 419, 420, 421, 424, 425, 500})
    void lengthsAreMultiples(int more) {
        byte[] packet = DnsQuery.of("www.example.", DnsMessage.A)
                .edns(1232)
                .option(DnsMessage.COOKIE_OPTION, new byte[more])
                .packet();
        byte[] message = room(packet);
        int length = padding.pad(message, packet.length);
        assertThat(length % Padding.BLOCK).isZero();
        assertThat(length - packet.length).isBetween(4, Padding.BLOCK + 3);
        DnsMessage parsed = DnsMessage.parse(Arrays.copyOf(message, length));
        byte[] zeros = parsed.option(DnsMessage.PADDING_OPTION).orElseThrow();
        assertThat(zeros).isEqualTo(new byte[zeros.length]);
        assertThat(parsed.option(DnsMessage.COOKIE_OPTION).orElseThrow()).hasSize(more);
        assertThat(padding.pad(message, length)).as("once more").isEqualTo(length);
    }

    @Test
    void withoutOptOrRoomAllStays() {
        byte[] bare = DnsQuery.of("www.example.", DnsMessage.A).packet();
        byte[] message = room(bare);
        padding.pad(message, bare.length);
        assertThat(Arrays.copyOf(message, bare.length)).isEqualTo(bare);
        byte[] full = DnsQuery.of("www.example.", DnsMessage.A).edns(1232).packet();
        byte[] same = full.clone();
        assertThat(padding.pad(same, full.length)).isEqualTo(full.length);
        assertThat(same).isEqualTo(full);
    }
}
