package dev.weir.engine.ring;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Peer;
import dev.weir.wire.Name;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a ring: entries that one thread appends while it has the page, and that anybody reads at the same time.
 *
 * <pre>
 *   word 0   time, System.nanoTime
 *   word 1   client, high 64 bits
 *   word 2   client, low 64 bits
 *   word 3   port:16  type:16  flags:16  name offset:16
 *   word 4   latency, microseconds (responses)
 *   word 5   id:16  size:16  answers:16  name length:8  protocol:4  family:4
 *   names    uncompressed names as received, one behind the other
 *   backends one reference an entry (responses)
 * </pre>
 *
 * An entry is never changed once it is published; a page is emptied as a whole when a thread takes it again. So one long says all that a
 * reader must know: how many entries are there, and the page's generation, which is another one if the page was emptied while an entry was
 * copied. That is a sequence lock a page instead of one a slot, at the price of one opaque load an entry read and one release store an
 * entry written.
 */
final class Page {
    /** So many names of 255 octets (RFC 1035 2.3.4) keep their offsets within 16 bits. */
    static final int MAX_ENTRIES = 128;

    /** Words before the first entry. */
    private static final int HEAD_WORDS = 16;

    /**
     * Generation in the high half, published entries in the low one. Written with each entry: far enough from the array's start that no
     * neighbour in the heap, such as another thread's page, is on its cache line.
     */
    private static final int STATE = 8;

    private static final int NAMES_USED = 9;

    private static final int STRIDE = 6;
    private static final int TIME = 0;
    private static final int HI = 1;
    private static final int LO = 2;
    private static final int HEAD = 3;
    private static final int LATENCY = 4;
    private static final int TAIL = 5;
    private static final int U16 = 0xffff;
    private static final int USUAL_NAME = 24;

    private static final VarHandle OPEN;
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            OPEN = lookup.findVarHandle(Page.class, "open", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int capacity;
    private final long[] words;
    private final @Nullable Endpoint[] backends;
    private byte[] names;

    @SuppressWarnings("unused") // through OPEN
    private boolean open;

    /** @param responses whether entries have a backend */
    Page(int capacity, boolean responses) {
        this.capacity = capacity;
        words = new long[HEAD_WORDS + capacity * STRIDE];
        backends = new @Nullable Endpoint[responses ? capacity : 0];
        names = new byte[capacity * USUAL_NAME];
    }

    // ---- the writer

    /** Takes the page for the calling thread and empties it; false if another thread has it. */
    boolean take() {
        if (!OPEN.compareAndSet(this, false, true)) {
            return false;
        }
        WORDS.setOpaque(words, STATE, (long) (generation(words[STATE]) + 1) << 32);
        VarHandle.storeStoreFence(); // readers must see the new generation before any new content
        words[NAMES_USED] = 0;
        return true;
    }

    /** Gives the page back, for whoever comes around the ring to it. */
    void release() {
        OPEN.setRelease(this, false);
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

    /** Starts the next entry; it is there for readers after {@link #publish}. */
    void write(long nanos, Peer client, int protocol, int id, int type, int flags, int size, int answers) {
        int at = place(written());
        words[at + TIME] = nanos;
        words[at + HI] = client.hi();
        words[at + LO] = client.lo();
        words[at + HEAD] = (long) client.port() << 48 | (long) type << 32 | (long) flags << 16 | words[NAMES_USED];
        words[at + TAIL] =
                (long) id << 48 | (long) (size & U16) << 32 | (long) answers << 16 | protocol << 4 | client.family();
    }

    void writeOutcome(long latencyMicros, @Nullable Endpoint backend) {
        int entry = written();
        words[place(entry) + LATENCY] = latencyMicros;
        // Writing a reference marks the collector's card for this piece of the heap, and the cards of 32 KiB, other
        // threads' pages among them, share a cache line. Mostly the same backend stands there from the last round.
        if (backends[entry] != backend) {
            backends[entry] = backend;
        }
    }

    void publish(byte[] nameBytes, int nameOffset, int nameLength) {
        int namesUsed = (int) words[NAMES_USED];
        if (namesUsed + nameLength > names.length) {
            // Once per page and kind of traffic; the page keeps the larger array.
            names = Arrays.copyOf(names, Math.min(2 * names.length + nameLength, capacity * Name.MAX_LENGTH));
        }
        System.arraycopy(nameBytes, nameOffset, names, namesUsed, nameLength);
        words[NAMES_USED] += nameLength;
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
        long head = words[at + HEAD];
        long tail = words[at + TAIL];
        to.client.set((int) tail & 0xf, words[at + HI], words[at + LO], (int) (head >>> 48), 0);
        to.nanos = words[at + TIME];
        to.type = (int) (head >>> 32) & U16;
        to.flags = (int) (head >>> 16) & U16;
        to.id = (int) (tail >>> 48);
        to.size = (int) (tail >>> 32) & U16;
        to.answers = (int) (tail >>> 16) & U16;
        to.protocol = (int) (tail >>> 4) & 0xf;
        to.latencyMicros = words[at + LATENCY];
        to.backend = backends.length == 0 ? null : backends[entry];
        int offset = (int) head & U16;
        byte[] from = names;
        // A torn entry may ask for octets that are not there; the generation tells afterwards.
        to.nameLength = Math.min((int) (tail >>> 8) & 0xff, Math.max(0, from.length - offset));
        System.arraycopy(from, Math.min(offset, from.length), to.name, 0, to.nameLength);
    }
}
