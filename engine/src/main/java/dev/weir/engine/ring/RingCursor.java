package dev.weir.engine.ring;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.listen.Protocol;
import dev.weir.wire.Header;
import dev.weir.wire.Name;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the entries of one ring while data threads go on writing to it. The cursor is the entry: {@link #next} copies the fields into
 * it, and makes no object. Entries of one thread come in the order of their time, pages of several threads in no particular one. An entry
 * that is overwritten while it is copied is left out. Belongs to one thread at a time; may be used again and again.
 *
 * <pre>
 *   RingCursor queries = rings.queries();
 *   for (queries.since(nowNanos - windowNanos); queries.next(); ) { … queries.type() … }
 * </pre>
 */
public final class RingCursor {
    /** The latency of a response that never came. */
    public static final long TIMEOUT = 0xffff_ffffL;

    private static final Protocol[] PROTOCOLS = Protocol.values();

    private final Rings rings;
    private final boolean responses;
    private @Nullable Ring ring;
    private @Nullable Page page;
    private long state;
    private int nextPage;
    private int nextEntry;
    private boolean bounded;
    private long oldestNanos;
    private int weight = 1;

    // The entry, as Page.copy leaves it.
    final Peer client = new Peer();
    final byte[] name = new byte[Name.MAX_LENGTH];
    long nanos;
    int nameLength;
    int id;
    int type;
    int flags;
    int size;
    int answers;
    int protocol;
    long latencyMicros;

    @Nullable Endpoint backend;

    RingCursor(Rings rings, boolean responses) {
        this.rings = rings;
        this.responses = responses;
    }

    /** Starts a walk over all entries. */
    public RingCursor all() {
        return start(false, 0);
    }

    /** Starts a walk over the entries of that time and later, {@link System#nanoTime}; pages that ended before are passed over at once. */
    public RingCursor since(long oldest) {
        return start(true, oldest);
    }

    private RingCursor start(boolean newBounded, long oldest) {
        Rings.Contents contents = rings.contents();
        ring = responses ? contents.responses : contents.queries;
        weight = contents.spec.weight();
        bounded = newBounded;
        oldestNanos = oldest;
        page = null;
        nextPage = 0;
        return this;
    }

    /** Goes to the next entry; false if there is none. */
    public boolean next() {
        while (page != null || openPage()) {
            Page current = page;
            if (current == null) {
                return false;
            }
            while (nextEntry < Page.published(state)) {
                int entry = nextEntry++;
                if (bounded && current.nanos(entry) - oldestNanos < 0) {
                    continue;
                }
                current.copy(entry, this);
                if (!current.isStill(state)) {
                    break; // the rest has gone with it
                }
                return true;
            }
            page = null;
        }
        return false;
    }

    private boolean openPage() {
        Ring from = ring;
        while (from != null && nextPage < from.pages()) {
            Page candidate = from.page(nextPage++);
            if (candidate == null) {
                continue;
            }
            state = candidate.state();
            int published = Page.published(state);
            if (published > 0 && !(bounded && candidate.nanos(published - 1) - oldestNanos < 0)) {
                page = candidate;
                nextEntry = 0;
                return true;
            }
        }
        return false;
    }

    // ---- the entry

    /** How many queries or responses this one stands for: 1, or the sampling rate. */
    public int weight() {
        return weight;
    }

    /** When the query was received or the response was sent, {@link System#nanoTime}. */
    public long nanos() {
        return nanos;
    }

    /** Who asked; overwritten by the next entry. */
    public Peer client() {
        return client;
    }

    /** Holds the question's name at offset 0, uncompressed and with the client's own upper case; overwritten by the next entry. */
    public byte[] nameBytes() {
        return name;
    }

    /** Octets of the name, the root's zero included. */
    public int nameLength() {
        return nameLength;
    }

    /** The name as an object of its own. */
    public Name name() {
        return Name.ofWire(name, 0, nameLength);
    }

    /** The id that the client gave its query. */
    public int id() {
        return id;
    }

    public int type() {
        return type;
    }

    /** Octets of the message; 0 for a timeout. */
    public int size() {
        return size;
    }

    /** The second word of the message's header; 0 for a timeout. */
    public int flags() {
        return flags;
    }

    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** The response's code without its EDNS part. */
    public int rcode() {
        return flags & Header.RCODE_MASK;
    }

    /** Records in the answer section; 0 for queries. */
    public int answers() {
        return answers;
    }

    /** How the query was received, or the response: from its backend, or for the cache the way the query came. */
    public Protocol protocol() {
        return PROTOCOLS[protocol];
    }

    /** From the reception of the query to its response, in microseconds; {@link #TIMEOUT} if there was none. */
    public long latencyMicros() {
        return latencyMicros;
    }

    public boolean isTimeout() {
        return latencyMicros == TIMEOUT;
    }

    /** Whether this is an entry of the ring of responses. */
    public boolean isResponse() {
        return responses;
    }

    /** Who answered, or should have; {@link RingWriter#NO_BACKEND} for the cache, {@code null} for a query. */
    public @Nullable Endpoint backend() {
        return backend;
    }

    /** Whether the response came from the cache. */
    public boolean isCacheHit() {
        return backend == RingWriter.NO_BACKEND;
    }
}
