package dev.weir.net.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Certificates for the same names, of which each client gets the first whose kind it can verify. Immutable. */
final class CertificateChoice extends X509ExtendedKeyManager {
    private final List<ServerCertificate> certificates;
    private final List<PrivateKey> keys = new ArrayList<>();

    /** @throws IOException naming a key that the JDK does not know */
    CertificateChoice(List<ServerCertificate> certificates) throws IOException {
        this.certificates = List.copyOf(certificates);
        for (ServerCertificate certificate : certificates) {
            keys.add(certificate.privateKey());
        }
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String kind, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        for (int i = 0; i < keys.size(); i++) {
            String own = keys.get(i).getAlgorithm();
            if (kind.equals(own) || kind.startsWith(own + "_") || kind.equals("Ed25519") && own.equals("EdDSA")) {
                return String.valueOf(i);
            }
        }
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String kind, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return chooseEngineServerAlias(kind, issuers, null);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return certificates.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return keys.get(Integer.parseInt(alias));
    }

    @Override
    public String @Nullable [] getServerAliases(String kind, Principal @Nullable [] issuers) {
        String alias = chooseServerAlias(kind, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String kind, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] kinds, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
