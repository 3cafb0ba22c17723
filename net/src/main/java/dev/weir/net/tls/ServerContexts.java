package dev.weir.net.tls;

import dev.weir.engine.listen.TlsControl.TicketFigures;
import dev.weir.engine.listen.TlsSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The contexts of one listener, one for each set of names, made from one state of its files. Certificates for the same names stand in one
 * context, which chooses by what the client can verify. Connections keep the context that they began with; {@link #release} lets the others go.
 * Any thread.
 */
final class ServerContexts {
    private final List<ServerContext> all = new ArrayList<>();
    private final Map<String, ServerContext> byName = new HashMap<>();

    private ServerContexts() {}

    /**
     * What a set of contexts is made of.
     *
     * @param staples answers of OCSP for the certificates, by their places; may be fewer
     * @param protocols of the application, the preferred one first (ALPN)
     */
    record Parts(
            List<ServerCertificate> certificates,
            List<byte[]> staples,
            List<String> protocols,
            @Nullable KeyLog keyLog) {}

    /** @throws IOException saying what the library does not take */
    static ServerContexts make(TlsSpec spec, TlsLibrary library, Parts parts) throws IOException {
        ServerContexts contexts = new ServerContexts();
        try {
            Map<Set<String>, List<Integer>> groups = new LinkedHashMap<>();
            for (int i = 0; i < parts.certificates.size(); i++) {
                groups.computeIfAbsent(parts.certificates.get(i).names(), names -> new ArrayList<>())
                        .add(i);
            }
            for (Map.Entry<Set<String>, List<Integer>> group : groups.entrySet()) {
                ServerContext context = context(spec, library, group.getValue(), parts);
                contexts.all.add(context);
                group.getKey().forEach(name -> contexts.byName.putIfAbsent(name, context));
            }
            return contexts;
        } catch (IOException | RuntimeException e) {
            contexts.release();
            throw e instanceof IOException known ? known : new IOException("TLS can't be set up: " + e.getMessage(), e);
        }
    }

    private static ServerContext context(TlsSpec spec, TlsLibrary library, List<Integer> places, Parts parts)
            throws IOException {
        if (library != TlsLibrary.BORINGSSL) {
            return JdkContext.make(spec, parts.certificates.get(places.getFirst()), parts);
        }
        List<ServerCertificate> certificates = new ArrayList<>();
        List<byte @Nullable []> staples = new ArrayList<>();
        for (int place : places) {
            certificates.add(parts.certificates.get(place));
            staples.add(place < parts.staples.size() ? parts.staples.get(place) : null);
        }
        return BoringContext.make(spec, certificates, staples, parts);
    }

    /** Has tickets made and taken with these keys. */
    void use(TicketKeys keys) {
        all.forEach(context -> context.use(keys));
    }

    /** The context for the name that a client asks for; the first one if it asks for none, or for one that nobody has. */
    ServerContext select(@Nullable String name) {
        return NameChoice.choose(all, byName, name);
    }

    /** What became of tickets so far. */
    TicketFigures figures() {
        long unknown = 0;
        long inactive = 0;
        for (ServerContext context : all) {
            TicketFigures its = context.figures();
            unknown += its.unknownKeys();
            inactive += its.inactiveKeys();
        }
        return new TicketFigures(unknown, inactive);
    }

    /** Nobody begins with these contexts any more. */
    void release() {
        all.forEach(ServerContext::release);
    }
}
