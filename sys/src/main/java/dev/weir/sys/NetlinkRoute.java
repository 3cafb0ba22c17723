package dev.weir.sys;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Network devices, addresses and neighbours, and XDP on devices, by netlink: in the network namespace that the thread was in when this was
 * made. Any thread may call; calls take turns. Reading needs no rights, changing needs CAP_NET_ADMIN.
 *
 * <pre>{@code
 * struct ifinfomsg { unsigned char family, pad; unsigned short type; int index; unsigned flags; unsigned change; };      // 16 bytes
 * struct ifaddrmsg { __u8 family, prefixlen, flags, scope; __u32 index; };                                               //  8 bytes
 * struct rtmsg     { __u8 family, dst_len, src_len, tos, table, protocol, scope, type; unsigned flags; };                // 12 bytes
 * struct ndmsg     { __u8 family, pad1; __u16 pad2; __s32 ifindex; __u16 state; __u8 flags, type; };                     // 12 bytes
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/rtnetlink.7.html">rtnetlink(7)</a>
 */
public final class NetlinkRoute implements AutoCloseable {
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_SETLINK = 19;
    private static final int RTM_NEWADDR = 20;
    private static final int RTM_GETADDR = 22;
    private static final int RTM_GETROUTE = 26;
    private static final int RTM_NEWNEIGH = 28;
    private static final int RTM_GETNEIGH = 30;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_LINK_NETNSID = 37;
    private static final int IFLA_TARGET_NETNSID = 46;
    private static final int SAME_NAMESPACE = -1;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int VETH_INFO_PEER = 1;
    private static final int IFLA_XDP = 43;
    private static final int IFLA_XDP_FD = 1;
    private static final int IFLA_XDP_ATTACHED = 2;
    private static final int IFLA_XDP_FLAGS = 3;
    private static final int IFLA_XDP_PROG_ID = 4;
    private static final int IFLA_XDP_EXPECTED_FD = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_F_NODAD = 0x02;
    private static final int IFA_LOCAL = 2;
    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;
    private static final int RTA_DST = 1;
    private static final int RT_TABLE_LOCAL = 255;
    private static final int NUD_PERMANENT = 0x80;
    private static final int IFF_UP = 1;
    private static final int IFINFOMSG_BYTES = 16;
    private static final int IFADDRMSG_BYTES = 8;
    private static final int NDMSG_BYTES = 12;
    private static final int RTMSG_BYTES = 12;
    private static final int NO_PROGRAM = -1;
    /** Only if nothing is attached. */
    public static final int XDP_FLAGS_UPDATE_IF_NOEXIST = 1;
    /** Only if a certain program is attached. Since Linux 5.7. */
    private static final int XDP_FLAGS_REPLACE = 1 << 4;

    private final NetlinkSocket socket;

    public NetlinkRoute() throws SyscallException {
        socket = new NetlinkSocket();
    }

    /** Returns all devices. */
    public List<NetworkInterface> interfaces() throws SyscallException {
        NetlinkMessage request = link("RTM_GETLINK", RTM_GETLINK, NetlinkMessage.NLM_F_DUMP, 0, 0, 0);
        List<NetworkInterface> found = new ArrayList<>();
        for (ByteBuffer message : socket.dump(request)) {
            found.add(networkInterface(message));
        }
        return found;
    }

    /** Returns a device by its name, if there is one. */
    public Optional<NetworkInterface> networkInterface(String name) throws SyscallException {
        return interfaces().stream().filter(i -> i.name().equals(name)).findFirst();
    }

    /**
     * Returns what a device is the end of, if it is a veth. Looks into the namespace of the other end, for which it takes CAP_NET_ADMIN there;
     * since Linux 5.0.
     */
    public Optional<VethEnd> vethEnd(int interfaceIndex) throws SyscallException {
        NetlinkMessage request = link("RTM_GETLINK", RTM_GETLINK, NetlinkMessage.NLM_F_DUMP, 0, 0, 0);
        for (ByteBuffer message : socket.dump(request)) {
            LinkAttributes attributes = LinkAttributes.read(message);
            if (message.getInt(4) == interfaceIndex && attributes.kind.equals("veth")) {
                return Optional.of(new VethEnd(attributes.link, peer(attributes)));
            }
        }
        return Optional.empty();
    }

    private @Nullable NetworkInterface peer(LinkAttributes end) {
        NetlinkMessage request = link("RTM_GETLINK of a namespace", RTM_GETLINK, NetlinkMessage.NLM_F_DUMP, 0, 0, 0);
        if (end.namespace != SAME_NAMESPACE) {
            request.attribute(IFLA_TARGET_NETNSID, end.namespace);
        }
        try {
            for (ByteBuffer message : socket.dump(request)) {
                if (message.getInt(4) == end.link) {
                    return networkInterface(message);
                }
            }
        } catch (SyscallException e) {
            // EINVAL or EACCES: not ours to look at.
            return null;
        }
        return null;
    }

    /** Returns the addresses of all devices. */
    public List<InterfaceAddress> addresses() throws SyscallException {
        NetlinkMessage request = new NetlinkMessage("RTM_GETADDR", RTM_GETADDR, NetlinkMessage.NLM_F_DUMP)
                .u8(0)
                .u8(0)
                .u8(0)
                .u8(0)
                .u32(0);
        List<InterfaceAddress> found = new ArrayList<>();
        for (ByteBuffer message : socket.dump(request)) {
            AddressAttributes attributes = new AddressAttributes();
            NetlinkMessage.attributes(rest(message, IFADDRMSG_BYTES), (type, value) -> {
                // On point-to-point devices IFA_ADDRESS is the peer's; IFA_LOCAL, where present, always is one's own.
                if (type == IFA_LOCAL || type == IFA_ADDRESS && attributes.address == null) {
                    attributes.address = address(value);
                }
            });
            if (attributes.address != null) {
                found.add(new InterfaceAddress(message.getInt(4), attributes.address, message.get(1) & 0xff));
            }
        }
        return found;
    }

    /**
     * Returns the destinations that this host takes for its own: addresses, broadcast and anycast addresses, multicast, and networks that are
     * routed to itself. It is the kernel's table 255 ("ip route show table local").
     */
    public List<LocalDestination> localDestinations() throws SyscallException {
        List<LocalDestination> found = new ArrayList<>();
        for (int family : new int[] {SockaddrIn.AF_INET, SockaddrIn6.AF_INET6}) {
            NetlinkMessage request = new NetlinkMessage("RTM_GETROUTE", RTM_GETROUTE, NetlinkMessage.NLM_F_DUMP)
                    .u8(family)
                    .u8(0)
                    .u8(0)
                    .u8(0)
                    .u8(RT_TABLE_LOCAL)
                    .u8(0)
                    .u8(0)
                    .u8(0)
                    .u32(0);
            for (ByteBuffer message : socket.dump(request)) {
                AddressAttributes attributes = new AddressAttributes();
                NetlinkMessage.attributes(rest(message, RTMSG_BYTES), (type, value) -> {
                    if (type == RTA_DST) {
                        attributes.address = address(value);
                    }
                });
                // Kernels before 4.20 send every table.
                if (attributes.address != null && (message.get(4) & 0xff) == RT_TABLE_LOCAL) {
                    found.add(new LocalDestination(attributes.address, message.get(1) & 0xff));
                }
            }
        }
        return found;
    }

    /** Returns the neighbours that are known on all devices. */
    public List<Neighbour> neighbours() throws SyscallException {
        NetlinkMessage request = neighbour("RTM_GETNEIGH", RTM_GETNEIGH, NetlinkMessage.NLM_F_DUMP, 0, 0, 0);
        List<Neighbour> found = new ArrayList<>();
        for (ByteBuffer message : socket.dump(request)) {
            AddressAttributes attributes = new AddressAttributes();
            NetlinkMessage.attributes(rest(message, NDMSG_BYTES), (type, value) -> {
                if (type == NDA_DST) {
                    attributes.address = address(value);
                } else if (type == NDA_LLADDR) {
                    attributes.hardwareAddress = bytes(value);
                }
            });
            if (attributes.address != null) {
                found.add(new Neighbour(
                        message.getInt(4),
                        attributes.address,
                        attributes.hardwareAddress,
                        message.getShort(8) & 0xffff));
            }
        }
        return found;
    }

    /** Makes two devices that are the ends of one cable. */
    public void createVeth(String name, String peer) throws SyscallException {
        int create = NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL;
        NetlinkMessage request =
                link("RTM_NEWLINK veth " + name, RTM_NEWLINK, create, 0, 0, 0).attribute(IFLA_IFNAME, name);
        int info = request.begin(IFLA_LINKINFO);
        request.attribute(IFLA_INFO_KIND, "veth");
        int data = request.begin(IFLA_INFO_DATA);
        int end = request.begin(VETH_INFO_PEER);
        request.u32(0).u32(0).u32(0).u32(0).attribute(IFLA_IFNAME, peer);
        socket.change(request.end(end).end(data).end(info));
    }

    /** Switches a device on. */
    public void up(int interfaceIndex) throws SyscallException {
        socket.change(link("RTM_SETLINK up", RTM_SETLINK, NetlinkMessage.NLM_F_ACK, interfaceIndex, IFF_UP, IFF_UP));
    }

    /** Gives a device an address, which can be used at once: nobody is asked whether he has it, too (RFC 4862 5.4). */
    public void addAddress(InterfaceAddress address) throws SyscallException {
        byte[] bytes = address.address().getAddress();
        int create = NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE | NetlinkMessage.NLM_F_EXCL;
        socket.change(new NetlinkMessage("RTM_NEWADDR " + address.address().getHostAddress(), RTM_NEWADDR, create)
                .u8(domain(bytes))
                .u8(address.prefixBits())
                .u8(bytes.length == 4 ? 0 : IFA_F_NODAD)
                .u8(0)
                .u32(address.interfaceIndex())
                .attribute(IFA_LOCAL, bytes)
                .attribute(IFA_ADDRESS, bytes));
    }

    /** Fixes a neighbour's hardware address for good. */
    public void addNeighbour(int interfaceIndex, InetAddress address, byte[] hardwareAddress) throws SyscallException {
        byte[] bytes = address.getAddress();
        int create = NetlinkMessage.NLM_F_ACK | NetlinkMessage.NLM_F_CREATE;
        socket.change(neighbour(
                        "RTM_NEWNEIGH " + address.getHostAddress(),
                        RTM_NEWNEIGH,
                        create,
                        domain(bytes),
                        interfaceIndex,
                        NUD_PERMANENT)
                .attribute(NDA_DST, bytes)
                .attribute(NDA_LLADDR, hardwareAddress));
    }

    /**
     * Puts an XDP program on a device, where it stays until taken off, whoever exits. Since Linux 4.8.
     *
     * @param flags XDP_FLAGS_*, or-ed
     * @throws SyscallException EBUSY if another program is there or a link holds the device, EOPNOTSUPP if the driver has no XDP
     */
    public void attachXdp(int interfaceIndex, Fd program, int flags) throws SyscallException {
        xdp(interfaceIndex, program, flags, null);
    }

    /** Replaces an XDP program if it is the expected one. Since Linux 5.7. */
    public void replaceXdp(int interfaceIndex, Fd program, Fd expected, int flags) throws SyscallException {
        xdp(interfaceIndex, program, flags | XDP_FLAGS_REPLACE, expected);
    }

    /**
     * Takes the XDP program off.
     *
     * @param flags those it was attached with
     */
    public void detachXdp(int interfaceIndex, int flags) throws SyscallException {
        xdp(interfaceIndex, null, flags, null);
    }

    @Override
    public void close() {
        socket.close();
    }

    private void xdp(int interfaceIndex, @Nullable Fd program, int flags, @Nullable Fd expected)
            throws SyscallException {
        try (HeldFds held = new HeldFds()) {
            NetlinkMessage request =
                    link("RTM_SETLINK IFLA_XDP", RTM_SETLINK, NetlinkMessage.NLM_F_ACK, interfaceIndex, 0, 0);
            int xdp = request.begin(IFLA_XDP);
            request.attribute(IFLA_XDP_FD, program == null ? NO_PROGRAM : held.number(program))
                    .attribute(IFLA_XDP_FLAGS, flags);
            if (expected != null) {
                request.attribute(IFLA_XDP_EXPECTED_FD, held.number(expected));
            }
            socket.change(request.end(xdp));
        }
    }

    private static NetlinkMessage link(String name, int type, int flags, int index, int linkFlags, int change) {
        return new NetlinkMessage(name, type, flags)
                .u8(0)
                .u8(0)
                .u16(0)
                .u32(index)
                .u32(linkFlags)
                .u32(change);
    }

    private static NetlinkMessage neighbour(String name, int type, int flags, int family, int index, int state) {
        return new NetlinkMessage(name, type, flags)
                .u8(family)
                .u8(0)
                .u16(0)
                .u32(index)
                .u16(state)
                .u8(0)
                .u8(0);
    }

    private static NetworkInterface networkInterface(ByteBuffer message) {
        LinkAttributes attributes = LinkAttributes.read(message);
        return new NetworkInterface(
                message.getInt(4),
                attributes.name,
                (message.getInt(8) & IFF_UP) != 0,
                attributes.mtu,
                message.getShort(2) & 0xffff,
                attributes.hardwareAddress,
                attributes.xdpProgramId,
                attributes.xdpAttached);
    }

    private static ByteBuffer rest(ByteBuffer message, int fixed) {
        return message.slice(fixed, message.remaining() - fixed);
    }

    private static int domain(byte[] address) {
        return Sockaddr.domain(address.length == 4 ? 4 : 6);
    }

    private static @Nullable InetAddress address(ByteBuffer value) {
        try {
            return InetAddress.getByAddress(bytes(value));
        } catch (UnknownHostException e) {
            // Neighbours of other families have addresses of other lengths.
            return null;
        }
    }

    private static byte[] bytes(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(0, bytes);
        return bytes;
    }

    private static final class LinkAttributes {
        private String name = "";
        private int mtu;
        private byte[] hardwareAddress = {};
        private int xdpProgramId;
        private int xdpAttached;
        private String kind = "";
        private int link;
        private int namespace = SAME_NAMESPACE;

        static LinkAttributes read(ByteBuffer message) {
            LinkAttributes attributes = new LinkAttributes();
            NetlinkMessage.attributes(rest(message, IFINFOMSG_BYTES), attributes::take);
            return attributes;
        }

        private void take(int type, ByteBuffer value) {
            switch (type) {
                case IFLA_ADDRESS -> hardwareAddress = bytes(value);
                case IFLA_IFNAME -> name = text(value);
                case IFLA_MTU -> mtu = value.getInt(0);
                case IFLA_LINK -> link = value.getInt(0);
                case IFLA_LINK_NETNSID -> namespace = value.getInt(0);
                case IFLA_LINKINFO ->
                    NetlinkMessage.attributes(value, (inner, info) -> {
                        if (inner == IFLA_INFO_KIND) {
                            kind = text(info);
                        }
                    });
                case IFLA_XDP ->
                    NetlinkMessage.attributes(value, (inner, number) -> {
                        if (inner == IFLA_XDP_PROG_ID) {
                            xdpProgramId = number.getInt(0);
                        } else if (inner == IFLA_XDP_ATTACHED) {
                            xdpAttached = number.get(0);
                        }
                    });
                default -> {}
            }
        }

        /** Ends in a zero. */
        private static String text(ByteBuffer value) {
            return StandardCharsets.UTF_8
                    .decode(value.slice(0, value.remaining() - 1))
                    .toString();
        }
    }

    private static final class AddressAttributes {
        private @Nullable InetAddress address;
        private byte[] hardwareAddress = {};
    }
}
