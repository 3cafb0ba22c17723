package dev.weir.net.tls;

import dev.weir.engine.listen.TlsControl.TicketFigures;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.engine.listen.TlsVersion;
import dev.weir.engine.log.Log;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslCredential;
import io.netty.handler.ssl.OpenSslCredentialBuilder;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * The contexts of one listener, one for each set of names, made from one state of its files. Certificates for the same names stand in one
 * context, which chooses by what the client can verify. Connections keep the context that they began with; {@link #release} lets the others go.
 * Any thread.
 */
final class ServerContexts {
    private final TlsSpec spec;
    private final List<SslContext> all = new ArrayList<>();
    private final Map<String, SslContext> byName = new HashMap<>();
    private final Map<SslContext, byte[]> staples = new HashMap<>();

    private ServerContexts(TlsSpec spec) {
        this.spec = spec;
    }

    /** What a set of contexts is made of. */
    record Parts(
            List<ServerCertificate> certificates,
            List<byte[]> staples,
            List<String> protocols,
            @Nullable KeyLog keyLog) {}

    /** @throws IOException saying what the library does not take */
    static ServerContexts make(TlsSpec spec, TlsLibrary library, Parts parts) throws IOException {
        ServerContexts contexts = new ServerContexts(spec);
        try {
            Map<Set<String>, List<Integer>> groups = new LinkedHashMap<>();
            for (int i = 0; i < parts.certificates.size(); i++) {
                groups.computeIfAbsent(parts.certificates.get(i).names(), names -> new ArrayList<>())
                        .add(i);
            }
            for (Map.Entry<Set<String>, List<Integer>> group : groups.entrySet()) {
                List<ServerCertificate> together =
                        group.getValue().stream().map(parts.certificates::get).toList();
                SslContext context = contexts.context(library, together, parts);
                int first = group.getValue().getFirst();
                if (first < parts.staples.size()) {
                    contexts.staples.put(context, parts.staples.get(first));
                }
                group.getKey().forEach(name -> contexts.byName.putIfAbsent(name, context));
            }
            return contexts;
        } catch (IOException | RuntimeException e) {
            contexts.release();
            throw e instanceof IOException known ? known : new IOException("TLS can't be set up: " + e.getMessage(), e);
        }
    }

    private SslContext context(TlsLibrary library, List<ServerCertificate> certificates, Parts parts)
            throws IOException {
        ServerCertificate first = certificates.getFirst();
        SslContextBuilder builder = SslContextBuilder.forServer(first.key(), first.chain())
                .sslProvider(library.provider())
                // Between us and the library the key stands in a store in memory: that of PKCS#12 would be encrypted,
                // in 0.2 s.
                .keyStoreType("JKS")
                .trustManager(new NoClientCertificates())
                .protocols(versions())
                .sessionCacheSize(spec.sessions().stored())
                .sessionTimeout(spec.sessions().timeoutSeconds())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        parts.protocols));
        List<OpenSslCredential> others = new ArrayList<>();
        if (library == TlsLibrary.BORINGSSL) {
            builder.enableOcsp(!parts.staples.isEmpty());
            if (!spec.ciphers().groups().isEmpty()) {
                builder.option(
                        OpenSslContextOption.GROUPS, spec.ciphers().groups().split(":", -1));
            }
            for (ServerCertificate each : certificates.subList(1, certificates.size())) {
                others.add(credential(each));
            }
            builder.addCredentials(others);
        } else if (!spec.ciphers().upTo12().isEmpty()) {
            builder.ciphers(
                    Arrays.asList(spec.ciphers().upTo12().split("[:, ]+", -1)), SupportedCipherSuiteFilter.INSTANCE);
        }
        SslContext context;
        try {
            context = builder.build();
        } finally {
            others.forEach(ReferenceCountUtil::release);
        }
        all.add(context);
        if (context instanceof ReferenceCountedOpenSslContext ofLibrary) {
            complete(ofLibrary, parts.keyLog);
        } else if (parts.keyLog != null) {
            Log.warning("The JDK writes no key log", "net", "path", spec.keyLogFile());
        }
        return context;
    }

    private static OpenSslCredential credential(ServerCertificate certificate) throws IOException {
        try {
            return OpenSslCredentialBuilder.forX509(
                            certificate.key(), certificate.chain().toArray(X509Certificate[]::new))
                    .build();
        } catch (Exception e) {
            throw new IOException("the library does not take a certificate: " + e.getMessage(), e);
        }
    }

    private List<String> versions() {
        return Arrays.stream(TlsVersion.values())
                .filter(version -> version != TlsVersion.UNKNOWN
                        && version.compareTo(spec.ciphers().minVersion()) >= 0)
                .map(TlsVersion::protocol)
                .toList();
    }

    private void complete(ReferenceCountedOpenSslContext context, @Nullable KeyLog keyLog) throws IOException {
        if (!spec.ciphers().upTo12().isEmpty()) {
            // Nobody should learn from the first client that the suites are none.
            SSLEngine trial = context.newEngine(ByteBufAllocator.DEFAULT);
            try {
                chooseSuites((ReferenceCountedOpenSslEngine) trial);
            } catch (Exception e) {
                throw new IOException("ciphers '" + spec.ciphers().upTo12() + "': " + e.getMessage(), e);
            } finally {
                ReferenceCountUtil.release(trial);
            }
        }
        if (keyLog != null) {
            keyLog.listenTo(context);
        }
        ((OpenSslServerSessionContext) context.sessionContext())
                .setSessionCacheEnabled(spec.sessions().stored() > 0);
    }

    /** The library's own words for suites, which the builder does not take, can be said for each connection. */
    private void chooseSuites(ReferenceCountedOpenSslEngine engine) throws Exception {
        if (!SSL.setCipherSuites(engine.sslPointer(), spec.ciphers().upTo12(), false)) {
            throw new IOException("none of them is known");
        }
    }

    /** Has tickets made and taken with these keys. */
    void use(TicketKeys keys) {
        for (SslContext context : all) {
            if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
                sessions.setTicketKeys(keys.forLibrary());
            }
        }
    }

    /** The context for the name that a client asks for; the first one if it asks for none, or for one that nobody has. */
    SslContext select(@Nullable String name) {
        return NameChoice.choose(all, byName, name);
    }

    /** What speaks TLS on one connection. */
    SslHandler newHandler(SslContext context, ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator);
        SSLEngine engine = handler.engine();
        byte[] staple = staples.get(context);
        if (engine instanceof ReferenceCountedOpenSslEngine ofLibrary) {
            if (staple != null) {
                ofLibrary.setOcspResponse(staple);
            }
            prepare(ofLibrary);
        } else if (!spec.ciphers().groups().isEmpty()) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setNamedGroups(spec.ciphers().groups().split(":", -1));
            engine.setSSLParameters(parameters);
        }
        return handler;
    }

    private void prepare(ReferenceCountedOpenSslEngine engine) {
        long pointer = engine.sslPointer();
        if (!spec.ciphers().preferOurs()) {
            SSL.clearOptions(pointer, SSL.SSL_OP_CIPHER_SERVER_PREFERENCE);
        }
        if (!spec.ciphers().upTo12().isEmpty()) {
            try {
                chooseSuites(engine);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What became of tickets so far. */
    TicketFigures figures() {
        long unknown = 0;
        long inactive = 0;
        for (SslContext context : all) {
            if (context.sessionContext() instanceof OpenSslServerSessionContext sessions) {
                unknown += sessions.stats().ticketKeyFail();
                inactive += sessions.stats().ticketKeyRenew();
            }
        }
        return new TicketFigures(unknown, inactive);
    }

    /** Nobody begins with these contexts any more. */
    void release() {
        all.forEach(ReferenceCountUtil::release);
    }
}
