package dev.weir.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PacketOverlayTest {
    private static final int ROUNDS = 100_000;

    private static byte[] answer() {
        return Wire.response("www.example.org", 1)
                .record(Records.ANSWER, 12, 5, 300, "0463646e31c010")
                .record(Records.ANSWER, 16, 1, 60, "c0000201")
                .record(Records.AUTHORITY, "org", 2, 86400, "026e73036f726700")
                .opt(1232, 0, "000a0001ff")
                .bytes();
    }

    @Test
    void showsAllParts() {
        PacketOverlay overlay = PacketOverlay.of(answer());
        assertThat(overlay).isNotNull();
        assertThat(overlay.name()).hasToString("www.example.org.");
        assertThat(overlay.type()).isEqualTo(1);
        assertThat(overlay.recordClass()).isEqualTo(1);
        assertThat(overlay.count(Records.ANSWER)).isEqualTo(2);
        assertThat(overlay.count(Records.AUTHORITY)).isEqualTo(1);
        assertThat(overlay.count(Records.ADDITIONAL)).isEqualTo(1);
        assertThat(overlay.count(0)).isZero();
        PacketOverlay.Entry second = overlay.records().get(1);
        assertThat(overlay.name(second)).hasToString("example.org.");
        assertThat(second.ttl()).isEqualTo(60);
        assertThat(Arrays.copyOfRange(answer(), second.contentOffset(), second.contentOffset() + 4))
                .isEqualTo(new byte[] {(byte) 192, 0, 2, 1});
    }

    @Test
    void whatIsNoMessageWithOneQuestionIsNone() {
        assertThat(PacketOverlay.of(new byte[0])).isNull();
        assertThat(PacketOverlay.of(new byte[12])).isNull();
        byte[] cut = Arrays.copyOf(answer(), answer().length - 1);
        assertThat(PacketOverlay.of(cut)).isNull();
        byte[] loop = answer();
        Octets.putU16(loop, 12 + 17 + 4, 0xc000 | 12 + 17 + 4); // the first owner points to itself
        assertThat(PacketOverlay.of(loop)).isNull();
    }

    /** Whatever the octets: none, or parts that lie inside the message, have names, and follow each other. */
    @Test
    void holdsForEveryMessage() {
        SplittableRandom random = new SplittableRandom(4711);
        byte[] seed = answer();
        int whole = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] message =
                    Arrays.copyOf(seed, random.nextInt(6) == 0 ? random.nextInt(seed.length + 1) : seed.length);
            for (int i = random.nextInt(4); i > 0 && message.length > 0; i--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt(256);
            }
            PacketOverlay overlay = PacketOverlay.of(message);
            if (overlay == null) {
                continue;
            }
            whole++;
            assertThat(overlay.name().wireLength()).isBetween(1, Name.MAX_LENGTH);
            int end = Question.OFFSET;
            for (PacketOverlay.Entry entry : overlay.records()) {
                assertThat(entry.nameOffset()).isGreaterThanOrEqualTo(end);
                assertThat(overlay.name(entry).wireLength()).isBetween(1, Name.MAX_LENGTH);
                end = entry.contentOffset() + entry.contentLength();
                assertThat(end).isLessThanOrEqualTo(message.length);
            }
            int counted = overlay.count(Records.ANSWER)
                    + overlay.count(Records.AUTHORITY)
                    + overlay.count(Records.ADDITIONAL);
            assertThat(counted)
                    .isEqualTo(overlay.records().size())
                    .isEqualTo(Header.ancount(message) + Header.nscount(message) + Header.arcount(message));
        }
        assertThat(whole).isGreaterThan(ROUNDS / 4).isLessThan(ROUNDS);
    }
}
