package dev.weir.sys;

/**
 * Socket options by their C names, with the values that x86_64 and aarch64 share.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/socket.7.html">socket(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/ip.7.html">ip(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/ipv6.7.html">ipv6(7)</a>
 */
final class SocketOption {
    static final int SOL_SOCKET = 1;
    static final int SO_REUSEADDR = 2;
    static final int SO_TYPE = 3;
    static final int SO_ERROR = 4;
    static final int SO_BROADCAST = 6;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_REUSEPORT = 15;
    static final int SO_KEEPALIVE = 9;
    static final int SO_BINDTODEVICE = 25;
    static final int SO_DETACH_BPF = 27;
    static final int SO_RCVBUFFORCE = 33;
    static final int SO_ATTACH_BPF = 50;

    static final int IPPROTO_IP = 0;
    static final int IP_TOS = 1;
    static final int IP_PKTINFO = 8;
    static final int IP_MTU_DISCOVER = 10;
    static final int IP_FREEBIND = 15;
    static final int IP_BIND_ADDRESS_NO_PORT = 24;
    /** Send without the don't-fragment bit, and believe no ICMP message about the path's MTU; since Linux 3.15. */
    static final int IP_PMTUDISC_OMIT = 5;

    static final int IPPROTO_IPV6 = 41;
    static final int IPV6_MTU_DISCOVER = 23;
    static final int IPV6_V6ONLY = 26;
    static final int IPV6_RECVPKTINFO = 49;
    static final int IPV6_PKTINFO = 50;
    static final int IPV6_TCLASS = 67;
    static final int IPV6_FREEBIND = 78;
    static final int IPV6_PMTUDISC_OMIT = 5;

    static final int SOL_UDP = 17;
    /** Cut what is sent into datagrams of this length; since Linux 4.18. */
    static final int UDP_SEGMENT = 103;

    static final int IPPROTO_TCP = 6;
    static final int TCP_DEFER_ACCEPT = 9;
    static final int TCP_FASTOPEN = 23;
    static final int TCP_FASTOPEN_CONNECT = 30;
    /** Since Linux 4.15. */
    static final int TCP_FASTOPEN_KEY = 33;

    private SocketOption() {}
}
