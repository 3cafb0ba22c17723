package dev.weir.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A PROXY protocol version 2 header (HAProxy's proxy-protocol.txt, section 2.2).
 *
 * <pre>
 *  0       12     13      14      16
 *  | signature | ver+cmd | fam+proto | length | addresses, ports, TLVs
 * </pre>
 *
 * @param length of the whole header in bytes
 * @param local whether the command is LOCAL, which carries no client
 * @param tcp whether the announced transport is a stream
 */
public record ReceivedProxyHeader(
        int length,
        boolean local,
        boolean tcp,
        Optional<InetSocketAddress> source,
        Optional<InetSocketAddress> destination,
        List<Tlv> tlvs) {
    private static final byte[] SIGNATURE = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final int FIXED = 16;
    private static final int VERSION = 2;

    /** A type-length-value entry after the addresses. */
    @SuppressWarnings("ArrayRecordComponent") // raw bytes for assertions, never compared through equals
    public record Tlv(int type, byte[] value) {}

    /** A header announcing {@code source} and {@code destination}, of one address family. */
    public static byte[] compose(InetSocketAddress source, InetSocketAddress destination, boolean tcp, Tlv... tlvs) {
        byte[] from = source.getAddress().getAddress();
        byte[] to = destination.getAddress().getAddress();
        int tlvLength =
                Arrays.stream(tlvs).mapToInt(tlv -> 3 + tlv.value.length).sum();
        int rest = from.length + to.length + 4 + tlvLength;
        ByteBuffer out = ByteBuffer.allocate(FIXED + rest);
        out.put(SIGNATURE).put((byte) (VERSION << 4 | 1));
        out.put((byte) ((from.length == 4 ? 1 : 2) << 4 | (tcp ? 1 : 2)));
        out.putShort((short) rest).put(from).put(to);
        out.putShort((short) source.getPort()).putShort((short) destination.getPort());
        for (Tlv tlv : tlvs) {
            out.put((byte) tlv.type).putShort((short) tlv.value.length).put(tlv.value);
        }
        return out.array();
    }

    /** The header {@code packet} begins with, if it does. */
    public static Optional<ReceivedProxyHeader> read(byte[] packet) {
        if (packet.length < FIXED || !Arrays.equals(Arrays.copyOf(packet, SIGNATURE.length), SIGNATURE)) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(packet).position(SIGNATURE.length);
        boolean local = (in.get() & 0xF) == 0;
        int familyAndProtocol = in.get();
        int rest = in.getShort() & 0xFFFF;
        int end = FIXED + rest;
        int addressLength = familyAndProtocol >> 4 == 1 ? 4 : familyAndProtocol >> 4 == 2 ? 16 : 0;
        Optional<InetSocketAddress> source = Optional.empty();
        Optional<InetSocketAddress> destination = Optional.empty();
        if (!local && addressLength > 0) {
            byte[] from = take(in, addressLength);
            byte[] to = take(in, addressLength);
            source = Optional.of(address(from, in.getShort() & 0xFFFF));
            destination = Optional.of(address(to, in.getShort() & 0xFFFF));
        }
        List<Tlv> tlvs = new ArrayList<>();
        while (in.position() + 3 <= end) {
            int type = in.get() & 0xFF;
            tlvs.add(new Tlv(type, take(in, in.getShort() & 0xFFFF)));
        }
        return Optional.of(
                new ReceivedProxyHeader(end, local, (familyAndProtocol & 0xF) == 1, source, destination, tlvs));
    }

    /** Reads one from a stream whose first two bytes are already consumed. */
    static ReceivedProxyHeader readAfterTwoBytes(DataInputStream in) throws IOException {
        byte[] fixed = Arrays.copyOf(SIGNATURE, FIXED);
        in.readFully(fixed, 2, FIXED - 2);
        int rest = (fixed[14] & 0xFF) << 8 | (fixed[15] & 0xFF);
        byte[] whole = Arrays.copyOf(fixed, FIXED + rest);
        in.readFully(whole, FIXED, rest);
        return read(whole).orElseThrow(() -> new IOException("not a PROXY header"));
    }

    private static byte[] take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static InetSocketAddress address(byte[] ip, int port) {
        return InetSocketAddress.createUnresolved(IpText.format(ip), port);
    }
}
