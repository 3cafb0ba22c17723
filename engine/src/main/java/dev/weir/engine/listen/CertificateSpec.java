package dev.weir.engine.listen;

/**
 * Where a certificate with its chain and its key stand; pure description, nothing is read.
 *
 * @param certificate a file of PEM blocks, the server's own certificate first, or of PKCS#12
 * @param key a file of a PEM block; empty if the key stands with the certificate
 * @param password of the key, or of the PKCS#12 file; empty for none
 */
public record CertificateSpec(String certificate, String key, String password) {
    /** Two files: of PEM blocks, or of octets where it is about DNSCrypt. */
    public static CertificateSpec of(String certificate, String key) {
        return new CertificateSpec(certificate, key, "");
    }

    @Override
    public String toString() {
        return key.isEmpty() || key.equals(certificate) ? certificate : certificate + " with " + key;
    }
}
