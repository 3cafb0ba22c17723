package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation with the kernel's routing tables, in the network namespace that the thread was in when it was opened.
 *
 * <pre>{@code
 * struct nlmsgerr {
 *     int             error;  // 16  after the header: -errno, 0 for an acknowledgement
 *     struct nlmsghdr msg;    // 20  the request's header; then, with NETLINK_CAP_ACK, attributes: 1 is the kernel's own words
 * };
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/rtnetlink.7.html">rtnetlink(7)</a>
 */
final class NetlinkSocket implements AutoCloseable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    /** Since Linux 4.20: what a request for a table names, it is to be filtered by. */
    private static final int NETLINK_GET_STRICT_CHK = 12;

    private static final int NLM_F_ACK_TLVS = 0x200;
    private static final int NLMSGERR_ATTR_MSG = 1;
    /** The kernel makes no message of a dump longer than this. */
    private static final int RECEIVE_BYTES = 1 << 16;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(RECEIVE_BYTES, Long.BYTES);
    private final Fd fd;
    private int sequence;

    NetlinkSocket() throws SyscallException {
        fd = new Fd((int) SyscallException.check(
                "socket(AF_NETLINK)", Syscall.call(SyscallNumber.SOCKET, AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE)));
        // Kernels before 4.12 have neither; then errors are without words.
        option(NETLINK_CAP_ACK);
        option(NETLINK_EXT_ACK);
        option(NETLINK_GET_STRICT_CHK);
    }

    /** Asks for a change and waits for the acknowledgement. */
    synchronized void change(NetlinkMessage request) throws SyscallException {
        send(request);
        receive(request, new ArrayList<>());
    }

    /** Asks for a table; returns the messages without headers. */
    synchronized List<ByteBuffer> dump(NetlinkMessage request) throws SyscallException {
        send(request);
        List<ByteBuffer> messages = new ArrayList<>();
        receive(request, messages);
        return messages;
    }

    private void send(NetlinkMessage request) throws SyscallException {
        byte[] bytes = request.finish(++sequence);
        try (Arena call = Arena.ofConfined()) {
            SyscallException.check(
                    "netlink(" + request.name() + ")",
                    Syscall.call(
                            SyscallNumber.SENDTO,
                            fd.number(),
                            call.allocateFrom(Struct.BYTE, bytes).address(),
                            bytes.length,
                            0,
                            0,
                            0));
        }
    }

    private void receive(NetlinkMessage request, List<ByteBuffer> messages) throws SyscallException {
        while (true) {
            long length = SyscallException.check(
                    "netlink(" + request.name() + ")",
                    Syscall.call(SyscallNumber.RECVFROM, fd.number(), buffer.address(), RECEIVE_BYTES, 0, 0, 0));
            ByteBuffer rest = ByteBuffer.wrap(buffer.asSlice(0, length).toArray(Struct.BYTE))
                    .order(ByteOrder.nativeOrder());
            int at = 0;
            while (at + NetlinkMessage.HEADER_BYTES <= rest.limit()) {
                int bytes = rest.getInt(at);
                if (bytes < NetlinkMessage.HEADER_BYTES || bytes > rest.limit() - at) {
                    throw new SyscallException("netlink(" + request.name() + ")", Errno.EPROTO);
                }
                if (rest.getInt(at + 8) == sequence && isLast(request, rest, at, bytes, messages)) {
                    return;
                }
                at += bytes + NetlinkMessage.ALIGNMENT - 1 & -NetlinkMessage.ALIGNMENT;
            }
        }
    }

    private static boolean isLast(NetlinkMessage request, ByteBuffer all, int at, int bytes, List<ByteBuffer> messages)
            throws SyscallException {
        int type = all.getShort(at + 4) & 0xffff;
        int body = at + NetlinkMessage.HEADER_BYTES;
        if (type == NetlinkMessage.NLMSG_DONE) {
            return true;
        }
        if (type == NetlinkMessage.NLMSG_ERROR) {
            int errno = -all.getInt(body);
            if (errno != 0) {
                throw failure(request, errno, words(all, at, bytes));
            }
            return true;
        }
        messages.add(all.slice(body, bytes - NetlinkMessage.HEADER_BYTES).order(ByteOrder.nativeOrder()));
        return false;
    }

    private static SyscallException failure(NetlinkMessage request, int errno, String words) {
        String call = "netlink(" + request.name() + ")";
        if (!words.isEmpty()) {
            return SyscallException.explained(call, errno, words);
        }
        return errno == Errno.EPERM
                ? SyscallException.explained(call, errno, "needs CAP_NET_ADMIN")
                : new SyscallException(call, errno);
    }

    private static String words(ByteBuffer all, int at, int bytes) {
        StringBuilder words = new StringBuilder();
        int attributes = NetlinkMessage.HEADER_BYTES + Integer.BYTES + NetlinkMessage.HEADER_BYTES;
        if ((all.getShort(at + 6) & NLM_F_ACK_TLVS) != 0 && bytes > attributes) {
            NetlinkMessage.attributes(all.slice(at + attributes, bytes - attributes), (type, value) -> {
                if (type == NLMSGERR_ATTR_MSG && value.remaining() > 1) {
                    words.append(StandardCharsets.UTF_8.decode(value.slice(0, value.remaining() - 1)));
                }
            });
        }
        return words.toString();
    }

    private void option(int option) {
        try (Arena call = Arena.ofConfined()) {
            Syscall.call(
                    SyscallNumber.SETSOCKOPT,
                    fd.number(),
                    SOL_NETLINK,
                    option,
                    call.allocateFrom(Struct.U32, 1).address(),
                    Integer.BYTES);
        }
    }

    @Override
    public synchronized void close() {
        fd.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
