package dev.weir.net.tls;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.backend.BackendSpec;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** TLS to one backend: whom it trusts, what it offers, and the sessions that its connections take up again. Any thread. */
public final class BackendTls implements AutoCloseable {
    /** Where Debian and its kin, Red Hat and its kin, and Alpine have the certificates that the system trusts. */
    private static final List<Path> SYSTEM_STORES = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/ssl/cert.pem"));

    private static final int SESSIONS = 20;
    private static final int SESSION_SECONDS = 600;

    private final BackendSpec.Tls spec;
    private final Endpoint address;
    private final SslContext context;

    private BackendTls(BackendSpec.Tls spec, Endpoint address, SslContext context) {
        this.spec = spec;
        this.address = address;
        this.context = context;
    }

    /**
     * Makes ready what handshakes need.
     *
     * @param protocol of the application (ALPN)
     * @throws IOException naming what is not as it should be
     */
    public static BackendTls open(BackendSpec.Tls spec, Endpoint address, String protocol) throws IOException {
        TlsLibrary library = TlsLibrary.of(spec.provider());
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(library.provider())
                .sessionCacheSize(SESSIONS)
                .sessionTimeout(SESSION_SECONDS)
                .endpointIdentificationAlgorithm(spec.validate() && spec.namesPeer() ? "HTTPS" : "")
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocol));
        trust(builder, spec);
        boolean ofJdk = library == TlsLibrary.JDK;
        if (ofJdk && !spec.ciphers().isEmpty()) {
            builder.ciphers(Arrays.asList(spec.ciphers().split("[:, ]+", -1)), SupportedCipherSuiteFilter.INSTANCE);
        }
        if (!ofJdk && !spec.groups().isEmpty()) {
            builder.option(OpenSslContextOption.GROUPS, spec.groups().split(":", -1));
        }
        SslContext context = builder.build();
        if (!spec.keyLogFile().isEmpty() && context instanceof ReferenceCountedOpenSslContext ofLibrary) {
            new KeyLog(spec.keyLogFile()).listenTo(ofLibrary);
        }
        return new BackendTls(spec, address, context);
    }

    private static void trust(SslContextBuilder builder, BackendSpec.Tls spec) throws IOException {
        if (!spec.validate()) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            return;
        }
        Path store = Path.of(spec.caStore());
        if (spec.caStore().isEmpty()) {
            store = SYSTEM_STORES.stream().filter(Files::isReadable).findFirst().orElse(store);
        }
        if (!store.toString().isEmpty()) {
            byte[] file = ServerCertificate.contents("CA store", store.toString());
            builder.trustManager(
                    ServerCertificate.certificates(store.toString(), file).toArray(X509Certificate[]::new));
        }
    }

    /** What speaks TLS on one connection. */
    public SslHandler newHandler(ByteBufAllocator allocator, int timeoutMillis) {
        SslHandler handler = context.newHandler(allocator, peerName(), address.port());
        if (handler.engine() instanceof ReferenceCountedOpenSslEngine engine
                && !spec.ciphers().isEmpty()) {
            try {
                SSL.setCipherSuites(engine.sslPointer(), spec.ciphers(), false);
            } catch (Exception e) {
                throw new IllegalStateException("ciphers '" + spec.ciphers() + "': " + e.getMessage(), e);
            }
        }
        handler.setHandshakeTimeoutMillis(timeoutMillis);
        handler.setCloseNotifyFlushTimeoutMillis(500);
        return handler;
    }

    /** Whom the certificate must name, and under which name sessions are kept; names, not addresses, go into the handshake (SNI). */
    private String peerName() {
        if (!spec.subjectName().isEmpty()) {
            return spec.subjectName();
        }
        return spec.subjectAddress() == null
                ? address.ip().toString()
                : spec.subjectAddress().toString();
    }

    /** Sessions that connections can take up again. */
    public int sessions() {
        return Collections.list(context.sessionContext().getIds()).size();
    }

    /** No connection begins any more. */
    @Override
    public void close() {
        ReferenceCountUtil.release(context);
    }
}
