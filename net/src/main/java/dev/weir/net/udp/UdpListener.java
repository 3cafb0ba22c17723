package dev.weir.net.udp;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.kernel.KernelFilters;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.model.Tuning;
import dev.weir.net.ListenOptions;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UdpSocket;
import java.io.IOException;

/**
 * A bound client socket and the frontend it stands for. Datagrams that arrive before its agent runs wait in the socket's buffer.
 *
 * @param wildcard bound to 0.0.0.0 or ::, so that answers must name the address the query was sent to
 */
record UdpListener(SocketSpec spec, Frontend frontend, UdpSocket socket, boolean wildcard) {
    /**
     * Binds, behind the standard packet filter if there is one.
     *
     * @throws SyscallException naming the address, as in {@code bind(192.0.2.1:53): EADDRINUSE: ...}
     */
    static UdpListener open(SocketSpec spec, Tuning tuning, KernelFilters filters) throws IOException {
        dev.weir.sys.InetEndpoint address = SocketAddresses.toSocket(spec.address());
        UdpSocket socket = UdpSocket.open(address.family());
        try {
            configure(socket, spec, tuning, address.isWildcard());
            KernelFilter filter = filters.attachStandard(socket.fd().number());
            socket.bind(address);
            Endpoint bound = SocketAddresses.fromSocket(socket.localEndpoint());
            Frontend frontend = new Frontend(bound, Protocol.DO_UDP, spec.proxyProtocol(), spec.networkInterface());
            frontend.opened(socket.fd()::number, filter);
            return new UdpListener(spec, frontend, socket, address.isWildcard());
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
