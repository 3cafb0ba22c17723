package dev.weir.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * One message to the kernel while it is put together: a header, a fixed part, attributes.
 *
 * <pre>{@code
 * struct nlmsghdr {
 *     __u32 nlmsg_len;    //  0  with the header
 *     __u16 nlmsg_type;   //  4
 *     __u16 nlmsg_flags;  //  6  NLM_F_*
 *     __u32 nlmsg_seq;    //  8
 *     __u32 nlmsg_pid;    // 12
 * };
 * struct rtattr {
 *     unsigned short rta_len;   // 0  with these 4 bytes, without padding
 *     unsigned short rta_type;  // 2
 * };                            // then the value, padded to 4 bytes
 * }</pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/netlink.7.html">netlink(7)</a>
 */
final class NetlinkMessage {
    static final int HEADER_BYTES = 16;
    static final int ATTRIBUTE_BYTES = 4;
    static final int ALIGNMENT = 4;
    static final int NLM_F_REQUEST = 1;
    static final int NLM_F_ACK = 4;
    static final int NLM_F_DUMP = 0x300;
    static final int NLM_F_EXCL = 0x200;
    static final int NLM_F_CREATE = 0x400;
    static final int NLMSG_ERROR = 2;
    static final int NLMSG_DONE = 3;

    private static final int NLA_F_NESTED = 1 << 15;
    private static final int MAX_BYTES = 4096;

    private final ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.nativeOrder());
    private final String name;

    /** @param name as in {@code RTM_NEWLINK}, for errors */
    NetlinkMessage(String name, int type, int flags) {
        this.name = name;
        bytes.putInt(0)
                .putShort((short) type)
                .putShort((short) (NLM_F_REQUEST | flags))
                .putInt(0)
                .putInt(0);
    }

    String name() {
        return name;
    }

    NetlinkMessage u8(int value) {
        bytes.put((byte) value);
        return this;
    }

    NetlinkMessage u16(int value) {
        bytes.putShort((short) value);
        return this;
    }

    NetlinkMessage u32(int value) {
        bytes.putInt(value);
        return this;
    }

    NetlinkMessage attribute(int type, int value) {
        return attribute(
                type,
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    NetlinkMessage attribute(int type, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return attribute(type, java.util.Arrays.copyOf(utf8, utf8.length + 1));
    }

    NetlinkMessage attribute(int type, byte[] value) {
        bytes.putShort((short) (ATTRIBUTE_BYTES + value.length))
                .putShort((short) type)
                .put(value);
        return align();
    }

    /** Starts an attribute that holds attributes; returns what {@link #end} needs. */
    int begin(int type) {
        int start = bytes.position();
        bytes.putShort((short) 0).putShort((short) (type | NLA_F_NESTED));
        return start;
    }

    NetlinkMessage end(int start) {
        bytes.putShort(start, (short) (bytes.position() - start));
        return this;
    }

    /** Returns the message with its number, ready to send. */
    byte[] finish(int sequence) {
        bytes.putInt(0, bytes.position()).putInt(8, sequence);
        return java.util.Arrays.copyOf(bytes.array(), bytes.position());
    }

    private NetlinkMessage align() {
        while (bytes.position() % ALIGNMENT != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }

    /** Walks attributes: calls back for each with its type and value. Stops where lengths make no sense. */
    static void attributes(ByteBuffer from, AttributeVisitor visitor) {
        ByteBuffer rest = from.slice().order(ByteOrder.nativeOrder());
        while (rest.remaining() >= ATTRIBUTE_BYTES) {
            int start = rest.position();
            int length = rest.getShort(start) & 0xffff;
            int type = rest.getShort(start + 2) & 0x3fff;
            if (length < ATTRIBUTE_BYTES || length > rest.remaining()) {
                return;
            }
            visitor.attribute(
                    type,
                    rest.slice(start + ATTRIBUTE_BYTES, length - ATTRIBUTE_BYTES)
                            .order(ByteOrder.nativeOrder()));
            rest.position(Math.min(rest.limit(), start + (length + ALIGNMENT - 1 & -ALIGNMENT)));
        }
    }

    /** Sees one attribute. */
    @FunctionalInterface
    interface AttributeVisitor {
        void attribute(int type, ByteBuffer value);
    }
}
