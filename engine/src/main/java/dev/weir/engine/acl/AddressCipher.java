package dev.weir.engine.acl;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts addresses into addresses of the same family, so that logs without addresses of people are still logs with addresses: equal ones stay
 * equal, and whoever has the key can turn them back. This is <i>ipcipher</i> as PowerDNS describes it [1].
 *
 * <p>An IPv6 address is one block of AES-128. An IPv4 address goes through <i>ipcrypt</i>, which J.-P. Aumasson gave into the public domain [2]: four
 * octets are added to four of the key, one after the other its four parts, and mixed between them, three times in all. A round of mixing, with
 * additions of octets, rotations and exclusive or, is that of SipHash with octets for words:
 *
 * <pre>{@code
 * a += b   b <<<= 2   b ^= a   a <<<= 4      c += b   b <<<= 3   b ^= c   c <<<= 4
 * c += d   d <<<= 5   d ^= c                 a += d   d <<<= 7   d ^= a
 * }</pre>
 *
 * <p>Ports and scopes are no part of it. Any thread.
 *
 * @see <a href="https://powerdns.org/ipcipher/ipcipher.md.html">[1] ipcipher: encrypting IP addresses</a>
 * @see <a href="https://github.com/veorq/ipcrypt">[2] ipcrypt: IP-format-preserving encryption</a>
 */
public final class AddressCipher {
    /** What a key has. */
    public static final int KEY_BYTES = 16;

    private static final byte[] SALT = "ipcipheripcipher".getBytes(StandardCharsets.US_ASCII);
    private static final int ITERATIONS = 50_000;
    private static final int V4_BYTES = 4;

    private final byte[] key;

    /** @throws IllegalArgumentException the key has not {@link #KEY_BYTES} octets */
    public AddressCipher(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key for addresses has " + KEY_BYTES + " octets, not " + key.length);
        }
        this.key = key.clone();
    }

    /** Makes a key of a password, which takes some tens of milliseconds by intent: PBKDF2 with HMAC-SHA1 (RFC 8018 section 5.2). */
    public static byte[] key(byte[] password) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            // Keys are filled up with zeros (RFC 2104), so this is the empty one, which the JDK refuses.
            mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, "HmacSHA1"));
            mac.update(SALT);
            byte[] last = mac.doFinal(new byte[] {0, 0, 0, 1});
            byte[] block = last.clone();
            for (int i = 1; i < ITERATIONS; i++) {
                last = mac.doFinal(last);
                for (int j = 0; j < block.length; j++) {
                    block[j] ^= last[j];
                }
            }
            return Arrays.copyOf(block, KEY_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public IpAddress encrypt(IpAddress address) {
        return address.isV4()
                ? IpAddress.of(encrypt(address.octets()))
                : IpAddress.of(aes(Cipher.ENCRYPT_MODE, address.octets())).withScope(address.scope());
    }

    public IpAddress decrypt(IpAddress address) {
        return address.isV4()
                ? IpAddress.of(decrypt(address.octets()))
                : IpAddress.of(aes(Cipher.DECRYPT_MODE, address.octets())).withScope(address.scope());
    }

    private byte[] encrypt(byte[] state) {
        add(state, 0);
        for (int part = 1; part <= 3; part++) {
            mix(state);
            add(state, part);
        }
        return state;
    }

    private byte[] decrypt(byte[] state) {
        add(state, 3);
        for (int part = 2; part >= 0; part--) {
            unmix(state);
            add(state, part);
        }
        return state;
    }

    private void add(byte[] state, int part) {
        for (int i = 0; i < V4_BYTES; i++) {
            state[i] ^= key[V4_BYTES * part + i];
        }
    }

    private static void mix(byte[] s) {
        s[0] += s[1];
        s[2] += s[3];
        s[1] = (byte) (left(s[1], 2) ^ s[0]);
        s[3] = (byte) (left(s[3], 5) ^ s[2]);
        s[0] = left(s[0], 4);
        s[0] += s[3];
        s[2] += s[1];
        s[1] = (byte) (left(s[1], 3) ^ s[2]);
        s[3] = (byte) (left(s[3], 7) ^ s[0]);
        s[2] = left(s[2], 4);
    }

    private static void unmix(byte[] s) {
        s[2] = left(s[2], 4);
        s[3] = left(s[3] ^ s[0], 1);
        s[1] = left(s[1] ^ s[2], 5);
        s[2] -= s[1];
        s[0] -= s[3];
        s[0] = left(s[0], 4);
        s[3] = left(s[3] ^ s[2], 3);
        s[1] = left(s[1] ^ s[0], 6);
        s[2] -= s[3];
        s[0] -= s[1];
    }

    private static byte left(int octet, int bits) {
        int unsigned = octet & 0xff;
        return (byte) (unsigned << bits | unsigned >>> Byte.SIZE - bits);
    }

    /** One block alone, which is what ECB does. */
    @SuppressWarnings("InsecureCryptoUsage")
    private byte[] aes(int mode, byte[] block) {
        try {
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"));
            return cipher.doFinal(block);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
