package dev.weir.net.tls;

import dev.weir.engine.listen.TlsControl.TicketFigures;
import dev.weir.engine.listen.TlsSpec;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.internal.tcnative.SSLCredential;
import io.netty.internal.tcnative.SessionTicketKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A context of BoringSSL's (SSL_CTX_new(3)). It lives until it is released and its last connection has ended. Any thread.
 */
final class BoringContext implements ServerContext {
    private static final String GROUPS = "X25519:P-256:P-384:P-521";

    /** With forward secrecy first; the rest is for old clients. */
    private static final String SUITES_UP_TO_12 =
            "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
                    + ":ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA"
                    + ":AES128-GCM-SHA256:AES128-SHA:AES256-SHA";

    private static final byte[] SESSIONS_OF = "weir".getBytes(StandardCharsets.US_ASCII);

    private final long context;
    private final AtomicInteger users = new AtomicInteger(1);

    private BoringContext(long context) {
        this.context = context;
    }

    /**
     * Makes one whose certificates are for the same names: each client gets the first that it can verify.
     *
     * @param staples for the certificates, by their places; null where there is none
     * @throws IOException saying what the library does not take
     */
    static BoringContext make(
            TlsSpec spec,
            List<ServerCertificate> certificates,
            List<byte @Nullable []> staples,
            ServerContexts.Parts parts)
            throws IOException {
        BoringContext made = null;
        try {
            made = new BoringContext(SSLContext.make(
                    SSL.SSL_PROTOCOL_TLSV1
                            | SSL.SSL_PROTOCOL_TLSV1_1
                            | SSL.SSL_PROTOCOL_TLSV1_2
                            | SSL.SSL_PROTOCOL_TLSV1_3,
                    SSL.SSL_MODE_SERVER));
            made.configure(spec, parts);
            for (int i = 0; i < certificates.size(); i++) {
                long credential = credential(certificates.get(i), staples.get(i));
                try {
                    SSLContext.addCredential(made.context, credential);
                } finally {
                    SSLCredential.free(credential);
                }
            }
            return made;
        } catch (Exception e) {
            if (made != null) {
                made.release();
            }
            throw e instanceof IOException known ? known : new IOException("TLS can't be set up: " + e.getMessage(), e);
        }
    }

