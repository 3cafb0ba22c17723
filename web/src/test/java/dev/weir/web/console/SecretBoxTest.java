package dev.weir.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The known answer is the one of "Cryptography in NaCl", section 10 (secretbox), and of NaCl's own tests. */
class SecretBoxTest {
    private static final byte[] KEY = hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
    private static final byte[] NONCE = hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
    private static final byte[] MESSAGE = hex("be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc"
            + "e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31"
            + "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde"
            + "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864"
            + "5e0705");
    private static final byte[] BOX = hex("f3ffc7703f9400e52a7dfb4b3d3305d9"
            + "8e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186a"
            + "c0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738"
            + "b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da"
            + "99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74"
            + "e355a5");

    private final SecretBox box = new SecretBox(KEY);

    @Test
    void sealsAsNaClDoes() {
        assertThat(box.seal(MESSAGE, NONCE)).isEqualTo(BOX);
    }

    @Test
    void opensAsNaClDoes() {
        assertThat(box.open(BOX, NONCE)).isEqualTo(MESSAGE);
    }

    @Test
    void everyFlippedBitIsNoticed() {
        for (int bit = 0; bit < BOX.length * 8; bit++) {
            byte[] flipped = BOX.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(box.open(flipped, NONCE)).as("bit %d", bit).isNull();
        }
    }

    @Test
    void otherNonceOtherKeyAndShortBoxesDoNotOpen() {
        byte[] otherNonce = NONCE.clone();
        otherNonce[3]++;
        byte[] otherKey = KEY.clone();
        otherKey[31]++;
        assertThat(box.open(BOX, otherNonce)).isNull();
        assertThat(new SecretBox(otherKey).open(BOX, NONCE)).isNull();
        assertThat(box.open(new byte[15], NONCE)).isNull();
    }

    @Test
    void emptyMessageIsATagAlone() {
        byte[] sealed = box.seal(new byte[0], NONCE);
        assertThat(sealed).hasSize(SecretBox.TAG_BYTES);
        assertThat(box.open(sealed, NONCE)).isEmpty();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
