package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Preallocated slots for datagrams received together by one recvmmsg(2).
 *
 * <p>A batch belongs to one thread at a time and serves any number of sockets in turn. The slots below the returned count hold until the
 * next {@link #receive}. Nothing here allocates or throws on what the network sends.
 *
 * <pre>
 *   vector   mmsghdr[slots] ──► iovec[i] ──► payload[i]   (payloadBytes each)
 *                           ├─► name[i]                   (source address)
 *                           └─► control[i]                (packet info)
 * </pre>
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/recvmmsg.2.html">recvmmsg(2)</a>
 */
public final class ReceiveBatch implements AutoCloseable {
    private static final long NAME_STRIDE = Cmsghdr.align(Sockaddr.BYTES);
    private static final long CONTROL_STRIDE = PacketInfo.CONTROL_BYTES;
    private static final long CACHE_LINE_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment vector;
    private final MemorySegment names;
    private final MemorySegment controls;
    private final MemorySegment payloads;
    private final int slots;
    private final int payloadBytes;

    /** Slots whose lengths and flags the kernel has overwritten. */
    private int used;

    /**
     * @param slots datagrams per call, at most 1024 (the kernel's UIO_MAXIOV)
     * @param payloadBytes room for each; what is longer arrives cut, see {@link #truncated}
     */
    public ReceiveBatch(int slots, int payloadBytes) {
        this.slots = slots;
        this.payloadBytes = payloadBytes;
        vector = arena.allocate(slots * Mmsghdr.BYTES, CACHE_LINE_BYTES);
        names = arena.allocate(slots * NAME_STRIDE, CACHE_LINE_BYTES);
        controls = arena.allocate(slots * CONTROL_STRIDE, CACHE_LINE_BYTES);
        payloads = arena.allocate((long) slots * payloadBytes, CACHE_LINE_BYTES);
        MemorySegment iovecs = arena.allocate(slots * Iovec.BYTES, CACHE_LINE_BYTES);
        for (int i = 0; i < slots; i++) {
            long iovec = i * Iovec.BYTES;
            iovecs.set(Struct.U64, iovec + Iovec.BASE, payloads.address() + (long) i * payloadBytes);
            iovecs.set(Struct.U64, iovec + Iovec.LEN, payloadBytes);
            long header = header(i);
            vector.set(Struct.U64, header + Msghdr.NAME, names.address() + i * NAME_STRIDE);
            vector.set(Struct.U64, header + Msghdr.IOV, iovecs.address() + iovec);
            vector.set(Struct.U64, header + Msghdr.IOVLEN, 1);
            vector.set(Struct.U64, header + Msghdr.CONTROL, controls.address() + i * CONTROL_STRIDE);
        }
        used = slots;
    }

    /** Returns the number of slots. */
    public int slots() {
        return slots;
    }

    /** Returns the room for each datagram; a buffer of this size always takes {@link #copyPayload}. */
    public int payloadBytes() {
        return payloadBytes;
    }

    /**
     * Receives what is there, without waiting.
     *
     * @return the number of datagrams, 0 if there are none, or {@code -errno}; on a connected socket {@code -ECONNREFUSED} tells that the
     *     peer answered with ICMP port unreachable
     */
    public int receive(UdpSocket socket) {
        reset();
        long result = Syscall.call(
                SyscallNumber.RECVMMSG,
                socket.fd().number(),
                vector.address(),
                slots,
                Msghdr.MSG_DONTWAIT,
                0 /* no timeout */);
        if (result > 0) {
            used = (int) result;
            return used;
        }
        // A signal that arrives before the first datagram is no error: the caller polls again.
        return result == -Errno.EAGAIN || result == -Errno.EINTR ? 0 : (int) result;
    }

    /** Returns the number of bytes that slot {@code i} holds, at most {@link #payloadBytes}. */
    public int length(int i) {
        return vector.get(Struct.U32, i * Mmsghdr.BYTES + Mmsghdr.LEN);
    }

    /** Returns whether the datagram was longer than its slot and lost its tail. */
    public boolean truncated(int i) {
        return (vector.get(Struct.U32, header(i) + Msghdr.FLAGS) & Msghdr.MSG_TRUNC) != 0;
    }

    /** Copies the datagram to {@code to} from {@code offset} on, and returns its length in bytes. */
    public int copyPayload(int i, byte[] to, int offset) {
        int length = length(i);
        MemorySegment.copy(payloads, Struct.BYTE, (long) i * payloadBytes, to, offset, length);
        return length;
    }

    /** Returns the family of the source address, 4 or 6; 0 if there is none. */
    public int sourceFamily(int i) {
        return Sockaddr.family(names, i * NAME_STRIDE);
    }

    /** Returns the upper 64 bits of an IPv6 source address; 0 for IPv4. */
    public long sourceHi(int i) {
        return Sockaddr.hi(names, i * NAME_STRIDE);
    }

    /** Returns the lower 64 bits of an IPv6 source address, or an IPv4 one in the low 32 bits. */
    public long sourceLo(int i) {
        return Sockaddr.lo(names, i * NAME_STRIDE);
    }

    /** Returns the source port. */
    public int sourcePort(int i) {
        return Sockaddr.port(names, i * NAME_STRIDE);
    }

    /** Returns the interface index of a link-local IPv6 source address, else 0. */
    public int sourceScopeId(int i) {
        return Sockaddr.scopeId(names, i * NAME_STRIDE);
    }

    /** Returns whether the local address is known: only after {@link UdpSocket#receivePacketInfo}. */
    public boolean hasLocal(int i) {
        return packetInfo(i) >= 0;
    }

    /** Returns the upper 64 bits of the IPv6 address that the datagram was sent to; 0 for IPv4 or if unknown. */
    public long localHi(int i) {
        long info = packetInfo(i);
        return info < 0 || sourceFamily(i) != 6 ? 0 : controls.get(Struct.NET64, info + PacketInfo.IPI6_ADDR_HI);
    }

    /**
     * Returns the lower 64 bits of the IPv6 address that the datagram was sent to, or the IPv4 one in the low 32 bits (for a broadcast
     * the interface's own, the one to answer from); 0 if unknown.
     */
    public long localLo(int i) {
        long info = packetInfo(i);
        if (info < 0) {
            return 0;
        }
        return sourceFamily(i) == 6
                ? controls.get(Struct.NET64, info + PacketInfo.IPI6_ADDR_LO)
                : Integer.toUnsignedLong(controls.get(Struct.NET32, info + PacketInfo.IPI_SPEC_DST));
    }

    /** Returns the index of the interface that the datagram came in by; 0 if unknown. */
    public int interfaceIndex(int i) {
        long info = packetInfo(i);
        if (info < 0) {
            return 0;
        }
        return controls.get(
                Struct.U32, info + (sourceFamily(i) == 6 ? PacketInfo.IPI6_IFINDEX : PacketInfo.IPI_IFINDEX));
    }

    /** Frees the slots; no thread may be inside {@link #receive}. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private static long header(int i) {
        return i * Mmsghdr.BYTES + Mmsghdr.HDR;
    }

    /** Gives back the room of the slots that the last call filled; the kernel leaves the others as they were. */
    private void reset() {
        for (int i = 0; i < used; i++) {
            long header = header(i);
            vector.set(Struct.U32, header + Msghdr.NAMELEN, Sockaddr.BYTES);
            vector.set(Struct.U64, header + Msghdr.CONTROLLEN, CONTROL_STRIDE);
            vector.set(Struct.U32, header + Msghdr.FLAGS, 0);
        }
        used = 0;
    }

    private long packetInfo(int i) {
        long controlBytes = vector.get(Struct.U64, header(i) + Msghdr.CONTROLLEN);
        return PacketInfo.find(controls, i * CONTROL_STRIDE, controlBytes);
    }
}