    private void configure(TlsSpec spec, ServerContexts.Parts parts) throws Exception {
        SSLContext.setOptions(context, SSL.SSL_OP_NO_COMPRESSION | SSL.SSL_OP_NO_TICKET | olderThan(spec));
        if (spec.ciphers().preferOurs()) {
            SSLContext.setOptions(context, SSL.SSL_OP_CIPHER_SERVER_PREFERENCE);
        }
        // What was refused for want of room is tried again with the rest of it.
        SSLContext.setMode(context, SSLContext.getMode(context) | SSL.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSLContext.setVerify(context, SSL.SSL_CVERIFY_NONE, 0);
        chooseSuites(spec.ciphers().upTo12());
        String groups =
                spec.ciphers().groups().isEmpty() ? GROUPS : spec.ciphers().groups();
        String[] known =
                Arrays.stream(groups.split(":", -1)).map(BoringSsl::group).toArray(String[]::new);
        if (!SSLContext.setCurvesList(context, known)) {
            throw new IOException("groups '" + groups + "': " + BoringSsl.failure());
        }
        if (!parts.protocols().isEmpty()) {
            SSLContext.setAlpnProtos(
                    context, parts.protocols().toArray(String[]::new), SSL.SSL_SELECTOR_FAILURE_NO_ADVERTISE);
        }
        rememberSessions(spec.sessions());
        if (parts.keyLog() != null) {
            SSLContext.setKeyLogCallback(context, parts.keyLog());
        }
    }

    private static int olderThan(TlsSpec spec) {
        return switch (spec.ciphers().minVersion()) {
            case TLS_1_3 -> SSL.SSL_OP_NO_TLSv1 | SSL.SSL_OP_NO_TLSv1_1 | SSL.SSL_OP_NO_TLSv1_2;
            case TLS_1_2 -> SSL.SSL_OP_NO_TLSv1 | SSL.SSL_OP_NO_TLSv1_1;
            case TLS_1_1 -> SSL.SSL_OP_NO_TLSv1;
            case TLS_1_0, UNKNOWN -> 0;
        };
    }

    private void chooseSuites(String upTo12) throws IOException {
        String words = upTo12.isEmpty() ? SUITES_UP_TO_12 : upTo12;
        String why = "none of them is known";
        try {
            if (SSLContext.setCipherSuite(context, words, false)) {
                return;
            }
        } catch (Exception e) {
            why = String.valueOf(e.getMessage());
        }
        throw new IOException("ciphers '" + words + "': " + why);
    }

    private void rememberSessions(TlsSpec.Sessions sessions) {
        SSLContext.setSessionIdContext(context, SESSIONS_OF);
        SSLContext.setSessionCacheMode(
                context, sessions.stored() > 0 ? SSL.SSL_SESS_CACHE_SERVER : SSL.SSL_SESS_CACHE_OFF);
        if (sessions.stored() > 0) {
            SSLContext.setSessionCacheSize(context, sessions.stored());
        }
        if (sessions.timeoutSeconds() > 0) {
            SSLContext.setSessionCacheTimeout(context, sessions.timeoutSeconds());
        }
    }

    /** Whether it is known to take the certificate with its key, which it does only if they belong together. */
    static boolean takes(ServerCertificate certificate) {
        try {
            SSLCredential.free(credential(certificate, null));
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    private static long credential(ServerCertificate certificate, byte @Nullable [] staple) throws Exception {
        long chain = BoringSsl.read(pem(certificate.chain()), SSL::parseX509Chain);
        try {
            long key = BoringSsl.read(pem("PRIVATE KEY", certificate.key()), bio -> SSL.parsePrivateKey(bio, null));
            try {
                return credential(chain, key, staple);
            } finally {
                SSL.freePrivateKey(key);
            }
        } finally {
            SSL.freeX509Chain(chain);
        }
    }

    private static long credential(long chain, long key, byte @Nullable [] staple) throws Exception {
        long credential = SSLCredential.newX509();
        try {
            SSLCredential.setCertChain(credential, chain);
            SSLCredential.setPrivateKey(credential, key);
            if (staple != null) {
                SSLCredential.setOcspResponse(credential, staple);
            }
            return credential;
        } catch (Exception e) {
            SSLCredential.free(credential);
            throw e;
        }
    }

    private static byte[] pem(List<X509Certificate> chain) throws CertificateEncodingException {
        StringBuilder all = new StringBuilder();
        for (X509Certificate each : chain) {
            all.append(new String(pem("CERTIFICATE", each.getEncoded()), StandardCharsets.US_ASCII));
        }
        return all.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] pem(String label, byte[] content) {
        return ("-----BEGIN " + label + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + label
                        + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    // ---- connections

    @Override
    public boolean retain() {
        return users.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    @Override
    public ChannelHandler newHandler(ByteBufAllocator allocator) {
        return new BoringHandler(this);
    }

    /** A connection's session (SSL_new(3)), for whoever has a part in the context. */
    long newSession() {
        return SSL.newSSL(context, true);
    }

    @Override
    public void release() {
        if (users.decrementAndGet() == 0) {
            SSLContext.free(context);
        }
    }

    @Override
    public void use(TicketKeys keys) {
        SessionTicketKey[] all = keys.keys().stream()
                .map(key -> new SessionTicketKey(TicketKeys.name(key), TicketKeys.seal(key), TicketKeys.cipher(key)))
                .toArray(SessionTicketKey[]::new);
        SSLContext.clearOptions(context, SSL.SSL_OP_NO_TICKET);
        SSLContext.setSessionTicketKeys(context, all);
    }

    @Override
    public TicketFigures figures() {
        return new TicketFigures(SSLContext.sessionTicketKeyFail(context), SSLContext.sessionTicketKeyRenew(context));
    }
}
