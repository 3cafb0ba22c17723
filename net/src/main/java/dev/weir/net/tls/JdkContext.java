package dev.weir.net.tls;

import dev.weir.engine.listen.TlsControl.TicketFigures;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.engine.listen.TlsVersion;
import dev.weir.engine.log.Log;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLParameters;

/** One of the JDK's own TLS, for machines without the native library: one certificate, no keys of tickets, no stapling. */
final class JdkContext implements ServerContext {
    private final TlsSpec spec;
    private final SslContext context;

    private JdkContext(TlsSpec spec, SslContext context) {
        this.spec = spec;
        this.context = context;
    }

    static JdkContext make(TlsSpec spec, ServerCertificate certificate, ServerContexts.Parts parts) throws IOException {
        SslContextBuilder builder = SslContextBuilder.forServer(certificate.privateKey(), certificate.chain())
                .sslProvider(SslProvider.JDK)
                // Between us and the library the key stands in a store in memory: that of PKCS#12 would be encrypted,
                // in 0.2 s.
                .keyStoreType("JKS")
                .trustManager(new NoClientCertificates())
                .protocols(versions(spec))
                .sessionCacheSize(spec.sessions().stored())
                .sessionTimeout(spec.sessions().timeoutSeconds())
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        parts.protocols()));
        if (!spec.ciphers().upTo12().isEmpty()) {
            builder.ciphers(
                    Arrays.asList(spec.ciphers().upTo12().split("[:, ]+", -1)), SupportedCipherSuiteFilter.INSTANCE);
        }
        if (parts.keyLog() != null) {
            Log.warning("The JDK writes no key log", "net", "path", spec.keyLogFile());
        }
        return new JdkContext(spec, builder.build());
    }

    private static List<String> versions(TlsSpec spec) {
        return Arrays.stream(TlsVersion.values())
                .filter(version -> version != TlsVersion.UNKNOWN
                        && version.compareTo(spec.ciphers().minVersion()) >= 0)
                .map(TlsVersion::protocol)
                .toList();
    }

    @Override
    public boolean retain() {
        return true;
    }

    @Override
    public ChannelHandler newHandler(ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator);
        if (!spec.ciphers().groups().isEmpty()) {
            SSLParameters parameters = handler.engine().getSSLParameters();
            parameters.setNamedGroups(spec.ciphers().groups().split(":", -1));
            handler.engine().setSSLParameters(parameters);
        }
        // Whoever reads messages behind it has a deadline for the first one.
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(500);
        // Each answer in a record of its own: dnsperf looks for one answer each time its socket has something, and
        // waits for ever for a second one that came in the same record.
        handler.setWrapDataSize(0);
        return handler;
    }

    @Override
    public void use(TicketKeys keys) {
        // It has its own.
    }

    @Override
    public TicketFigures figures() {
        return new TicketFigures(0, 0);
    }

    @Override
    public void release() {
        // Nothing of it lies outside the heap.
    }
}
