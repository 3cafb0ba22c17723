package dev.weir.net.stream;

import dev.weir.engine.ListenSpec;
import dev.weir.engine.Model;
import dev.weir.engine.Query;
import dev.weir.engine.log.Log;
import dev.weir.engine.pool.Backend;
import dev.weir.net.StreamForwarder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * DNS over TCP, for clients and for backends. In this order: {@link #open} each listener, {@link #start}, {@link #close}.
 *
 * <p>Event loops are made in the background when {@link #start} has a listener to serve, or when the first datagram's query goes to a stream
 * backend: loading Netty never delays the caller. Connections and queries that come before wait. Any thread.
 */
public final class StreamTransport implements StreamForwarder, AutoCloseable {
    private final Model model;
    private final List<StreamListener> listeners = new ArrayList<>();
    private final List<StreamListener> notStarted = new ArrayList<>();
    /** Queries from other threads that no loop has taken yet; bounded as connections on their way to a loop are. */
    private final AtomicInteger handedOver = new AtomicInteger();

    private @Nullable CompletableFuture<StreamLoops> loops;
    private boolean closed;

    public StreamTransport(Model model) {
        this.model = model;
    }

    /**
     * Binds a listener and adds its frontend to the engine; nobody is served before {@link #start}.
     *
     * @throws IOException if the address cannot be bound; the message names it
     */
    public synchronized StreamListener open(ListenSpec spec) throws IOException {
        StreamListener listener = StreamListener.open(spec, model.filters());
        listeners.add(listener);
        notStarted.add(listener);
        model.engine().addFrontend(listener.frontend());
        return listener;
    }

    /** Accepts connections on all open listeners from now on; to be called again for those opened later. */
    public synchronized void start() {
        if (!notStarted.isEmpty()) {
            List<StreamListener> all = List.copyOf(notStarted);
            notStarted.clear();
            var _ = loops().thenAccept(ready -> ready.accept(all)).exceptionally(StreamTransport::failed);
        }
    }

    @Override
    public boolean forward(Query query, Backend backend) {
        CompletableFuture<StreamLoops> known;
        synchronized (this) {
            if (closed) {
                return false;
            }
            known = loops();
        }
        int most = model.tuning().maxTcpQueuedConnections;
        if (query.length() > Connection.MAX_MESSAGE || most > 0 && handedOver.get() >= most) {
            return false;
        }
        Flight flight = new Flight(query, backend);
        query.keepQuestion();
        handedOver.incrementAndGet();
        var _ = known.thenAccept(ready -> ready.forward(flight, handedOver)).exceptionally(StreamTransport::failed);
        return true;
    }

    private static @Nullable Void failed(Throwable cause) {
        Log.error("Streams are out of order", "net", "error", cause);
        return null;
    }

    private CompletableFuture<StreamLoops> loops() {
        if (loops == null) {
            loops = new CompletableFuture<>();
            CompletableFuture<StreamLoops> promise = loops;
            Thread.ofPlatform().daemon().name("weir-streams").start(() -> {
                try {
                    promise.complete(new StreamLoops(model.engine(), model.tuning()));
                } catch (RuntimeException | Error e) {
                    promise.completeExceptionally(e);
                }
            });
        }
        return loops;
    }

    /** The loops once they are there; for tests. */
    StreamLoops awaitLoops() {
        CompletableFuture<StreamLoops> known;
        synchronized (this) {
            known = loops();
        }
        return known.join();
    }

    /** Closes all listeners and connections; returns when the threads have ended. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (loops != null) {
            try {
                loops.join().close();
            } catch (CompletionException e) {
                Log.debug("Streams had not started", "net");
            }
        }
        for (StreamListener listener : listeners) {
            listener.close();
        }
    }
}
