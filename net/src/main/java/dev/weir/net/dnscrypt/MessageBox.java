package dev.weir.net.dnscrypt;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts messages for two who know each other's public keys, and opens them, in place: NaCl's {@code crypto_box} with a key that was agreed on
 * before, and the same with XChaCha20.
 *
 * <pre>
 *   offset         16
 *   +--------------+----------------------- ~ ---+
 *   | Poly1305 tag | stream cipher (message)     |
 *   +--------------+----------------------- ~ ---+
 * </pre>
 *
 * The first 32 octets of the key stream are the key of the tag, the message begins with octet 32. Not for several threads.
 *
 * <p>Source: D. J. Bernstein, "Cryptography in NaCl"; the DNSCrypt protocol, version 2, section 11.
 */
final class MessageBox {
    static final int TAG_BYTES = 16;
    static final int NONCE_BYTES = 24;
    static final int KEY_BYTES = 32;

    private static final int BLOCK_BYTES = 64;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int[] state = new int[16];
    private final int[] block = new int[16];
    private final int[] words = new int[8];
    private final byte[] tagKey = new byte[KEY_BYTES];
    private final byte[] tag = new byte[TAG_BYTES];
    private final Poly1305 mac = new Poly1305();

    private static int word(byte[] from, int offset) {
        return (int) WORD.get(from, offset);
    }

    /** What two have in common; null for public keys with which anybody would have it in common. */
    byte @Nullable [] agree(Construction construction, byte[] privateKey, byte[] publicKey, int offset) {
        byte[] shared = new byte[KEY_BYTES];
        if (!X25519.calculateAgreement(privateKey, 0, publicKey, offset, shared, 0)) {
            return null;
        }
        start(construction, shared);
        construction.hash(state, block, 0, 0, 0, 0, words);
        for (int i = 0; i < words.length; i++) {
            WORD.set(shared, 4 * i, words[i]);
        }
        return shared;
    }

    private void start(Construction construction, byte[] key) {
        for (int i = 0; i < words.length; i++) {
            words[i] = word(key, 4 * i);
        }
        construction.start(state, words);
    }

    /** Encrypts {@code message[offset..offset+length)}; the tag comes right before it. */
    void seal(Construction construction, byte[] key, byte[] nonce, byte[] message, int offset, int length) {
        begin(construction, key, nonce);
        stream(construction, message, offset, length);
        mac.update(message, offset, length);
        mac.doFinal(message, offset - TAG_BYTES);
    }

    /**
     * Opens a box in place: the message stands behind where its tag was. False if key, nonce or one bit of it is wrong; nothing has changed then.
     *
     * @param length of tag and message
     */
    boolean open(Construction construction, byte[] key, byte[] nonce, byte[] box, int offset, int length) {
        if (length < TAG_BYTES) {
            return false;
        }
        begin(construction, key, nonce);
        mac.update(box, offset + TAG_BYTES, length - TAG_BYTES);
        mac.doFinal(tag, 0);
        int difference = 0;
        for (int i = 0; i < TAG_BYTES; i++) {
            difference |= tag[i] ^ box[offset + i];
        }
        if (difference != 0) {
            return false;
        }
        stream(construction, box, offset + TAG_BYTES, length - TAG_BYTES);
        return true;
    }

    /** A number that nobody can guess who does not know the key, the same for the same nonce. No message may have that nonce. */
    int number(Construction construction, byte[] key, byte[] nonce) {
        begin(construction, key, nonce);
        return block[8];
    }

    /** Leaves the stream's first block at hand, of which half is used. */
    private void begin(Construction construction, byte[] key, byte[] nonce) {
        start(construction, key);
        construction.hash(state, block, word(nonce, 0), word(nonce, 4), word(nonce, 8), word(nonce, 12), words);
        construction.start(state, words);
        construction.begin(state, word(nonce, 16), word(nonce, 20));
        construction.core(state, block);
        for (int i = 0; i < tagKey.length / 4; i++) {
            WORD.set(tagKey, 4 * i, block[i]);
        }
        mac.init(new KeyParameter(tagKey));
    }

    private void stream(Construction construction, byte[] message, int offset, int length) {
        int used = KEY_BYTES;
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (used == BLOCK_BYTES) {
                construction.next(state);
                construction.core(state, block);
                used = 0;
            }
            int most = Math.min(BLOCK_BYTES - used, end - at);
            int i = 0;
            for (; i + 4 <= most; i += 4) {
                WORD.set(message, at + i, word(message, at + i) ^ block[used + i >> 2]);
            }
            for (; i < most; i++) {
                int word = block[used + i >> 2];
                message[at + i] ^= (byte) (word >>> 8 * (used + i & 3));
            }
            used += most;
            at += most;
        }
    }
}
