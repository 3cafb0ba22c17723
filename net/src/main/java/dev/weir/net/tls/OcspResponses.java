package dev.weir.net.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.ocsp.BasicOCSPResponse;
import org.bouncycastle.asn1.ocsp.CertID;
import org.bouncycastle.asn1.ocsp.CertStatus;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPResponse;
import org.bouncycastle.asn1.ocsp.OCSPResponseStatus;
import org.bouncycastle.asn1.ocsp.ResponderID;
import org.bouncycastle.asn1.ocsp.ResponseBytes;
import org.bouncycastle.asn1.ocsp.ResponseData;
import org.bouncycastle.asn1.ocsp.SingleResponse;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.jspecify.annotations.Nullable;

/** Makes what an authority says of a certificate that it has signed and not revoked (RFC 6960), for those who are their own authority. */
public final class OcspResponses {
    /** SHA-1, which names the authority here and protects nothing (RFC 5019 section 2.1.1). */
    private static final AlgorithmIdentifier SHA1 =
            new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.14.3.2.26"), DERNull.INSTANCE);

    private OcspResponses() {}

    /**
     * A response that says that a certificate is good, from now on.
     *
     * @param certificate file of PEM blocks, of which the first certificate counts
     * @param authority file of PEM blocks: who has signed it
     * @param authorityKey file of a PEM block
     * @param validSeconds for how long clients may believe it
     * @throws IOException naming the file that can't be used
     */
    public static byte[] good(String certificate, String authority, String authorityKey, long validSeconds)
            throws IOException {
        X509Certificate subject = first(certificate);
        X509Certificate issuer = first(authority);
        PrivateKey key = key(authorityKey);
        if (!PrivateKeys.belongTogether(key, issuer.getPublicKey(), "key file '" + authorityKey + "': ")) {
            throw new IOException(
                    "the key in '" + authorityKey + "' does not belong to the certificate in '" + authority + "'");
        }
        try {
            subject.verify(issuer.getPublicKey());
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "the certificate in '" + certificate + "' is not signed by the one in '" + authority + "'", e);
        }
        try {
            return compose(subject, issuer, key, validSeconds);
        } catch (GeneralSecurityException e) {
            throw new IOException("the key in '" + authorityKey + "' can't sign: " + e.getMessage(), e);
        }
    }

    private static X509Certificate first(String file) throws IOException {
        List<X509Certificate> all =
                ServerCertificate.certificates(file, ServerCertificate.contents("certificate", file));
        if (all.isEmpty()) {
            throw new IOException("certificate file '" + file + "': there is no certificate in it");
        }
        return all.getFirst();
    }

    private static PrivateKey key(String file) throws IOException {
        for (PemBlock block : PemBlock.parse(ServerCertificate.contents("key", file))) {
            if (PrivateKeys.isKey(block)) {
                return PrivateKeys.of(block);
            }
        }
        throw new IOException("key file '" + file + "': there is no key in it");
    }

    private static byte[] compose(X509Certificate subject, X509Certificate issuer, PrivateKey key, long validSeconds)
            throws GeneralSecurityException, IOException {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        byte[] bits = SubjectPublicKeyInfo.getInstance(issuer.getPublicKey().getEncoded())
                .getPublicKeyData()
                .getOctets();
        DEROctetString keyHash = new DEROctetString(sha1.digest(bits));
        DEROctetString nameHash =
                new DEROctetString(sha1.digest(issuer.getSubjectX500Principal().getEncoded()));
        CertID id = new CertID(SHA1, nameHash, keyHash, new ASN1Integer(subject.getSerialNumber()));
        Instant now = Instant.now();
        ASN1GeneralizedTime from = new ASN1GeneralizedTime(Date.from(now));
        ASN1GeneralizedTime until = new ASN1GeneralizedTime(Date.from(now.plusSeconds(validSeconds)));
        SingleResponse single = new SingleResponse(id, new CertStatus(), from, until, (Extensions) null);
        ResponseData data =
                new ResponseData(new ResponderID(keyHash), from, new DERSequence(single), (Extensions) null);
        Signer signer = Signer.of(key);
        Signature signature = Signature.getInstance(signer.name);
        signature.initSign(key);
        signature.update(data.getEncoded("DER"));
        BasicOCSPResponse basic =
                new BasicOCSPResponse(data, signer.identifier, new DERBitString(signature.sign()), null);
        return new OCSPResponse(
                        new OCSPResponseStatus(OCSPResponseStatus.SUCCESSFUL),
                        new ResponseBytes(
                                OCSPObjectIdentifiers.id_pkix_ocsp_basic, new DEROctetString(basic.getEncoded("DER"))))
                .getEncoded("DER");
    }

    /** How a kind of key signs (RFC 4055, RFC 5758, RFC 8410). */
    private record Signer(String name, AlgorithmIdentifier identifier) {
        static Signer of(PrivateKey key) {
            return switch (key.getAlgorithm()) {
                case "RSA" -> new Signer("SHA256withRSA", identifier("1.2.840.113549.1.1.11", DERNull.INSTANCE));
                case "EC" -> new Signer("SHA256withECDSA", identifier("1.2.840.10045.4.3.2", null));
                default -> new Signer("Ed25519", identifier("1.3.101.112", null));
            };
        }

        private static AlgorithmIdentifier identifier(String number, @Nullable DERNull parameters) {
            ASN1ObjectIdentifier oid = new ASN1ObjectIdentifier(number);
            return parameters == null ? new AlgorithmIdentifier(oid) : new AlgorithmIdentifier(oid, parameters);
        }
    }
}
