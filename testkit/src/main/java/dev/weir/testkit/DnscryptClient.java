package dev.weir.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.ChaCha20ParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * Encrypts queries for a certificate of DNSCrypt and opens the answers, with the JDK's ChaCha20 and Bouncy Castle's XSalsa20; knows nothing of how
 * Weir does it. One thread.
 */
public final class DnscryptClient {
    /** Octets before a query's padded text. */
    public static final int QUERY_OVERHEAD = 68;

    /** Octets before an answer's padded text. */
    public static final int ANSWER_OVERHEAD = 48;

    private static final int KEY = 32;
    private static final int TAG = 16;
    private static final byte[] ANSWER_MAGIC = {'r', '6', 'f', 'n', 'v', 'W', 'j', '8'};
    private static final String SIGMA = "expand 32-byte k";

    private final byte[] certificate;
    private final byte[] secret = new byte[KEY];
    private final byte[] publicKey = new byte[KEY];
    private final byte[] shared;
    private final byte[] nonce = new byte[12];

    private DnscryptClient(byte[] certificate) {
        this.certificate = certificate.clone();
        X25519.generatePrivateKey(new SecureRandom(), secret);
        X25519.scalarMultBase(secret, 0, publicKey, 0);
        byte[] common = new byte[KEY];
        X25519.scalarMult(secret, 0, certificate, 72, common, 0);
        shared = derive(common, new byte[16]);
    }

    /** A client with a new key. */
    public static DnscryptClient of(byte[] certificate) {
        return new DnscryptClient(certificate);
    }

    private boolean isChaCha() {
        return certificate[5] == 2;
    }

    /** A query with its padding up to so many octets, encrypted with a new nonce. */
    public byte[] seal(byte[] query, int paddedOctets) {
        byte[] padded = Arrays.copyOf(query, paddedOctets);
        padded[query.length] = (byte) 0x80;
        return sealText(padded);
    }

    /** Whatever text, encrypted with a new nonce. */
    public byte[] sealText(byte[] text) {
        new SecureRandom().nextBytes(nonce);
        return sealWithNonce(text);
    }

    /** Encrypted with the nonce of the query before. */
    public byte[] sealWithNonce(byte[] text) {
        byte[] whole = Arrays.copyOf(nonce, 24);
        byte[] sealed = new byte[QUERY_OVERHEAD + text.length];
        System.arraycopy(certificate, 104, sealed, 0, 8);
        System.arraycopy(publicKey, 0, sealed, 8, KEY);
        System.arraycopy(nonce, 0, sealed, 40, nonce.length);
        byte[] stream = stream(whole, KEY + text.length);
        for (int i = 0; i < text.length; i++) {
            sealed[QUERY_OVERHEAD + i] = (byte) (text[i] ^ stream[KEY + i]);
        }
        System.arraycopy(tag(stream, sealed, QUERY_OVERHEAD), 0, sealed, QUERY_OVERHEAD - TAG, TAG);
        return sealed;
    }

    /** The answer's text with its padding. @throws AssertionError if it is not the answer to the last query, or is broken */
    public byte[] openPadded(byte[] answer) {
        boolean ours = answer.length > ANSWER_OVERHEAD
                && Arrays.equals(answer, 0, 8, ANSWER_MAGIC, 0, 8)
                && Arrays.equals(answer, 8, 20, nonce, 0, 12);
        if (!ours) {
            throw new AssertionError("no encrypted answer to the last query");
        }
        byte[] stream = stream(Arrays.copyOfRange(answer, 8, 32), KEY + answer.length - ANSWER_OVERHEAD);
        if (!Arrays.equals(tag(stream, answer, ANSWER_OVERHEAD), 0, TAG, answer, 32, ANSWER_OVERHEAD)) {
            throw new AssertionError("the answer's tag is wrong");
        }
        byte[] text = Arrays.copyOfRange(answer, ANSWER_OVERHEAD, answer.length);
        for (int i = 0; i < text.length; i++) {
            text[i] ^= stream[KEY + i];
        }
        return text;
    }

