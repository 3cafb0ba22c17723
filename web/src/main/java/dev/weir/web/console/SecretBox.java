package dev.weir.web.console;

import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * NaCl's {@code crypto_secretbox_xsalsa20poly1305}: a message encrypted with XSalsa20 behind its Poly1305 tag.
 *
 * <pre>
 *  0              16
 *  +--------------+----------------------- ~ ---+
 *  | Poly1305 tag | XSalsa20(message)           |
 *  +--------------+----------------------- ~ ---+
 * </pre>
 *
 * The first 32 bytes of the key stream are the one-time Poly1305 key; the message starts with byte 32. A nonce must never
 * be used twice under one key. Not for several threads.
 *
 * <p>Source: D. J. Bernstein, "Cryptography in NaCl", sections 8 to 10.
 */
final class SecretBox {
    /** Bytes of the tag: a box is that much longer than its message. */
    static final int TAG_BYTES = 16;

    static final int NONCE_BYTES = 24;

    private static final int MAC_KEY_BYTES = 32;

    private final KeyParameter key;
    private final XSalsa20Engine stream = new XSalsa20Engine();
    private final Poly1305 mac = new Poly1305();

    SecretBox(byte[] key) {
        this.key = new KeyParameter(key);
    }

    byte[] seal(byte[] message, byte[] nonce) {
        startStream(nonce);
        byte[] box = new byte[TAG_BYTES + message.length];
        stream.processBytes(message, 0, message.length, box, TAG_BYTES);
        mac.update(box, TAG_BYTES, message.length);
        mac.doFinal(box, 0);
        return box;
    }

    /** The message in a box, or null when key, nonce or a bit of the box is wrong. */
    byte @Nullable [] open(byte[] box, byte[] nonce) {
        if (box.length < TAG_BYTES) {
            return null;
        }
        startStream(nonce);
        int lengthBytes = box.length - TAG_BYTES;
        byte[] tag = new byte[TAG_BYTES];
        mac.update(box, TAG_BYTES, lengthBytes);
        mac.doFinal(tag, 0);
        if (!Arrays.constantTimeAreEqual(TAG_BYTES, tag, 0, box, 0)) {
            return null;
        }
        byte[] message = new byte[lengthBytes];
        stream.processBytes(box, TAG_BYTES, lengthBytes, message, 0);
        return message;
    }

    private void startStream(byte[] nonce) {
        stream.init(true, new ParametersWithIV(key, nonce));
        byte[] macKey = new byte[MAC_KEY_BYTES];
        stream.processBytes(macKey, 0, MAC_KEY_BYTES, macKey, 0);
        mac.init(new KeyParameter(macKey));
    }
}
