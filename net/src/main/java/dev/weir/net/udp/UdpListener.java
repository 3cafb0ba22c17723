package dev.weir.net.udp;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Tuning;
import dev.weir.engine.walk.DatagramPort;
import dev.weir.net.ListenOptions;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UdpSocket;
import java.io.IOException;

/** Where datagrams of clients come in, and the frontend that stands for it. What arrives before its agent runs waits in the socket's buffer. */
record UdpListener(SocketSpec spec, Frontend frontend, DatagramPort port) {
    /** Datagrams per system call. */
    static final int BATCH = 64;

    /** The longest plain query taken; the PROXY header's most comes on top. */
    private static final int QUERY_BYTES = 1536;

    /**
     * Binds, behind the standard packet filter if there is one.
     *
     * @throws SyscallException naming the address, as in {@code bind(192.0.2.1:53): EADDRINUSE: ...}
     */
    static UdpListener open(SocketSpec spec, Model model) throws IOException {
        dev.weir.sys.InetEndpoint address = SocketAddresses.toSocket(spec.address());
        UdpSocket socket = UdpSocket.open(address.family());
        try {
            configure(socket, spec, model.tuning(), address.isWildcard());
            KernelFilter filter = model.filters().attachStandard(socket.fd().number());
            socket.bind(address);
            Endpoint bound = SocketAddresses.fromSocket(socket.localEndpoint());
            Frontend frontend = new Frontend(bound, Protocol.DO_UDP, spec.proxyProtocol(), spec.networkInterface());
            frontend.opened(socket.fd()::number, filter);
            int proxyBytes = model.engine().snapshot().settings().proxyMaximumPayloadSize();
            SocketPort port = new SocketPort(socket, bound, address.isWildcard(), BATCH, QUERY_BYTES + proxyBytes);
            return new UdpListener(spec, frontend, port);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void configure(UdpSocket socket, SocketSpec spec, Tuning tuning, boolean wildcard)
            throws SyscallException {
        if (spec.reusePort()) {
            socket.reusePort();
        }
        ListenOptions.wish(spec, socket::freeBind);
        ListenOptions.bindToDevice(socket, spec);
        SocketBuffers.configure(socket, tuning);
        if (wildcard) {
            socket.receivePacketInfo();
        }
        ListenOptions.wish(spec, socket::ignorePathMtu);
    }
}
