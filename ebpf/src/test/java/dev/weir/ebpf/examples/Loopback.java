package dev.weir.ebpf.examples;

import dev.weir.sys.InetEndpoint;
import dev.weir.sys.NetlinkRoute;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UdpSocket;

/** Traffic for the examples: datagrams to itself. */
final class Loopback {
    private static final int ADDRESS = 0x7f000001;

    private Loopback() {}

    /** Returns the loopback device's number. */
    static int index() throws SyscallException {
        try (NetlinkRoute netlink = new NetlinkRoute()) {
            return netlink.networkInterface("lo").orElseThrow().index();
        }
    }

    /** Returns a socket bound to 127.0.0.1. @param port 0 for any */
    static UdpSocket socket(int port) throws SyscallException {
        UdpSocket socket = UdpSocket.open(4);
        socket.bind(new InetEndpoint(4, 0, ADDRESS, port, 0));
        return socket;
    }

    /** Sends datagrams from one socket to another. */
    static void send(UdpSocket from, UdpSocket to, int count) throws SyscallException {
        int port = to.localEndpoint().port();
        for (int i = 0; i < count; i++) {
            from.send(new byte[] {'h', 'i'}, 0, 2, 4, 0, ADDRESS, port, 0, 0, 0, 0);
        }
    }
}
