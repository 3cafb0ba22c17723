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
 * <p>A segmenting batch hands datagrams of one length for one destination to the kernel as one message ({@link SegmentRuns}), so that
 * datagrams with different destinations or lengths may leave in another order than they were added. Where the path does not take that
 * (before Linux 4.18, over IPsec), they go one by one as always.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/sendmmsg.2.html">sendmmsg(2)</a>
 */
public final class SendBatch implements AutoCloseable {
    /** A DNS message's greatest length; UDP over IPv4 takes 28 bytes less and answers EMSGSIZE to more. */
    private static final int MAX_PAYLOAD_BYTES = 65535;

    /** How long a flush may wait for room in the socket's buffer, all in all: an agent must not stall behind a slow interface. */
    private static final long MAX_WAIT_NS = 5_000_000;

    private static final long NAME_STRIDE = Cmsghdr.align(Sockaddr.BYTES);
    private static final long SEGMENT_CONTROL_BYTES = Cmsghdr.space(Short.BYTES);
    private static final long CONTROL_STRIDE = PacketInfo.CONTROL_BYTES + SEGMENT_CONTROL_BYTES;

    /** So many messages in segments may be refused before the batch tries no more. */
    private static final int MAX_REFUSALS = 8;

    private static final long CACHE_LINE_BYTES = 64;
    private static final DatagramPath CONNECTED = new DatagramPath();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment vector;
    private final MemorySegment iovecs;
    private final MemorySegment names;
    private final MemorySegment controls;
    private final MemorySegment slab;
    private final WritableWait wait;
    private final int slots;
    private final SegmentRuns runs;
    private final long[] payloadAt;
    private final int[] lengths;
    private final int[] nameBytes;
    private final int[] controlBytes;
    /** Datagrams in the order in which they are sent. */
    private final int[] order;
    /** Where the datagrams of each message start in {@link #order}; one more than there are messages. */
    private final int[] starts;

    private boolean segmenting;
    private int refusals;
    private int count;
    private long slabUsed;
    private long dropped;
    private long errors;
    private int lastErrno;

    /** A batch that does not segment. */
    public SendBatch(int slots, int typicalBytes) {
        this(slots, typicalBytes, false);
    }

    /**
     * @param slots datagrams per call, at most 1024 (the kernel's UIO_MAXIOV)
     * @param typicalBytes sizes the slab, which holds {@code slots} times as much, and one datagram of any size at least
     * @param segmenting whether datagrams that differ in their content alone go through the kernel as one; for UDP sockets only
     */
    public SendBatch(int slots, int typicalBytes, boolean segmenting) {
        this.slots = slots;
        this.segmenting = segmenting;
        vector = arena.allocate(slots * Mmsghdr.BYTES, CACHE_LINE_BYTES);
        iovecs = arena.allocate(slots * Iovec.BYTES, CACHE_LINE_BYTES);
        names = arena.allocate(slots * NAME_STRIDE, CACHE_LINE_BYTES);
        controls = arena.allocate(slots * CONTROL_STRIDE, CACHE_LINE_BYTES);
        slab = arena.allocate(
                Math.max((long) slots * Cmsghdr.align(typicalBytes), Cmsghdr.align(MAX_PAYLOAD_BYTES)),
                CACHE_LINE_BYTES);
        wait = new WritableWait(arena);
        runs = new SegmentRuns(slots);
        payloadAt = new long[slots];
        lengths = new int[slots];
        nameBytes = new int[slots];
        controlBytes = new int[slots];
        order = new int[slots];
        starts = new int[slots + 1];
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
        return add(payload, offset, length, CONNECTED);
    }

