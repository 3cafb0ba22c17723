package dev.weir.net.dnscrypt;

import dev.weir.engine.listen.DnscryptCertificate;
import dev.weir.engine.listen.DnscryptCertificates;
import dev.weir.engine.listen.DnscryptIssuer;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Makes keys and signs certificates. */
public final class CertificateIssuer implements DnscryptIssuer {
    private final SecureRandom random = new SecureRandom();

    @Override
    public ProviderKeys newProviderKeys() {
        byte[] secret = new byte[Ed25519.SECRET_KEY_SIZE];
        Ed25519.generatePrivateKey(random, secret);
        byte[] publicKey = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(secret, 0, publicKey, 0);
        byte[] privateKey = Arrays.copyOf(secret, secret.length + publicKey.length);
        System.arraycopy(publicKey, 0, privateKey, secret.length, publicKey.length);
        return new ProviderKeys(publicKey, privateKey);
    }

    @Override
    public DnscryptCertificates.Pair newCertificate(
            byte[] providerPrivateKey, int version, long serial, long startSeconds, long endSeconds) {
        byte[] privateKey = new byte[X25519.SCALAR_SIZE];
        X25519.generatePrivateKey(random, privateKey);
        byte[] octets =
                DnscryptCertificate.composeUnsigned(version, publicKeyOf(privateKey), serial, startSeconds, endSeconds);
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        int signed = DnscryptCertificate.SIGNED;
        Ed25519.sign(providerPrivateKey, 0, octets, signed, octets.length - signed, signature, 0);
        DnscryptCertificate.sign(octets, signature);
        return new DnscryptCertificates.Pair(DnscryptCertificate.parse(octets), privateKey, true);
    }

    @Override
    public boolean belongs(DnscryptCertificate certificate, byte[] privateKey) {
        return Arrays.equals(publicKeyOf(privateKey), certificate.resolverPublicKey());
    }

    private static byte[] publicKeyOf(byte[] privateKey) {
        byte[] publicKey = new byte[X25519.POINT_SIZE];
        X25519.scalarMultBase(privateKey, 0, publicKey, 0);
        return publicKey;
    }
}
