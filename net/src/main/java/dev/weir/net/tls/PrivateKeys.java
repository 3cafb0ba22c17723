package dev.weir.net.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/**
 * Private keys in the forms that PEM files have: PKCS#8 (RFC 5958), and the older ones of RSA (RFC 8017 appendix A.1.2) and of elliptic curves
 * (RFC 5915), which are put into PKCS#8:
 *
 * <pre>  SEQUENCE { INTEGER 0, SEQUENCE { algorithm, parameters }, OCTET STRING { the older form } }</pre>
 */
final class PrivateKeys {
    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int CURVE = 0xa0;

    private static final byte[] VERSION = {INTEGER, 1, 0};

    /** 1.2.840.113549.1.1.1 and NULL. */
    private static final byte[] RSA = {0x06, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0};

    /** 1.2.840.10045.2.1. */
    private static final byte[] EC = {0x06, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

    private PrivateKeys() {}

    /** Whether a block holds a key. */
    static boolean isKey(PemBlock block) {
        return block.label().endsWith("PRIVATE KEY");
    }

    /** A block's key as PKCS#8 has it; whether it is one is not known yet. */
    static byte[] pkcs8(PemBlock block) throws IOException {
        String where = place(block);
        return switch (block.label()) {
            case "PRIVATE KEY" -> block.content();
            case "RSA PRIVATE KEY" -> wrapped(RSA, block.content());
            case "EC PRIVATE KEY" -> wrapped(concat(EC, curveOf(block.content(), where)), block.content());
            case "ENCRYPTED PRIVATE KEY" ->
                throw new IOException(where + "the key is encrypted; use one that is not, or PKCS#12 with a password");
            default -> throw new IOException(where + "a key of an unknown form: " + block.label());
        };
    }

    /** Where it stands in its file. */
    static String place(PemBlock block) {
        return "line " + block.line() + ": ";
    }

    static PrivateKey of(PemBlock block) throws IOException {
        return parse(pkcs8(block), place(block));
    }

    /**
     * The JDK's form of a key.
     *
     * @param where it was found, for the message
     */
    static PrivateKey parse(byte[] pkcs8, String where) throws IOException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                // A key of another kind, or none at all.
            }
        }
        throw new IOException(where + "not a private key of a known kind");
    }

    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return der(SEQUENCE, concat(VERSION, der(SEQUENCE, algorithm), der(OCTET_STRING, key)));
    }

    /** The curve's object identifier, which stands behind version and key. */
    private static byte[] curveOf(byte[] key, String where) throws IOException {
        try {
            int at = contentAt(key, 0);
            at = end(key, at);
            at = end(key, at);
            if ((key[at] & 0xff) == CURVE) {
                int from = contentAt(key, at);
                return Arrays.copyOfRange(key, from, end(key, from));
            }
        } catch (IndexOutOfBoundsException e) {
            // The line below says it.
        }
        throw new IOException(where + "the key does not say which curve it is of");
    }

    private static int contentAt(byte[] octets, int at) {
        int first = octets[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int end(byte[] octets, int at) {
        int first = octets[at + 1] & 0xff;
        int length = first;
        if (first >= 0x80) {
            length = 0;
            for (int i = 0; i < (first & 0x7f); i++) {
                length = length << 8 | octets[at + 2 + i] & 0xff;
            }
        }
        int end = contentAt(octets, at) + length;
        if (length < 0 || end > octets.length) {
            throw new IndexOutOfBoundsException(end);
        }
        return end;
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int octets = (39 - Integer.numberOfLeadingZeros(content.length)) / 8;
            out.write(0x80 | octets);
            for (int i = octets - 1; i >= 0; i--) {
                out.write(content.length >>> 8 * i);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /**
     * Whether a key is the other half of a certificate's.
     *
     * @param where the key was found, for the message
     * @throws IOException if the JDK can't use such keys
     */
    static boolean belongTogether(PrivateKey key, PublicKey other, String where) throws IOException {
        if (key instanceof RSAPrivateKey rsa && other instanceof RSAPublicKey theirs) {
            return rsa.getModulus().equals(theirs.getModulus());
        }
        if (!key.getAlgorithm().equals(other.getAlgorithm())) {
            return false;
        }
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "EdDSA" -> "EdDSA";
                    default -> "SHA256withRSA";
                };
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            byte[] signature = signing.sign();
            Signature checking = Signature.getInstance(algorithm);
            checking.initVerify(other);
            return checking.verify(signature);
        } catch (GeneralSecurityException e) {
            throw new IOException(where + "keys of this kind can't be used: " + e.getMessage(), e);
        }
    }
}