    /**
     * Adds a datagram. An empty batch always takes one, of up to 65535 bytes. The path is not kept.
     *
     * @return false if the batch is full: flush, then add again
     */
    public boolean add(byte[] payload, int offset, int length, DatagramPath path) {
        if (count == slots || length > slab.byteSize() - slabUsed) {
            return false;
        }
        int i = count;
        MemorySegment.copy(payload, offset, slab, Struct.BYTE, slabUsed, length);
        payloadAt[i] = slab.address() + slabUsed;
        lengths[i] = length;
        slabUsed += Cmsghdr.align(length);
        nameBytes[i] = path.writeName(names, i * NAME_STRIDE);
        controlBytes[i] = (int) path.writeControl(controls, i * CONTROL_STRIDE);
        if (segmenting) {
            runs.add(i, length, path);
        }
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
        int messages = layOut();
        int next = 0;
        int sent = 0;
        int retried = -1;
        boolean waited = false;
        while (next < messages) {
            long result = Syscall.call(
                    SyscallNumber.SENDMMSG,
                    fd.number(),
                    vector.address() + next * Mmsghdr.BYTES,
                    messages - next,
                    Msghdr.MSG_DONTWAIT | Msghdr.MSG_NOSIGNAL);
            if (result > 0) {
                sent += starts[next + (int) result] - starts[next];
                next += (int) result;
            } else if (result == -Errno.EAGAIN) {
                if (!waited) {
                    wait.start(MAX_WAIT_NS);
                    waited = true;
                }
                if (!wait.untilWritable(fd)) {
                    dropped += count - starts[next];
                    break;
                }
            } else if (result != -Errno.EINTR) {
                lastErrno = (int) -result;
                if (retried != starts[next] && UdpSocket.maybeOfEarlierDatagram(result)) {
                    retried = starts[next];
                } else if (starts[next + 1] - starts[next] > 1) {
                    segmenting = ++refusals < MAX_REFUSALS;
                    messages = layOutSingly(starts[next]);
                    next = 0;
                } else {
                    errors++;
                    next++;
                }
            }
        }
        clear();
        return sent;
    }

    /** Makes messages of all datagrams, and returns how many. */
    private int layOut() {
        int messages = 0;
        int ordered = 0;
        for (int i = 0; i < count; i++) {
            int size = segmenting ? runs.size(i) : 1;
            if (size > 0) {
                starts[messages] = ordered;
                order[ordered++] = i;
                for (int rest = 1, each = i; rest < size; rest++) {
                    each = runs.next(each);
                    order[ordered++] = each;
                }
                message(messages++, size);
            }
        }
        starts[messages] = ordered;
        return messages;
    }

    /** Makes a message of each datagram from a place in the order on, and returns how many. */
    private int layOutSingly(int from) {
        int messages = count - from;
        for (int message = 0; message < messages; message++) {
            starts[message] = from + message;
            message(message, 1);
        }
        starts[messages] = count;
        return messages;
    }

    /** Fills in the header of a message of so many datagrams, from its place in the order on. */
    private void message(int message, int size) {
        int start = starts[message];
        for (int i = start; i < start + size; i++) {
            iovecs.set(Struct.U64, i * Iovec.BYTES + Iovec.BASE, payloadAt[order[i]]);
            iovecs.set(Struct.U64, i * Iovec.BYTES + Iovec.LEN, lengths[order[i]]);
        }
        int first = order[start];
        long controlAt = first * CONTROL_STRIDE;
        long control = controlBytes[first];
        if (size > 1) {
            long at = controlAt + control;
            controls.set(Struct.U64, at + Cmsghdr.LEN, Cmsghdr.BYTES + Short.BYTES);
            controls.set(Struct.U32, at + Cmsghdr.LEVEL, SocketOption.SOL_UDP);
            controls.set(Struct.U32, at + Cmsghdr.TYPE, SocketOption.UDP_SEGMENT);
            controls.set(Struct.U16, at + Cmsghdr.BYTES, (short) lengths[first]);
            control += SEGMENT_CONTROL_BYTES;
        }
        long header = header(message);
        vector.set(Struct.U64, header + Msghdr.NAME, nameBytes[first] == 0 ? 0 : names.address() + first * NAME_STRIDE);
        vector.set(Struct.U32, header + Msghdr.NAMELEN, nameBytes[first]);
        vector.set(Struct.U64, header + Msghdr.IOV, iovecs.address() + start * Iovec.BYTES);
        vector.set(Struct.U64, header + Msghdr.IOVLEN, size);
        vector.set(Struct.U64, header + Msghdr.CONTROL, control == 0 ? 0 : controls.address() + controlAt);
        vector.set(Struct.U64, header + Msghdr.CONTROLLEN, control);
    }

    /** Forgets what was added. */
    public void clear() {
        count = 0;
        slabUsed = 0;
        runs.clear();
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
