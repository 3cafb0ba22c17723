package dev.weir.net.tls;

import dev.weir.engine.listen.CertificateSpec;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.engine.log.Log;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one listener: its certificates, which may be replaced while it runs, and the keys of its tickets. What changes is made whole before it
 * is used, so that a file that can't be read leaves all as it was. Any thread.
 */
public final class ServerTls extends RotatingTickets implements AutoCloseable {
    private final TlsSpec spec;
    private final TlsLibrary library;
    private final List<String> protocols;
    private final @Nullable KeyLog keyLog;
    private List<CertificateSpec> certificates;
    private volatile ServerContexts contexts;

    private boolean closed;

    /** Figures of contexts that were replaced. */
    private TicketFigures former = new TicketFigures(0, 0);

    private ServerTls(TlsSpec spec, TlsLibrary library, List<String> protocols) throws IOException {
        super(spec.sessions());
        this.spec = spec;
        this.library = library;
        this.protocols = protocols;
        this.keyLog = spec.keyLogFile().isEmpty() ? null : new KeyLog(spec.keyLogFile());
        this.certificates = spec.certificates();
        this.contexts = contexts(certificates, spec.ignoreErrors());
    }

    /**
     * Reads all files and makes ready what handshakes need.
     *
     * @param protocols of the application, the preferred one first (ALPN)
     * @throws IOException naming the file, and its line where there is one
     */
    public static ServerTls open(TlsSpec spec, List<String> protocols) throws IOException {
        return new ServerTls(spec, TlsLibrary.of(spec.provider()), protocols);
    }

    private ServerContexts contexts(List<CertificateSpec> from, boolean ignoreErrors) throws IOException {
        List<ServerCertificate> read = new ArrayList<>();
        for (CertificateSpec each : from) {
            try {
                read.add(ServerCertificate.read(each, library));
            } catch (IOException e) {
                if (!ignoreErrors) {
                    throw e;
                }
                Log.warning("A certificate can't be used", "net", "path", each, "error", e);
            }
        }
        if (read.isEmpty()) {
            throw new IOException("there is no certificate");
        }
        List<byte[]> staples = new ArrayList<>();
        for (String path : spec.ocspResponses()) {
            staples.add(ServerCertificate.contents("OCSP response", path));
        }
        ServerContexts made =
                ServerContexts.make(spec, library, new ServerContexts.Parts(read, staples, protocols, keyLog));
        if (spec.sessions().tickets()) {
            made.use(keys());
        }
        return made;
    }

    // ---- connections

    /** Puts TLS at the end of a connection's handlers: it begins with the client's first message. */
    public void addTo(ChannelPipeline pipeline) {
        rotateIfDue();
        pipeline.addLast(new NamedHandshake(this));
    }

    /** Whether answers are padded. */
    public boolean padsResponses() {
        return spec.padResponses();
    }

    /** Whether a PROXY header stands before the handshake. */
    public boolean proxyHeaderOutside() {
        return spec.proxyHeaderOutside();
    }

    /** What speaks TLS with a client that asks for this name; null if the listener is closed. */
    @Nullable ChannelHandler newHandler(@Nullable String name, ByteBufAllocator allocator) {
        while (true) {
            ServerContexts now = contexts;
            ServerContext chosen = now.select(name);
            if (chosen.retain()) {
                return chosen.newHandler(allocator);
            }
            // Others have just taken its place, unless nothing does any more.
            if (now == contexts) {
                return null;
            }
        }
    }

    /** Says over a connection that nothing more will come, behind all that was written. For its loop's thread. */
    public static void endOutput(ChannelPipeline pipeline) {
        ChannelHandlerContext own = pipeline.context(BoringHandler.class);
        if (own != null) {
            ((BoringHandler) own.handler()).closeOutput(own);
            return;
        }
        SslHandler other = pipeline.get(SslHandler.class);
        if (other != null) {
            var _ = other.closeOutbound();
        }
    }

    // ---- control

    @Override
    public synchronized void reload() throws IOException {
        if (!closed) {
            replace(contexts(certificates, spec.ignoreErrors()));
        }
    }

    @Override
    public synchronized void load(List<CertificateSpec> others) throws IOException {
        if (!closed) {
            replace(contexts(others, false));
            certificates = List.copyOf(others);
        }
    }

    private void replace(ServerContexts fresh) {
        ServerContexts old = contexts;
        contexts = fresh;
        TicketFigures figures = old.figures();
        former = new TicketFigures(
                former.unknownKeys() + figures.unknownKeys(), former.inactiveKeys() + figures.inactiveKeys());
        old.release();
    }

    @Override
    void use(TicketKeys fresh) {
        if (spec.sessions().tickets() && !closed) {
            contexts.use(fresh);
        }
    }

    @Override
    public String configuredProvider() {
        return spec.provider();
    }

    @Override
    public String provider() {
        return library.word();
    }

    @Override
    public synchronized TicketFigures ticketFigures() {
        if (closed) {
            return former;
        }
        TicketFigures now = contexts.figures();
        return new TicketFigures(former.unknownKeys() + now.unknownKeys(), former.inactiveKeys() + now.inactiveKeys());
    }

    /** The listener is closed: handshakes that have not begun fail, connections go on. */
    @Override
    public synchronized void close() {
        if (!closed) {
            former = ticketFigures();
            closed = true;
            contexts.release();
        }
    }
}
