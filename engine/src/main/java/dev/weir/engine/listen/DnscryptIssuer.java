package dev.weir.engine.listen;

/** Makes keys and certificates of DNSCrypt: what takes cryptography. Any thread. */
public interface DnscryptIssuer {
    /**
     * A provider's keys.
     *
     * @param publicKey 32 octets, which clients must know
     * @param privateKey 64 octets: the secret half, and the public key once more
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record ProviderKeys(byte[] publicKey, byte[] privateKey) {}

    /** New ones, at random. */
    ProviderKeys newProviderKeys();

    /**
     * A certificate for a new key of the resolver, active.
     *
     * @param providerPrivateKey 64 octets, which sign it
     * @param version 1 for XSalsa20, 2 for XChaCha20
     * @param startSeconds and {@code endSeconds}: of Unix time
     */
    DnscryptCertificates.Pair newCertificate(
            byte[] providerPrivateKey, int version, long serial, long startSeconds, long endSeconds);

    /** Whether a certificate is about this private key of the resolver. */
    boolean belongs(DnscryptCertificate certificate, byte[] privateKey);
}
