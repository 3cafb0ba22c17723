package dev.weir.net.tls;

import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.TlsSpec;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicSslEngine;
import io.netty.handler.codec.quic.SslSessionTicketKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * TLS inside QUIC (RFC 9001) of one listener, always 1.3, without early data: its certificates, which may be replaced while it runs, and the keys
 * of its tickets. What changes is made whole before it is used. Any thread.
 */
public final class QuicTls extends RotatingTickets {
    private static final int NAME = SslSessionTicketKey.NAME_SIZE;
    private static final int CIPHER = SslSessionTicketKey.AES_KEY_SIZE;

    private final TlsSpec spec;
    private final String[] protocols;
    private final @Nullable KeyLog keyLog;
    private List<CertificateSpec> certificates;
    private volatile Contexts contexts;

    /** One for each set of names; the first is for everybody else. */
    private record Contexts(List<QuicSslContext> all, Map<String, QuicSslContext> byName, QuicSslContext choosing) {}

    private QuicTls(TlsSpec spec, String[] protocols) throws IOException {
        super(spec.sessions());
        this.spec = spec;
        this.protocols = protocols.clone();
        this.keyLog = spec.keyLogFile().isEmpty() ? null : new KeyLog(spec.keyLogFile());
        this.certificates = spec.certificates();
        this.contexts = contexts(certificates);
    }

    /**
     * Loads the library at the first call, reads all files, and makes ready what handshakes need.
     *
     * @param protocols of the application, the preferred one first (ALPN)
     * @throws IOException naming the file, and its line where there is one; or that QUIC is not to be had here
     */
    public static QuicTls open(TlsSpec spec, String... protocols) throws IOException {
        if (!Quic.isAvailable()) {
            throw new IOException(
                    "QUIC needs its native library, which there is for Linux on x86-64 and ARM64, and which can't be loaded here: "
                            + reason(Quic.unavailabilityCause()));
        }
        return new QuicTls(spec, protocols);
    }

    private static String reason(@Nullable Throwable cause) {
        Throwable at = cause;
        while (at != null && at.getCause() != null && at.getCause() != at) {
            at = at.getCause();
        }
        return at == null ? "unknown" : String.valueOf(at.getMessage());
    }

    private Contexts contexts(List<CertificateSpec> from) throws IOException {
        Map<Set<String>, List<ServerCertificate>> groups = new LinkedHashMap<>();
        for (CertificateSpec each : from) {
            ServerCertificate read = ServerCertificate.read(each, TlsLibrary.JDK);
            groups.computeIfAbsent(read.names(), names -> new ArrayList<>()).add(read);
        }
        if (groups.isEmpty()) {
            throw new IOException("there is no certificate");
        }
        List<QuicSslContext> all = new ArrayList<>();
        Map<String, QuicSslContext> byName = new HashMap<>();
        for (Map.Entry<Set<String>, List<ServerCertificate>> group : groups.entrySet()) {
            QuicSslContext context = builder(group.getValue()).build();
            all.add(context);
            group.getKey().forEach(name -> byName.putIfAbsent(name, context));
        }
        QuicSslContext choosing =
                QuicSslContextBuilder.buildForServerWithSni(name -> NameChoice.choose(all, byName, name));
        Contexts made = new Contexts(all, byName, choosing);
        use(made, keys());
        return made;
    }

    private QuicSslContextBuilder builder(List<ServerCertificate> together) throws IOException {
        QuicSslContextBuilder builder = QuicSslContextBuilder.forServer(new CertificateChoice(together), null)
                .applicationProtocols(protocols)
                .earlyData(false)
                .sessionCacheSize(spec.sessions().stored());
        if (spec.sessions().timeoutSeconds() > 0) {
            builder.sessionTimeout(spec.sessions().timeoutSeconds());
        }
        KeyLog log = keyLog;
        return log == null ? builder : builder.keylog((engine, line) -> log.write(line));
    }

    // ---- connections

    /** What speaks TLS on one connection. */
    public QuicSslEngine newEngine(ByteBufAllocator allocator) {
        rotateIfDue();
        return contexts.choosing.newEngine(allocator);
    }

    // ---- control

    @Override
    public synchronized void reload() throws IOException {
        contexts = contexts(certificates);
    }

    @Override
    public synchronized void load(List<CertificateSpec> others) throws IOException {
        contexts = contexts(others);
        certificates = List.copyOf(others);
    }

    private static void use(Contexts contexts, TicketKeys keys) {
        SslSessionTicketKey[] all = keys.keys().stream()
                .map(key -> new SslSessionTicketKey(
                        Arrays.copyOf(key, NAME),
                        Arrays.copyOfRange(key, NAME + CIPHER, NAME + CIPHER + SslSessionTicketKey.HMAC_KEY_SIZE),
                        Arrays.copyOfRange(key, NAME, NAME + CIPHER)))
                .toArray(SslSessionTicketKey[]::new);
        contexts.all.forEach(context -> context.sessionContext().setTicketKeys(all));
        contexts.choosing.sessionContext().setTicketKeys(all);
    }

    @Override
    void use(TicketKeys fresh) {
        use(contexts, fresh);
    }

    @Override
    public String configuredProvider() {
        return spec.provider();
    }

    @Override
    public String provider() {
        return TlsLibrary.BORINGSSL.word();
    }

    /** The library keeps none. */
    @Override
    public TicketFigures ticketFigures() {
        return new TicketFigures(0, 0);
    }
}
