package dev.weir.net.udp;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.kernel.KernelFilter;
import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import dev.weir.engine.listen.Protocol;
import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.model.LiveSettings;
import dev.weir.engine.model.Model;
import dev.weir.engine.model.Setting;
import dev.weir.engine.walk.DatagramPort;
import dev.weir.engine.walk.SealedQueries;
import dev.weir.net.ListenOptions;
import dev.weir.net.dnscrypt.DnscryptQueries;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UdpSocket;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where datagrams of clients come in, and the frontend that stands for it. What arrives before its agent runs waits in the socket's buffer.
 *
 * @param sealed opens the queries, where they come encrypted; null where they don't
 */
record UdpListener(
        SocketSpec spec,
        Frontend frontend,
        DatagramPort port,
        @Nullable SealedQueries sealed) {
    /** Datagrams per system call. */
    static final int BATCH = 64;

    /** The longest plain query taken; the PROXY header's most comes on top. */
    private static final int QUERY_BYTES = 1536;

    /** So that a longer one is seen to be longer. */
    private static final int SLACK_BYTES = 36;

    /**
     * Binds, behind the standard packet filter if there is one.
     *
     * @throws SyscallException naming the address, as in {@code bind(192.0.2.1:53): EADDRINUSE: ...}
     */
    static UdpListener open(SocketSpec spec, Model model) throws IOException {
        return open(spec, model, Protocol.DO_UDP, QUERY_BYTES, null);
    }

    /** The same for DNSCrypt. */
    static UdpListener open(ListenSpec.Dnscrypt spec, Model model) throws IOException {
        SealedQueries sealed = new DnscryptQueries(spec.certificates());
        UdpListener listener =
                open(spec.socket(), model, Protocol.DNSCRYPT_UDP, sealed.mostOctets() + SLACK_BYTES, sealed);
        listener.frontend.setDnscrypt(spec.certificates());
        return listener;
    }

    private static UdpListener open(
            SocketSpec spec, Model model, Protocol protocol, int queryBytes, @Nullable SealedQueries sealed)
            throws IOException {
        dev.weir.sys.InetEndpoint address = SocketAddresses.toSocket(spec.address());
        UdpSocket socket = UdpSocket.open(address.family());
        try {
            configure(socket, spec, model.settings(), address.isWildcard());
            KernelFilter filter = model.filters().attachStandard(socket.fd().number());
            socket.bind(address);
            Endpoint bound = SocketAddresses.fromSocket(socket.localEndpoint());
            Frontend frontend = new Frontend(bound, protocol, spec.proxyProtocol(), spec.networkInterface());
            frontend.opened(socket.fd()::number, filter);
            int proxyBytes = model.engine().snapshot().settings().number(Setting.PROXY_MAXIMUM_PAYLOAD_SIZE);
            SocketPort port = new SocketPort(socket, bound, address.isWildcard(), BATCH, queryBytes + proxyBytes);
            return new UdpListener(spec, frontend, port, sealed);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void configure(UdpSocket socket, SocketSpec spec, LiveSettings settings, boolean wildcard)
            throws SyscallException {
        if (spec.reusePort()) {
            socket.reusePort();
        }
        ListenOptions.wish(spec, socket::freeBind);
        ListenOptions.bindToDevice(socket, spec);
        SocketBuffers.configure(socket, settings);
        if (wildcard) {
            socket.receivePacketInfo();
        }
        ListenOptions.wish(spec, socket::ignorePathMtu);
    }
}
