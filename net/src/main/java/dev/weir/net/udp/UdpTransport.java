package dev.weir.net.udp;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.log.Log;
import dev.weir.engine.model.Model;
import dev.weir.net.StreamForwarder;
import dev.weir.net.Transport;
import dev.weir.sys.SyscallException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All UDP listeners of the process. Opening binds the sockets, which may need privileges; starting begins to answer. Several listeners on
 * one address, with {@code reusePort}, share its load.
 *
 * <pre>{@code
 * UdpTransport udp = new UdpTransport(model);
 * udp.open(spec);                     // before privileges are dropped and health checks run
 * udp.forwardStreamsTo(streams);      // the way to tcpOnly backends
 * udp.start();
 * ...
 * udp.close();
 * }</pre>
 *
 * <p>The threads are daemons: the process ends when its main thread does, even after a failed start, and {@link #close} ends them in order.
 * One thread opens, starts and closes.
 */
public final class UdpTransport implements Transport {
    private final Model model;
    private final List<UdpAgent> agents = new ArrayList<>();
    private volatile @Nullable StreamForwarder streams;
    private boolean started;
    private int opened;

    public UdpTransport(Model model) {
        this.model = model;
    }

    /** Sets the way to backends that are only reachable over TCP; until then queries for them fail. */
    public void forwardStreamsTo(StreamForwarder forwarder) {
        streams = forwarder;
    }

    @Override
    public @Nullable Frontend open(ListenSpec spec) throws IOException {
        return switch (spec) {
            case ListenSpec.Plain plain -> open(plain.socket());
            case ListenSpec.Dnscrypt dnscrypt -> open(UdpListener.open(dnscrypt, model));
            case ListenSpec.Tls tls -> null;
            case ListenSpec.Https https -> null;
            case ListenSpec.Quic quic -> null;
        };
    }

    Frontend open(SocketSpec spec) throws IOException {
        return open(UdpListener.open(spec, model));
    }

    private synchronized Frontend open(UdpListener listener) throws IOException {
        UdpAgent agent;
        try {
            agent = new UdpAgent(listener, model, () -> streams, "udp-" + opened);
        } catch (SyscallException e) {
            listener.port().close();
            throw e;
        }
        opened++;
        agents.add(agent);
        model.engine().addFrontend(listener.frontend());
        if (started) {
            agent.start();
        }
        return listener.frontend();
    }

    @Override
    public synchronized boolean share(Frontend frontend) {
        return agents.stream().allMatch(agent -> agent.frontend() != frontend || agent.share());
    }

    @Override
    public synchronized void hold() {
        started = false;
    }

    /** Starts a thread per listener. */
    @Override
    public synchronized void start() {
        if (!started) {
            started = true;
            agents.forEach(UdpAgent::start);
        }
    }

    /** Replaces the sockets to a backend, as {@code reconnectOnUp} asks for when it comes up again. Any thread. */
    public synchronized void reopen(Backend backend) {
        agents.forEach(agent -> agent.reopen(backend));
    }

    /** The threads of the listeners, in the order they were opened. */
    synchronized List<Thread> threads() {
        return agents.stream().map(UdpAgent::thread).toList();
    }

    @Override
    public void close(Frontend frontend) {
        UdpAgent leaving = null;
        synchronized (this) {
            for (UdpAgent agent : agents) {
                leaving = agent.frontend() == frontend ? agent : leaving;
            }
            agents.remove(leaving);
        }
        if (leaving != null) {
            model.engine().removeFrontend(frontend);
            close(leaving, leaving::drain);
        }
    }

    @FunctionalInterface
    private interface Ending {
        void end() throws InterruptedException;
    }

    private static void close(UdpAgent agent, Ending ending) {
        try {
            ending.end();
        } catch (InterruptedException e) {
            Log.warning(
                    "A listener was not waited for",
                    "net",
                    "frontend.address",
                    agent.frontend().address());
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        agents.forEach(agent -> close(agent, agent::close));
        agents.clear();
    }
}
