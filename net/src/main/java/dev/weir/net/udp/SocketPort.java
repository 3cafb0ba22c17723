package dev.weir.net.udp;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.log.Log;
import dev.weir.engine.walk.DatagramPort;
import dev.weir.sys.DatagramPath;
import dev.weir.sys.Errno;
import dev.weir.sys.ReceiveBatch;
import dev.weir.sys.SendBatch;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UdpSocket;

/** A bound socket, with one system call per batch. */
final class SocketPort implements DatagramPort {
    private static final int TYPICAL_ANSWER_BYTES = 1024;

    private final UdpSocket socket;
    private final Endpoint address;

    /** Bound to 0.0.0.0 or ::, so that answers must name the address the query was sent to. */
    private final boolean wildcard;

    private final ReceiveBatch received;
    private final SendBatch answers;
    private final DatagramPath path = new DatagramPath();
    private final Object closing = new Object();
    private long failuresSeen;
    private boolean closed;

    /**
     * @param socket is closed with the port
     * @param address that it is bound to
     * @param slots datagrams per call
     * @param queryBytes the longest query taken
     */
    SocketPort(UdpSocket socket, Endpoint address, boolean wildcard, int slots, int queryBytes) {
        this.socket = socket;
        this.address = address;
        this.wildcard = wildcard;
        received = new ReceiveBatch(slots, queryBytes);
        answers = new SendBatch(slots, TYPICAL_ANSWER_BYTES, true);
    }

    @Override
    public int descriptor() {
        return socket.fd().number();
    }

    @Override
    public int receive() {
        return received.receive(socket);
    }

    @Override
    public int read(int slot, byte[] to, Peer client, Peer local) {
        int family = received.sourceFamily(slot);
        client.set(
                family,
                received.sourceHi(slot),
                received.sourceLo(slot),
                received.sourcePort(slot),
                received.sourceScopeId(slot));
        if (wildcard) {
            local.set(family, received.localHi(slot), received.localLo(slot), address.port(), 0);
        } else {
            local.set(address);
        }
        return received.copyPayload(slot, to, 0);
    }

    @Override
    public boolean truncated(int slot) {
        return received.truncated(slot);
    }

    @Override
    public void add(byte[] packet, int length, Peer to, Peer from) {
        if (!tryAdd(packet, length, to, from)) {
            answers.flush(socket);
            tryAdd(packet, length, to, from);
        }
    }

    private boolean tryAdd(byte[] packet, int length, Peer to, Peer from) {
        return answers.add(packet, 0, length, fill(path, to, from));
    }

    private DatagramPath fill(DatagramPath empty, Peer to, Peer from) {
        empty.to(to.family(), to.hi(), to.lo(), to.port(), to.scope());
        return wildcard ? empty.from(from.hi(), from.lo(), 0) : empty;
    }

    @Override
    public int flush() {
        if (!answers.isEmpty()) {
            answers.flush(socket);
        }
        long failures = answers.errors() + answers.dropped();
        if (failures == failuresSeen) {
            return 0;
        }
        failuresSeen = failures;
        int errno = answers.lastErrno();
        return errno == 0 ? Errno.EAGAIN : errno;
    }

    @Override
    public int send(byte[] packet, int length, Peer to, Peer from) {
        int sent;
        synchronized (closing) {
            if (closed) {
                return 0;
            }
            sent = socket.send(packet, 0, length, fill(new DatagramPath(), to, from));
        }
        return sent < 0 ? -sent : 0;
    }

    @Override
    public boolean share() {
        try {
            socket.reusePort();
            return true;
        } catch (SyscallException e) {
            return false;
        }
    }

    /** A connected socket gets datagrams of its peer alone, and may send to others: udp(7). This one's peer is itself. */
    @Override
    public void receiveNoMore() {
        Endpoint self = wildcard
                ? new Endpoint(IpAddress.parse(address.ip().isV4() ? "127.0.0.1" : "::1"), address.port())
                : address;
        try {
            socket.connect(SocketAddresses.toSocket(self));
        } catch (SyscallException e) {
            Log.debug("A listener goes on to receive while it is closed", "net", "error", e.getMessage());
        }
    }

    @Override
    public void close() {
        synchronized (closing) {
            closed = true;
            socket.close();
        }
        received.close();
        answers.close();
    }
}
