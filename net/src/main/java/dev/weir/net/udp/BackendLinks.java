package dev.weir.net.udp;

import dev.weir.engine.backend.Backend;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.query.Query;
import dev.weir.engine.task.FaultGuard;
import dev.weir.engine.walk.Forwarder;
import dev.weir.engine.walk.ResponsePath;
import dev.weir.engine.walk.Worker;
import dev.weir.net.StreamForwarder;
import dev.weir.sys.Epoll;
import dev.weir.sys.ReceiveBatch;
import dev.weir.sys.SyscallException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One agent's links to all backends, made when a backend gets its first query. Belongs to the agent's thread. */
final class BackendLinks implements Forwarder {
    private static final int BATCH = 32;
    private static final FaultGuard LINKS = new FaultGuard("Error in the link to a backend", "net");

    /** The largest UDP payload, and a cache line, so that the slots of a batch do not all fall on the same lines. */
    private static final int SLOT_BYTES = 65_536 + 64;

    private final Worker worker;
    private final ResponsePath responses;
    private final LiveSettings settings;
    private final Epoll epoll;
    private final int firstTag;
    private final Supplier<@Nullable StreamForwarder> streams;

    private @Nullable UdpBackendLink[] links = new UdpBackendLink[16];
    private @Nullable BackendSocket[] sockets = new BackendSocket[16];
    private BackendSocket[] unsent = new BackendSocket[16];
    private int unsentCount;
    private boolean waiting;
    private @Nullable ReceiveBatch batch;

    /** @param firstTag the epoll tag of the first backend socket; the following ones are ours too */
    BackendLinks(
            Worker worker,
            ResponsePath responses,
            LiveSettings settings,
            Epoll epoll,
            int firstTag,
            Supplier<@Nullable StreamForwarder> streams) {
        this.worker = worker;
        this.responses = responses;
        this.settings = settings;
        this.epoll = epoll;
        this.firstTag = firstTag;
        this.streams = streams;
    }

    @Override
    public boolean forward(Query query, Backend backend) {
        if (backend.isRemoved()) {
            return false;
        }
        if (backend.spec().tcp().only()) {
            StreamForwarder forwarder = streams.get();
            return forwarder != null && forwarder.forward(query, backend);
        }
        UdpBackendLink link = link(backend);
        if (link.backend() != backend) {
            return false;
        }
        waiting = true;
        return link.forward(query);
    }

    /** The link to a backend. One to another backend has its index since this one was removed, a moment ago. */
    private UdpBackendLink link(Backend backend) {
        int index = backend.index();
        if (index >= links.length) {
            links = Arrays.copyOf(links, Math.max(index + 1, 2 * links.length));
        }
        UdpBackendLink link = links[index];
        if (link != null && link.backend().isRemoved()) {
            links[index] = null;
            LINKS.run(link::close);
            link = null;
        }
        if (link == null) {
            link = new UdpBackendLink(backend, worker, responses, this, settings);
            links[index] = link;
        }
        return link;
    }

    /** Puts a packet into the batch of a socket, which {@link #flush} sends. */
    void add(BackendSocket socket, byte[] packet, int length) {
        if (!socket.hasUnsent()) {
            if (unsentCount == unsent.length) {
                unsent = Arrays.copyOf(unsent, 2 * unsentCount);
            }
            unsent[unsentCount++] = socket;
        }
        socket.add(packet, length);
    }

    /** Sends all that was forwarded since the last call. */
    void flush() {
        for (int i = 0; i < unsentCount; i++) {
            try {
                BackendSocket socket = unsent[i];
                int failed = socket.flush();
                if (failed > 0) {
                    socket.link().sendFailed(socket, failed);
                }
            } catch (Throwable e) {
                LINKS.caught(e);
            }
        }
        unsentCount = 0;
    }

    /** Takes the answers that wait at the socket of this epoll tag to their clients. */
    void receive(int tag, byte[] buffer) {
        BackendSocket socket = sockets[tag - firstTag];
        if (socket == null) {
            return;
        }
        ReceiveBatch slots = batch;
        if (slots == null) {
            slots = batch = new ReceiveBatch(BATCH, SLOT_BYTES);
        }
        socket.link().receive(socket, slots, buffer);
    }

    /** Whether queries may be in flight, so that {@link #tick} is needed soon. */
    boolean isWaiting() {
        return waiting;
    }

    /** A few times a second: ends waits that took too long, replaces sockets that lead nowhere, and closes links to backends that were removed. */
    void tick() {
        waiting = false;
        for (int i = 0; i < links.length; i++) {
            UdpBackendLink link = links[i];
            if (link == null) {
                continue;
            }
            try {
                link.tick();
            } catch (Throwable e) {
                LINKS.caught(e);
            }
            if (link.backend().isRemoved()) {
                links[i] = null;
                LINKS.run(link::close);
            } else {
                waiting |= link.inFlight() > 0;
            }
        }
    }

    /** Replaces the sockets to a backend that came up again. */
    void reopen(Backend backend) {
        UdpBackendLink link = backend.index() < links.length ? links[backend.index()] : null;
        if (link != null && link.backend() == backend) {
            flush();
            link.reopen();
        }
    }

    void close() {
        for (UdpBackendLink link : links) {
            if (link != null) {
                link.close();
            }
        }
        if (batch != null) {
            batch.close();
        }
    }

    // ---- sockets of the links

    BackendSocket open(UdpBackendLink link, BackendSpec spec, LiveSettings socketSettings) throws SyscallException {
        BackendSocket socket = BackendSocket.open(link, spec, socketSettings);
        int place = freePlace();
        try {
            epoll.add(socket.socket().fd(), Epoll.READABLE, firstTag + place);
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
        sockets[place] = socket;
        return socket;
    }

    private int freePlace() {
        for (int i = 0; i < sockets.length; i++) {
            if (sockets[i] == null) {
                return i;
            }
        }
        int place = sockets.length;
        sockets = Arrays.copyOf(sockets, 2 * place);
        return place;
    }

    /** Closes a socket with nothing unsent, or whose unsent queries nobody waits for. */
    void close(BackendSocket socket) {
        for (int i = 0; i < sockets.length; i++) {
            if (sockets[i] == socket) {
                sockets[i] = null;
            }
        }
        for (int i = 0; i < unsentCount; i++) {
            if (unsent[i] == socket) {
                unsent[i] = unsent[--unsentCount];
            }
        }
        socket.close();
    }
}
