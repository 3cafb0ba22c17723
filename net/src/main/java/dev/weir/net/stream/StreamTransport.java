package dev.weir.net.stream;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.listen.ConnectionReport;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.listen.StreamSpec;
import dev.weir.engine.listen.TlsSpec;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.query.Query;
import dev.weir.net.StreamAsker;
import dev.weir.net.StreamForwarder;
import dev.weir.net.Transport;
import dev.weir.net.tls.ServerTls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * DNS over TCP, for clients and for backends. In this order: {@link #open} each listener, {@link #start}, {@link #close}.
 *
 * <p>Event loops are made in the background when {@link #start} has a listener to serve, or when the first check or datagram's query goes to a
 * stream backend: loading Netty never delays the caller. Connections and queries that come before wait. Where they cannot be made, for want of
 * descriptors or memory, queries are refused and it is tried again a second later. Any thread.
 */
public final class StreamTransport implements StreamForwarder, StreamAsker, Transport, ConnectionReport {
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Model model;
    private final Supplier<StreamLoops> maker;
    private final List<StreamListener> listeners = new ArrayList<>();
    private final List<StreamListener> notStarted = new ArrayList<>();
    private final List<QuicListener> quicListeners = new ArrayList<>();
    private final List<QuicListener> quicNotStarted = new ArrayList<>();
    /** Queries from other threads that no loop has taken yet; bounded as connections on their way to a loop are. */
    private final AtomicInteger handedOver = new AtomicInteger();

    /** The loops, made or in the making; null before that and when it failed. */
    private @Nullable CompletableFuture<StreamLoops> loops;

    private long failedNanos;
    private boolean started;
    private boolean everFailed;
    private boolean needTold;
    private boolean closed;

    public StreamTransport(Model model) {
        this(model, () -> new StreamLoops(model.engine(), model.settings(), DescriptorBudget.of(model)));
    }

    StreamTransport(Model model, Supplier<StreamLoops> maker) {
        this.model = model;
        this.maker = maker;
        model.engine().setConnections(this);
    }

    @Override
    public @Nullable Frontend open(ListenSpec spec) throws IOException {
        return switch (spec) {
            case ListenSpec.Plain plain ->
                plain.tcp() == null ? null : open(plain.socket(), plain.tcp()).frontend();
            case ListenSpec.Dnscrypt dnscrypt -> open(opening(dnscrypt, null)).frontend();
            case ListenSpec.Tls tls -> open(tls, tls.tls(), List.of("dot"));
            case ListenSpec.Https https -> open(https, https.tls(), List.of("h2", "http/1.1"));
            case ListenSpec.Quic quic -> openQuic(quic);
        };
    }

    private @Nullable Frontend open(ListenSpec spec, @Nullable TlsSpec secure, List<String> protocols)
            throws IOException {
        NettySettings.apply();
        ServerTls tls = null;
        try {
            tls = secure == null ? null : ServerTls.open(secure, protocols);
        } catch (IOException e) {
            if (secure == null || !secure.ignoreErrors()) {
                throw e;
            }
            Log.warning(
                    "A listener is left out, as its TLS can't be set up",
                    "net",
                    "frontend.address",
                    spec.address(),
                    "error",
                    e);
            return null;
        }
        if (tls != null) {
            tls.tellOfKeys(model.engine().ticketKeys());
        }
        return open(opening(spec, tls)).frontend();
    }

    private synchronized Frontend openQuic(ListenSpec.Quic spec) throws IOException {
        NettySettings.apply();
        QuicListener listener = QuicListener.open(spec, model.settings());
        listener.tls().tellOfKeys(model.engine().ticketKeys());
        quicListeners.add(listener);
        quicNotStarted.add(listener);
        model.engine().addFrontend(listener.frontend());
        if (started) {
            start();
        }
        return listener.frontend();
    }

    private static StreamListener.Opening opening(ListenSpec spec, @Nullable ServerTls tls) {
        return switch (spec) {
            case ListenSpec.Https https ->
                new StreamListener.Opening(
                        https.socket(), https.additional(), https.stream(), Protocol.DOH, tls, https.http(), null);
            case ListenSpec.Tls dot ->
                new StreamListener.Opening(dot.socket(), dot.additional(), dot.stream(), Protocol.DOT, tls, null, null);
            case ListenSpec.Dnscrypt dnscrypt ->
                new StreamListener.Opening(
                        dnscrypt.socket(),
                        List.of(),
                        dnscrypt.stream(),
                        Protocol.DNSCRYPT_TCP,
                        null,
                        null,
                        dnscrypt.certificates());
            case ListenSpec.Plain plain -> throw new IllegalArgumentException(plain.toString());
            case ListenSpec.Quic quic -> throw new IllegalArgumentException(quic.toString());
        };
    }

    synchronized StreamListener open(SocketSpec socket, StreamSpec spec) throws IOException {
        return open(new StreamListener.Opening(socket, List.of(), spec, Protocol.DO_TCP, null, null, null));
    }

    private synchronized StreamListener open(StreamListener.Opening what) throws IOException {
        StreamListener listener = StreamListener.open(what, model.filters());
        listeners.add(listener);
        notStarted.add(listener);
        model.engine().addFrontend(listener.frontend());
        if (started) {
            start();
        }
        return listener;
    }

    /** Not over QUIC: what comes for a connection would reach the other socket, which does not know it. */
    @Override
    public synchronized boolean share(Frontend frontend) {
        return quicListeners.stream().noneMatch(listener -> listener.frontend() == frontend)
                && listeners.stream().allMatch(listener -> listener.frontend() != frontend || listener.share());
    }

    @Override
    public synchronized void hold() {
        started = false;
    }

    @Override
    public synchronized void start() {
        started = true;
        if (!needTold && !notStarted.isEmpty()) {
            needTold = true;
            DescriptorNeed.check(model, listeners);
        }
        boolean nothing = notStarted.isEmpty() && quicNotStarted.isEmpty();
        CompletableFuture<StreamLoops> known = closed || nothing ? null : loops();
        if (known != null) {
            var _ = known.thenAccept(ready -> {
                ready.accept(taken(notStarted));
                ready.serve(taken(quicNotStarted));
            });
        }
    }

    private synchronized <T> List<T> taken(List<T> waiting) {
        List<T> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    @Override
    public boolean forward(Query query, Backend backend) {
        CompletableFuture<StreamLoops> known;
        synchronized (this) {
            known = closed ? null : loops();
        }
        int most = model.settings().number(Setting.MAX_TCP_QUEUED_CONNECTIONS);
        if (known == null || query.length() > Connection.MAX_MESSAGE || most > 0 && handedOver.get() >= most) {
            return false;
        }
        Flight flight = new Flight(query, backend);
        query.keepQuestion();
        handedOver.incrementAndGet();
        var _ = known.whenComplete((ready, failure) -> {
            if (ready != null) {
                ready.forward(flight, handedOver);
            } else {
                handedOver.decrementAndGet();
                query.origin().replyPort().abandon(query);
            }
        });
        return true;
    }

    @Override
    public void ask(Backend backend, byte[] request, long timeoutNanos, Reply reply) {
        CompletableFuture<StreamLoops> known;
        synchronized (this) {
            known = closed ? null : loops();
        }
        if (known == null) {
            reply.failed(new IOException("streams are out of order"));
            return;
        }
        var _ = known.whenComplete((ready, failure) -> {
            if (ready != null) {
                ready.ask(backend, request, timeoutNanos, reply);
            } else {
                reply.failed(failure);
            }
        });
    }

    private @Nullable StreamLoops readyLoops() {
        CompletableFuture<StreamLoops> known;
        synchronized (this) {
            known = loops;
        }
        return known == null || known.isCompletedExceptionally() ? null : known.getNow(null);
    }

    @Override
    public int outgoingTlsSessions() {
        StreamLoops ready = readyLoops();
        return ready == null ? 0 : ready.outgoingTlsSessions();
    }

    @Override
    public void logConnections(boolean overHttp) {
        StreamLoops ready = readyLoops();
        if (ready != null) {
            ready.logConnections(overHttp);
        }
    }

    private @Nullable CompletableFuture<StreamLoops> loops() {
        boolean mayTry = !everFailed || System.nanoTime() - failedNanos >= RETRY_NANOS;
        if (loops == null && mayTry) {
            CompletableFuture<StreamLoops> promise = new CompletableFuture<>();
            loops = promise;
            Thread.ofPlatform().daemon().name("weir-streams").start(() -> make(promise));
        }
        return loops;
    }

    private void make(CompletableFuture<StreamLoops> promise) {
        try {
            promise.complete(maker.get());
        } catch (Throwable e) {
            Log.error("Streams are out of order", "net", "error", e.toString());
            synchronized (this) {
                failedNanos = System.nanoTime();
                everFailed = true;
                loops = null;
            }
            promise.completeExceptionally(e);
            LockSupport.parkNanos(RETRY_NANOS);
            start();
        }
    }

    /** The loops once they are there; for tests. */
    StreamLoops awaitLoops() {
        CompletableFuture<StreamLoops> known;
        synchronized (this) {
            known = Objects.requireNonNull(loops());
        }
        return known.join();
    }

    @Override
    public void close(Frontend frontend) {
        StreamListener leaving = null;
        QuicListener quic = null;
        CompletableFuture<StreamLoops> known;
        synchronized (this) {
            for (QuicListener listener : quicListeners) {
                quic = listener.frontend() == frontend ? listener : quic;
            }
            quicListeners.remove(quic);
            quicNotStarted.remove(quic);
            for (StreamListener listener : listeners) {
                leaving = listener.frontend() == frontend ? listener : leaving;
            }
            listeners.remove(leaving);
            notStarted.remove(leaving);
            known = loops;
        }
        if (quic != null) {
            model.engine().removeFrontend(frontend);
            quic.close();
        }
        if (leaving == null) {
            return;
        }
        model.engine().removeFrontend(frontend);
        leaving.close();
        if (known != null) {
            // Whoever is connected gets what it has asked for.
            var _ = known.thenAccept(StreamLoops::leaveClosedListeners);
        }
    }

    /** Closes all listeners and connections; returns when the threads have ended. */
    @Override
    public void close() {
        CompletableFuture<StreamLoops> known;
        List<StreamListener> all;
        List<QuicListener> quic;
        synchronized (this) {
            closed = true;
            known = loops;
            all = List.copyOf(listeners);
            quic = List.copyOf(quicListeners);
        }
        if (known != null) {
            try {
                known.join().close();
            } catch (CompletionException e) {
                Log.debug("Streams had not started", "net");
            }
        }
        all.forEach(StreamListener::close);
        quic.forEach(QuicListener::close);
    }
}
