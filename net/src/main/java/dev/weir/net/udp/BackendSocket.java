package dev.weir.net.udp;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.BackendSpec;
import dev.weir.engine.model.LiveSettings;
import dev.weir.sys.InetEndpoint;
import dev.weir.sys.SendBatch;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UdpSocket;

/** One socket connected to a backend, with the queries that wait to be sent by it. Belongs to one agent's thread. */
final class BackendSocket implements AutoCloseable {
    private static final int BATCH = 64;
    private static final int TYPICAL_QUERY_BYTES = 128;

    private final UdpBackendLink link;
    private final UdpSocket socket;
    private final IpAddress local;
    private final SendBatch batch = new SendBatch(BATCH, TYPICAL_QUERY_BYTES, true);
    private long errorsSeen;

    private BackendSocket(UdpBackendLink link, UdpSocket socket, IpAddress local) {
        this.link = link;
        this.socket = socket;
        this.local = local;
    }

    static BackendSocket open(UdpBackendLink link, BackendSpec spec, LiveSettings settings) throws SyscallException {
        InetEndpoint peer = SocketAddresses.toSocket(spec.address());
        UdpSocket socket = UdpSocket.open(peer.family());
        try {
            configure(socket, spec, settings);
            socket.connect(peer);
            IpAddress local = SocketAddresses.fromSocket(socket.localEndpoint()).ip();
            return new BackendSocket(link, socket, local);
        } catch (SyscallException e) {
            socket.close();
            throw e;
        }
    }

    private static void configure(UdpSocket socket, BackendSpec spec, LiveSettings settings) throws SyscallException {
        if (!spec.source().networkInterface().isEmpty()) {
            socket.bindToDevice(spec.source().networkInterface());
        }
        SocketBuffers.configure(socket, settings);
        if (spec.source().dscp() != 0) {
            socket.trafficClass(spec.source().dscp() << 2);
        }
        IpAddress source = spec.source().address();
        if (source != null) {
            if (spec.source().bindNoPort()) {
                socket.bindAddressNoPort();
            }
            socket.bind(SocketAddresses.toSocket(source, 0));
        }
    }

    UdpBackendLink link() {
        return link;
    }

    UdpSocket socket() {
        return socket;
    }

    /** This host's address, which was fixed when the socket was connected. */
    IpAddress local() {
        return local;
    }

    boolean hasUnsent() {
        return !batch.isEmpty();
    }

    void add(byte[] packet, int length) {
        if (!batch.add(packet, 0, length)) {
            batch.flush(socket);
            batch.add(packet, 0, length);
        }
    }

    /** Sends what was added; returns how many queries could not be sent since the last call. */
    int flush() {
        batch.flush(socket);
        long errors = batch.errors() + batch.dropped();
        int more = (int) (errors - errorsSeen);
        errorsSeen = errors;
        return more;
    }

    int lastErrno() {
        return batch.lastErrno();
    }

    @Override
    public void close() {
        socket.close();
        batch.close();
    }
}
