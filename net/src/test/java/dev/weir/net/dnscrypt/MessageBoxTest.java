package dev.weir.net.dnscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Are boxes those of NaCl, and does none open that was changed? */
class MessageBoxTest {
    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private final MessageBox box = new MessageBox();

    /** The example of "Cryptography in NaCl": keys, nonce, message and box. */
    @Test
    void theBoxOfThePaper() {
        byte[] alice = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        byte[] bob = hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
        byte[] nonce = hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
        byte[] message =
                hex("be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c6129"
                        + "6cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde"
                        + "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705");
        byte[] shared = box.agree(Construction.XSALSA20, alice, bob, 0);
        assertThat(shared).isEqualTo(hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389"));
        byte[] sealed = new byte[16 + message.length];
        System.arraycopy(message, 0, sealed, 16, message.length);
        box.seal(Construction.XSALSA20, shared, nonce, sealed, 16, message.length);
        assertThat(sealed)
                .isEqualTo(hex(
                        "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186a"
                                + "c0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae"
                                + "90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74"
                                + "e355a5"));
        assertThat(box.open(Construction.XSALSA20, shared, nonce, sealed, 0, sealed.length))
                .isTrue();
        assertThat(Arrays.copyOfRange(sealed, 16, sealed.length)).isEqualTo(message);
    }

    /** draft-irtf-cfrg-xchacha-03, section 2.2.1. */
    @Test
    void theKeyOfTheDraft() {
        ByteBuffer input =
                ByteBuffer.wrap(hex("000000090000004a0000000031415927")).order(ByteOrder.LITTLE_ENDIAN);
        int[] key = new int[8];
        ByteBuffer.wrap(hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asIntBuffer()
                .get(key);
        int[] state = new int[16];
        int[] made = new int[8];
        Construction.XCHACHA20.start(state, key);
        Construction.XCHACHA20.hash(
                state, new int[16], input.getInt(), input.getInt(), input.getInt(), input.getInt(), made);
        ByteBuffer out = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        out.asIntBuffer().put(made);
        assertThat(out.array()).isEqualTo(hex("82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"));
    }

    @ParameterizedTest
    @EnumSource(Construction.class)
    void noBitMayChange(Construction construction) {
        Random random = new Random(5);
        byte[] key = new byte[32];
        byte[] nonce = new byte[24];
        random.nextBytes(key);
        random.nextBytes(nonce);
        byte[] sealed = new byte[16 + 200];
        box.seal(construction, key, nonce, sealed, 16, 200);
        for (int i = 0; i < 8 * sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i / 8] ^= (byte) (1 << i % 8);
            byte[] before = changed.clone();
            assertThat(box.open(construction, key, nonce, changed, 0, changed.length))
                    .isFalse();
            assertThat(changed).as("nothing has changed").isEqualTo(before);
        }
        for (int length = 0; length < sealed.length; length++) {
            assertThat(box.open(construction, key, nonce, sealed.clone(), 0, length))
                    .isFalse();
        }
        assertThat(box.open(construction, key, nonce, sealed, 0, sealed.length)).isTrue();
        assertThat(sealed).endsWith(new byte[200]);
    }

    @Test
    void keysThatHideNothingAreRefused() {
        byte[] mine = new byte[32];
        new Random(7).nextBytes(mine);
        for (int low : new int[] {0, 1}) {
            byte[] theirs = new byte[32];
            theirs[0] = (byte) low;
            assertThat(box.agree(Construction.XSALSA20, mine, theirs, 0)).isNull();
        }
    }

    @Test
    void garbageDoesNotOpen() {
        Random random = new Random(3);
        byte[] key = new byte[32];
        byte[] nonce = new byte[24];
        for (int i = 0; i < 20_000; i++) {
            byte[] garbage = new byte[random.nextInt(300)];
            random.nextBytes(garbage);
            assertThat(box.open(Construction.XCHACHA20, key, nonce, garbage, 0, garbage.length))
                    .isFalse();
        }
    }
}
