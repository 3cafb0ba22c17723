package dev.weir.engine.listen;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.kernel.KernelException;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.stat.Ewma;
import dev.weir.engine.stat.Tally;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** An address we listen on with one protocol, and what came and went there. Any thread. */
public final class Frontend {
    private final Endpoint address;
    private final Protocol protocol;
    private final boolean proxyProtocol;
    private final String networkInterface;
    private volatile boolean muted;
    private volatile boolean padsResponses;
    private IntSupplier socket = () -> -1;
    private @Nullable KernelFilter filter;

    private final Tally queries = new Tally();
    private final Tally responses = new Tally();
    private final Tally noncompliantQueries = new Tally();
    private final StreamCounters stream = new StreamCounters();
    private final @Nullable TlsCounters tls;
    private volatile @Nullable TlsControl tlsControl;
    private volatile @Nullable DnscryptCertificates dnscrypt;
    private final @Nullable HttpCounters http;
    private final @Nullable QuicCounters quic;
    private volatile List<HttpResponseRule> httpResponses = List.of();

    /** A frontend of any interface. */
    public Frontend(Endpoint address, Protocol protocol, boolean proxyProtocol) {
        this(address, protocol, proxyProtocol, "");
    }

    /**
     * @param proxyProtocol whether peers in {@code setProxyProtocolACL} must send a PROXY header here
     * @param networkInterface the interface that it was to be bound to; empty for any
     */
    public Frontend(Endpoint address, Protocol protocol, boolean proxyProtocol, String networkInterface) {
        this.address = address;
        this.protocol = protocol;
        this.proxyProtocol = proxyProtocol;
        this.networkInterface = networkInterface;
        this.http = protocol == Protocol.DOH || protocol == Protocol.DOH3 ? new HttpCounters() : null;
        this.quic = protocol.isQuic() ? new QuicCounters() : null;
        this.tls = protocol == Protocol.DOT || protocol == Protocol.DOH ? new TlsCounters() : null;
    }

    public Endpoint address() {
        return address;
    }

    public Protocol protocol() {
        return protocol;
    }

    /** What it is, in dnsdist's words. */
    public String type() {
        return switch (protocol) {
            case DO_UDP -> "UDP";
            case DO_TCP -> "TCP";
            case DNSCRYPT_UDP -> "UDP (DNSCrypt)";
            case DNSCRYPT_TCP -> "TCP (DNSCrypt)";
            case DOT -> "TCP (DNS over TLS)";
            case DOH -> tlsControl == null ? "TCP (DNS over HTTP)" : "TCP (DNS over HTTPS)";
            case DOQ -> "UDP (DNS over QUIC)";
            case DOH3 -> "UDP (DNS over HTTP/3)";
        };
    }

    public boolean proxyProtocol() {
        return proxyProtocol;
    }

    /** The interface that it was to be bound to; empty for any. */
    public String networkInterface() {
        return networkInterface;
    }

    /** A muted frontend processes queries and sends no answers. */
    public boolean muted() {
        return muted;
    }

    public void setMuted(boolean mute) {
        muted = mute;
    }

    /**
     * The socket is open.
     *
     * @param descriptor its number, -1 once it is closed
     * @param standing the packet filter that stands before it, null if none does
     */
    public synchronized void opened(IntSupplier descriptor, @Nullable KernelFilter standing) {
        socket = descriptor;
        filter = standing;
    }

    /** Puts a packet filter before the socket, in place of the one there is. */
    public synchronized void attach(KernelFilter newFilter) throws KernelException {
        newFilter.attach(descriptor());
        filter = newFilter;
    }

    /** Takes the packet filter away; nothing happens if there is none. */
    public synchronized void detach() throws KernelException {
        if (filter != null) {
            filter.detach(descriptor());
            filter = null;
        }
    }

    /** The packet filter before the socket. */
    public synchronized @Nullable KernelFilter filter() {
        return filter;
    }

    private int descriptor() throws KernelException {
        int descriptor = socket.getAsInt();
        if (descriptor < 0) {
            throw new KernelException(KernelException.Reason.FAILED, "the socket of " + address + " is not open");
        }
        return descriptor;
    }

    public Tally queries() {
        return queries;
    }

    public Tally responses() {
        return responses;
    }

    public Tally noncompliantQueries() {
        return noncompliantQueries;
    }

    public StreamCounters stream() {
        return stream;
    }

    /** What handshakes came to; null for a frontend without TLS over TCP. */
    public @Nullable TlsCounters tls() {
        return tls;
    }

    /** What came over HTTP; null for a frontend without. */
    public @Nullable HttpCounters http() {
        return http;
    }

    /** What came over QUIC; null for a frontend without. */
    public @Nullable QuicCounters quic() {
        return quic;
    }

    /** What requests over HTTP are answered with instead of DNS; the first whose path matches. */
    public List<HttpResponseRule> httpResponses() {
        return httpResponses;
    }

    /** Replaces them all. */
    public void setHttpResponses(List<HttpResponseRule> rules) {
        httpResponses = List.copyOf(rules);
    }

    /** Its certificates and keys; null if it has none. */
    public @Nullable TlsControl tlsControl() {
        return tlsControl;
    }

    /** The certificates of DNSCrypt that it serves; null if it speaks something else. */
    public @Nullable DnscryptCertificates dnscrypt() {
        return dnscrypt;
    }

    /** Said by the transport before anything is answered. */
    public void setDnscrypt(DnscryptCertificates certificates) {
        dnscrypt = certificates;
    }

    /** Whether answers get a length that says little of them (RFC 8467). */
    public boolean padsResponses() {
        return padsResponses;
    }

    /** Said by the transport before anything is answered. */
    public void setPadsResponses(boolean pads) {
        padsResponses = pads;
    }

    /** The transport has made them ready. */
    public void setTlsControl(TlsControl control) {
        tlsControl = control;
    }

    @Override
    public String toString() {
        return address.toString();
    }

    /** What the connections of a stream frontend went through. */
    public static final class StreamCounters {
        public final LongAdder diedReadingQuery = new LongAdder();
        public final LongAdder diedSendingResponse = new LongAdder();
        public final LongAdder gaveUp = new LongAdder();
        public final LongAdder clientTimeouts = new LongAdder();
        public final LongAdder downstreamTimeouts = new LongAdder();
        public final AtomicInteger currentConnections = new AtomicInteger();
        public final AtomicInteger maxConcurrentConnections = new AtomicInteger();
        public final Ewma queriesPerConnection = new Ewma(1.0 / 128);
        public final Ewma connectionMillis = new Ewma(1.0 / 128);
        public final Ewma readsPerConnection = new Ewma(1.0 / 128);

        private StreamCounters() {}

        /** A connection was accepted. */
        public void opened() {
            int now = currentConnections.incrementAndGet();
            maxConcurrentConnections.accumulateAndGet(now, Math::max);
        }

        /** A connection was closed after so many queries and so many reads from its socket. */
        public void closed(long queriesAsked, long millisOpen, long reads) {
            currentConnections.decrementAndGet();
            queriesPerConnection.add((double) queriesAsked);
            connectionMillis.add((double) millisOpen);
            readsPerConnection.add((double) reads);
        }
    }
}
