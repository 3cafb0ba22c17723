package dev.weir.net.udp;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.model.Model;
import dev.weir.net.StreamForwarder;
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
public final class UdpTransport implements AutoCloseable {
    private final Model model;
    private final List<UdpAgent> agents = new ArrayList<>();
    private volatile @Nullable StreamForwarder streams;
    private boolean started;

    public UdpTransport(Model model) {
        this.model = model;
    }

    /** Sets the way to backends that are only reachable over TCP; until then queries for them fail. */
    public void forwardStreamsTo(StreamForwarder forwarder) {
        streams = forwarder;
    }

    /**
     * Binds a socket; queries wait in it until {@link #start}, or are answered at once if that was called before.
     *
     * @return the frontend, already known to the engine; with port 0 in the description it has the port the kernel chose
     * @throws SyscallException naming call and address, as in {@code bind(192.0.2.1:53): EADDRINUSE: address already in use}
     * @throws IOException if the standard packet filter can't stand before the socket
     */
    public synchronized Frontend open(SocketSpec spec) throws IOException {
        UdpListener listener = UdpListener.open(spec, model.tuning(), model.filters());
        UdpAgent agent;
        try {
            agent = new UdpAgent(listener, model, () -> streams, "udp-" + agents.size());
        } catch (SyscallException e) {
            listener.socket().close();
            throw e;
        }
        agents.add(agent);
        model.engine().addFrontend(listener.frontend());
        if (started) {
            agent.start();
        }
        return listener.frontend();
    }

    /** Starts a thread per listener. */
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

    /** Ends the threads and closes the sockets; queries in flight are not answered. */
    @Override
    public synchronized void close() {
        boolean interrupted = false;
        for (UdpAgent agent : agents) {
            try {
                agent.close();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        agents.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