    /** The answer without its padding. */
    public DnsMessage open(byte[] answer) {
        return DnsMessage.parse(openRaw(answer));
    }

    /** Its octets. */
    public byte[] openRaw(byte[] answer) {
        byte[] text = openPadded(answer);
        int end = text.length - 1;
        while (text[end] == 0) {
            end--;
        }
        if (text[end] != (byte) 0x80) {
            throw new AssertionError("no padding");
        }
        return Arrays.copyOf(text, end);
    }

    private static byte[] tag(byte[] stream, byte[] message, int from) {
        Poly1305 mac = new Poly1305();
        mac.init(new KeyParameter(stream, 0, KEY));
        mac.update(message, from, message.length - from);
        byte[] tag = new byte[TAG];
        mac.doFinal(tag, 0);
        return tag;
    }

    private byte[] stream(byte[] whole, int length) {
        byte[] out = new byte[length];
        if (!isChaCha()) {
            XSalsa20Engine engine = new XSalsa20Engine();
            engine.init(true, new ParametersWithIV(new KeyParameter(shared), whole));
            engine.processBytes(out, 0, length, out, 0);
            return out;
        }
        byte[] key = derive(shared, Arrays.copyOf(whole, 16));
        // Of the counter's 64 bits the JDK has the lower half; the upper one is 0 and stands where its nonce begins.
        byte[] last = new byte[12];
        System.arraycopy(whole, 16, last, 4, 8);
        return chacha(key, last, 0, out);
    }

    /** HSalsa20 or HChaCha20. */
    private byte[] derive(byte[] key, byte[] input) {
        return isChaCha() ? hchacha(key, input) : hsalsa(key, input);
    }

    /** The JDK adds the state to what its rounds make, so that it is taken off again here. */
    private static byte[] hchacha(byte[] key, byte[] input) {
        int counter = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN).getInt();
        byte[] block = chacha(key, Arrays.copyOfRange(input, 4, 16), counter, new byte[64]);
        byte[] out = new byte[KEY];
        for (int i = 0; i < 4; i++) {
            put(out, i, word(block, i) - word(SIGMA.getBytes(StandardCharsets.US_ASCII), i));
            put(out, 4 + i, word(block, 12 + i) - word(input, i));
        }
        return out;
    }

    private static byte[] chacha(byte[] key, byte[] nonce12, int counter, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("ChaCha20");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key, "ChaCha20"),
                    new ChaCha20ParameterSpec(nonce12, counter));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int word(byte[] octets, int index) {
        return ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).getInt(4 * index);
    }

    private static void put(byte[] octets, int index, int word) {
        ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN).putInt(4 * index, word);
    }

    private static final int[][] SALSA_QUARTERS = {
        {0, 4, 8, 12},
        {5, 9, 13, 1},
        {10, 14, 2, 6},
        {15, 3, 7, 11},
        {0, 1, 2, 3},
        {5, 6, 7, 4},
        {10, 11, 8, 9},
        {15, 12, 13, 14}
    };

    private static byte[] hsalsa(byte[] key, byte[] input) {
        byte[] sigma = SIGMA.getBytes(StandardCharsets.US_ASCII);
        int[] x = new int[16];
        for (int i = 0; i < 4; i++) {
            x[5 * i] = word(sigma, i);
            x[1 + i] = word(key, i);
            x[6 + i] = word(input, i);
            x[11 + i] = word(key, 4 + i);
        }
        for (int round = 0; round < 10; round++) {
            for (int[] q : SALSA_QUARTERS) {
                x[q[1]] ^= Integer.rotateLeft(x[q[0]] + x[q[3]], 7);
                x[q[2]] ^= Integer.rotateLeft(x[q[1]] + x[q[0]], 9);
                x[q[3]] ^= Integer.rotateLeft(x[q[2]] + x[q[1]], 13);
                x[q[0]] ^= Integer.rotateLeft(x[q[3]] + x[q[2]], 18);
            }
        }
        byte[] out = new byte[KEY];
        for (int i = 0; i < 4; i++) {
            put(out, i, x[5 * i]);
            put(out, 4 + i, x[6 + i]);
        }
        return out;
    }
}
