package dev.weir.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Datagrams collected to be sent together by sendmmsg(2).
 *
 * <p>A batch belongs to one thread at a time and to one socket between two flushes. Payloads are packed one behind the other into one
 * slab: answers of usual size touch few pages, and a single datagram may still have any size that UDP allows. Nothing here allocates, and
 * nothing that the network does throws.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/sendmmsg.2.html">sendmmsg(2)</a>
 */
public final class SendBatch implements AutoCloseable {
    /** A DNS message's greatest length; UDP over IPv4 takes 28 bytes less and answers EMSGSIZE to more. */
    private static final int MAX_PAYLOAD_BYTES = 65535;

    /** How long a flush may wait for room in the socket's buffer, all in all: an agent must not stall behind a slow interface. */
    private static final long MAX_WAIT_NS = 5_000_000;

    private static final long NAME_STRIDE = Cmsghdr.align(Sockaddr.BYTES);
    private static final long CONTROL_STRIDE = PacketInfo.CONTROL_BYTES;
    private static final long CACHE_LINE_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment vector;
    private final MemorySegment iovecs;
    private final MemorySegment names;
    private final MemorySegment controls;
    private final MemorySegment slab;
    private final WritableWait wait;
    private final int slots;
    private int count;
    private long slabUsed;
    private long dropped;
    private long errors;
    private int lastErrno;

    /**
     * @param slots datagrams per call, at most 1024 (the kernel's UIO_MAXIOV)
     * @param typicalBytes sizes the slab, which holds {@code slots} times as much, and one datagram of any size at least
     */
    public SendBatch(int slots, int typicalBytes) {
        this.slots = slots;
        vector = arena.allocate(slots * Mmsghdr.BYTES, CACHE_LINE_BYTES);
        iovecs = arena.allocate(slots * Iovec.BYTES, CACHE_LINE_BYTES);
        names = arena.allocate(slots * NAME_STRIDE, CACHE_LINE_BYTES);
        controls = arena.allocate(slots * CONTROL_STRIDE, CACHE_LINE_BYTES);
        slab = arena.allocate(
                Math.max((long) slots * Cmsghdr.align(typicalBytes), Cmsghdr.align(MAX_PAYLOAD_BYTES)),
                CACHE_LINE_BYTES);
        wait = new WritableWait(arena);
        for (int i = 0; i < slots; i++) {
            vector.set(Struct.U64, header(i) + Msghdr.IOV, iovecs.address() + i * Iovec.BYTES);
            vector.set(Struct.U64, header(i) + Msghdr.IOVLEN, 1);
        }
    }

    /** Returns the number of datagrams waiting for {@link #flush}. */
    public int size() {
        return count;
    }

    /** Returns whether no datagram is waiting. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** Adds a datagram for a connected socket. @return false if the batch is full: flush, then add again */
    public boolean add(byte[] payload, int offset, int length) {
        return add(payload, offset, length, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Adds a datagram whose source address the kernel chooses. @return false if the batch is full: flush, then add again */
    public boolean add(
            byte[] payload, int offset, int length, int toFamily, long toHi, long toLo, int toPort, int toScopeId) {
        return add(payload, offset, length, toFamily, toHi, toLo, toPort, toScopeId, 0, 0, 0);
    }

    /**
     * Adds a datagram. An empty batch always takes one, of up to 65535 bytes.
     *
     * @param toFamily 4 or 6, or 0 on a connected socket, which ignores all that follows
     * @param fromHi source address, upper half; with {@code fromLo} 0 the kernel chooses
     * @param interfaceIndex outgoing interface; 0 lets routing decide, as it must where paths are asymmetric
     * @return false if the batch is full: flush, then add again
     */
    public boolean add(
            byte[] payload,
            int offset,
            int length,
            int toFamily,
            long toHi,
            long toLo,
            int toPort,
            int toScopeId,
            long fromHi,
            long fromLo,
            int interfaceIndex) {
        if (count == slots || length > slab.byteSize() - slabUsed) {
            return false;
        }
        int i = count;
        MemorySegment.copy(payload, offset, slab, Struct.BYTE, slabUsed, length);
        iovecs.set(Struct.U64, i * Iovec.BYTES + Iovec.BASE, slab.address() + slabUsed);
        iovecs.set(Struct.U64, i * Iovec.BYTES + Iovec.LEN, length);
        slabUsed += Cmsghdr.align(length);
        long nameAt = i * NAME_STRIDE;
        long controlAt = i * CONTROL_STRIDE;
        int nameBytes = toFamily == 0 ? 0 : Sockaddr.write(names, nameAt, toFamily, toHi, toLo, toPort, toScopeId);
        long controlBytes = toFamily == 0 || (fromHi | fromLo | interfaceIndex) == 0
                ? 0
                : PacketInfo.write(controls, controlAt, toFamily, fromHi, fromLo, interfaceIndex);
        long header = header(i);
        vector.set(Struct.U64, header + Msghdr.NAME, nameBytes == 0 ? 0 : names.address() + nameAt);
        vector.set(Struct.U32, header + Msghdr.NAMELEN, nameBytes);
        vector.set(Struct.U64, header + Msghdr.CONTROL, controlBytes == 0 ? 0 : controls.address() + controlAt);
        vector.set(Struct.U64, header + Msghdr.CONTROLLEN, controlBytes);
        count = i + 1;
        return true;
    }

    /**
     * Sends all that was added and empties the batch. A datagram that the kernel refuses (EMSGSIZE, EPERM of a firewall) is skipped and
     * counted in {@link #errors}. When the socket's buffer stays full for 5 ms, the rest is dropped and counted in {@link #dropped}.
     * So what was added is either sent, refused or dropped. An ICMP error that an earlier datagram of a connected socket brought in only
     * shows in {@link #lastErrno}: the datagram that met it is sent all the same.
     *
     * @return the number of datagrams sent
     */
    public int flush(UdpSocket socket) {
        return flush(socket.fd());
    }

    int flush(Fd fd) {
        int end = count;
        int next = 0;
        int sent = 0;
        int retried = -1;
        boolean waited = false;
        while (next < end) {
            long result = Syscall.call(
                    SyscallNumber.SENDMMSG,
                    fd.number(),
                    vector.address() + next * Mmsghdr.BYTES,
                    end - next,
                    Msghdr.MSG_DONTWAIT | Msghdr.MSG_NOSIGNAL);
            if (result > 0) {
                next += (int) result;
                sent += (int) result;
            } else if (result == -Errno.EAGAIN) {
                if (!waited) {
                    wait.start(MAX_WAIT_NS);
                    waited = true;
                }
                if (!wait.untilWritable(fd)) {
                    dropped += end - next;
                    break;
                }
            } else if (result != -Errno.EINTR) {
                lastErrno = (int) -result;
                if (retried != next && UdpSocket.maybeOfEarlierDatagram(result)) {
                    retried = next;
                } else {
                    errors++;
                    next++;
                }
            }
        }
        clear();
        return sent;
    }

    /** Forgets what was added. */
    public void clear() {
        count = 0;
        slabUsed = 0;
    }

    /** Returns how many datagrams were dropped since the start because the socket's buffer stayed full. */
    public long dropped() {
        return dropped;
    }

    /** Returns how many datagrams the kernel has refused since the start. */
    public long errors() {
        return errors;
    }

    /** Returns the positive errno of the latest refused datagram; 0 if there was none. */
    public int lastErrno() {
        return lastErrno;
    }

    /** Frees the memory; no thread may be inside {@link #flush}. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private static long header(int i) {
        return i * Mmsghdr.BYTES + Mmsghdr.HDR;
    }
}
