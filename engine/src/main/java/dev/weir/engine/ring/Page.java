package dev.weir.engine.ring;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Peer;
import dev.weir.wire.Name;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a ring: entries that one thread appends while it has the page, and that anybody reads at the same time.
 *
 * <pre>
 *   word 0   time, System.nanoTime
 *   word 1   IPv4 client:32  port:16  type:16
 *   word 2   flags:16  offset:16  id:16  size:16
 *   word 3   latency in microseconds (responses):32  answers:16  name length:8  protocol:4  family:4
 *   octets   at the offset: an IPv6 client's 16, then the uncompressed name as received
 *   backends one reference an entry (responses)
 * </pre>
 *
 * An entry is never changed once it is published; a page is emptied as a whole when a thread takes it again. So one long says all that a
 * reader must know: how many entries are there, and the page's generation, which is another one if the page was emptied while an entry was
 * copied. That is a sequence lock a page instead of one a slot, at the price of one opaque load an entry read and one release store an
 * entry written.
 *
 * <p>Clients choose how long names are. The octets start with room for usual ones and grow when they must, up to {@link #MOST_OCTETS} an
 * entry; a page whose octets are used up is full with fewer entries. So nobody makes a ring take more than 132 octets an entry, and names as
 * long as they can be leave a third of the entries.
 */
final class Page {
    /** So many entries of most octets keep their offsets within 16 bits. */
    static final int MAX_ENTRIES = 128;

    /** Names and IPv6 addresses an entry, on average over a page. */
    private static final int MOST_OCTETS = 96;

    private static final int USUAL_OCTETS = 24;

    private static final int ADDRESS = 2 * Long.BYTES;

    /** What the largest entry takes, so that a page has room for one at least. */
    private static final int LARGEST_ENTRY = ADDRESS + Name.MAX_LENGTH;

    /** Words before the first entry. */
    private static final int HEAD_WORDS = 16;

    /**
     * Generation in the high half, published entries in the low one. Written with each entry: far enough from the array's start that no
     * neighbour in the heap, such as another thread's page, is on its cache line.
     */
    private static final int STATE = 8;

    private static final int OCTETS_USED = 9;

    private static final int STRIDE = 4;
    private static final int TIME = 0;
    private static final int CLIENT = 1;
    private static final int HEAD = 2;
    private static final int TAIL = 3;
    private static final int U16 = 0xffff;

    private static final VarHandle OPEN;
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle ADDRESSES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OPEN = lookup.findVarHandle(Page.class, "open", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;
    private final Room room;
    private final long[] words;
    private final @Nullable Endpoint[] backends;
    private byte[] octets;

    @SuppressWarnings("unused") // through OPEN
    private boolean open;

    /** What all pages of a ring may take together. */
    @FunctionalInterface
    interface Room {
        /** Takes so many octets of heap out of what is left; false if there is not that much. */
        boolean take(int octets);
    }

    /**
     * An empty page, for which the room was taken.
     *
     * @param responses whether entries have a backend
     * @param room for more octets of names
     */
    Page(int capacity, boolean responses, Room room) {
        this.capacity = capacity;
        this.room = room;
        words = new long[HEAD_WORDS + capacity * STRIDE];
        backends = new @Nullable Endpoint[responses ? capacity : 0];
        octets = new byte[Math.max(LARGEST_ENTRY, capacity * USUAL_OCTETS)];
    }

    /** Heap that a new page takes. */
    static int heapOctets(int capacity, boolean responses) {
        return (HEAD_WORDS + capacity * STRIDE) * Long.BYTES
                + (responses ? capacity * Integer.BYTES : 0)
                + Math.max(LARGEST_ENTRY, capacity * USUAL_OCTETS);
    }

    // ---- the writer

    /** Takes the page for the calling thread and empties it; false if another thread has it. */
    boolean take() {
        if (!OPEN.compareAndSet(this, false, true)) {
            return false;
        }
        WORDS.setOpaque(words, STATE, (long) (generation(words[STATE]) + 1) << 32);
        VarHandle.storeStoreFence(); // readers must see the new generation before any new content
        words[OCTETS_USED] = 0;
        return true;
    }

    /** Gives the page back, for whoever comes around the ring to it. */
    void release() {
        OPEN.setRelease(this, false);
    }

    /** Whether there is room for one more entry with this client and a name of so many octets; always so in an empty page. */
    boolean fits(Peer client, int nameLength) {
        if (isFull()) {
            return false;
        }
        int needed = (int) words[OCTETS_USED] + (client.family() == 4 ? 0 : ADDRESS) + nameLength;
        if (needed <= octets.length) {
            return true;
        }
        // Once or twice per page and kind of traffic; the page keeps the larger array.
        int larger = Math.min(2 * octets.length, capacity * MOST_OCTETS);
        if (needed > larger || !room.take(larger - octets.length)) {
            return false;
        }
        octets = Arrays.copyOf(octets, larger);
        return true;
    }

    boolean isFull() {
        return written() == capacity;
    }

    private int written() {
        return published(words[STATE]);
    }

    private static int place(int entry) {
        return HEAD_WORDS + entry * STRIDE;
    }

    /** Starts the next entry, which {@link #fits}; it is there for readers after {@link #publish}. */
    void write(long nanos, Peer client, int protocol, int id, int type, int flags, int size, int answers) {
        int at = place(written());
        long used = words[OCTETS_USED];
        boolean v4 = client.family() == 4;
        words[at + TIME] = nanos;
        words[at + CLIENT] = (v4 ? client.lo() << 32 : 0) | (long) client.port() << 16 | type;
        words[at + HEAD] = (long) flags << 48 | used << 32 | (long) id << 16 | size & U16;
        words[at + TAIL] = (long) answers << 16 | protocol << 4 | client.family();
        if (!v4) {
            ADDRESSES.set(octets, (int) used, client.hi());
            ADDRESSES.set(octets, (int) used + Long.BYTES, client.lo());
            words[OCTETS_USED] = used + ADDRESS;
        }
    }

    /** @param latencyMicros of 32 bits */
    void writeOutcome(long latencyMicros, @Nullable Endpoint backend) {
        int entry = written();
        words[place(entry) + TAIL] |= latencyMicros << 32;
        // Writing a reference marks the collector's card for this piece of the heap, and the cards of 32 KiB, other
        // threads' pages among them, share a cache line. Mostly the same backend stands there from the last round.
        if (backends[entry] != backend) {
            backends[entry] = backend;
        }
    }

    void publish(byte[] nameBytes, int nameOffset, int nameLength) {
        System.arraycopy(nameBytes, nameOffset, octets, (int) words[OCTETS_USED], nameLength);
        words[OCTETS_USED] += nameLength;
        words[place(written()) + TAIL] |= (long) nameLength << 8;
        WORDS.setRelease(words, STATE, words[STATE] + 1);
    }

    // ---- readers

    /** What to read by: {@link #published} entries, valid while {@link #isStill}. */
    long state() {
        return (long) WORDS.getAcquire(words, STATE);
    }

    static int published(long state) {
        return (int) state;
    }

    private static int generation(long state) {
        return (int) (state >>> 32);
    }

    /** Whether the page has not been emptied since, so that all that was read from it in between is whole. */
    boolean isStill(long since) {
        VarHandle.loadLoadFence();
        return generation((long) WORDS.getOpaque(words, STATE)) == generation(since);
    }

    long nanos(int entry) {
        return words[place(entry) + TIME];
    }

    /** Copies an entry; what is in the cursor counts only if the page {@link #isStill} the same afterwards. */
    void copy(int entry, RingCursor to) {
        int at = place(entry);
        long client = words[at + CLIENT];
        long head = words[at + HEAD];
        long tail = words[at + TAIL];
        to.nanos = words[at + TIME];
        to.type = (int) client & U16;
        to.flags = (int) (head >>> 48);
        to.id = (int) (head >>> 16) & U16;
        to.size = (int) head & U16;
        to.latencyMicros = tail >>> 32;
        to.answers = (int) (tail >>> 16) & U16;
        to.protocol = (int) (tail >>> 4) & 0xf;
        to.backend = backends.length == 0 ? null : backends[entry];
        to.nameLength = (int) (tail >>> 8) & 0xff;
        int port = (int) (client >>> 16) & U16;
        boolean v4 = ((int) tail & 0xf) == 4;
        byte[] from = octets;
        int offset = (int) (head >>> 32) & U16;
        if (offset + (v4 ? 0 : ADDRESS) + to.nameLength > from.length) {
            offset = 0; // of an entry that is being overwritten, as the generation will tell
        }
        if (v4) {
            to.client.set(4, 0, client >>> 32, port, 0);
        } else {
            long hi = (long) ADDRESSES.get(from, offset);
            to.client.set(6, hi, (long) ADDRESSES.get(from, offset + Long.BYTES), port, 0);
            offset += ADDRESS;
        }
        System.arraycopy(from, offset, to.name, 0, to.nameLength);
    }
}
