package dev.weir.engine.ring;

/**
 * The ring of queries and the ring of responses. Data threads write through a {@link RingWriter} each, everybody reads through
 * {@linkplain RingCursor cursors} of their own; neither ever waits for the other. Any thread.
 */
public final class Rings {
    /** A ring takes at most one in so many octets of the heap. */
    private static final int HEAP_SHARE = 8;

    private final long ringOctets;
    private volatile Contents contents;

    /** Rings that may take an eighth of the heap each. */
    public Rings() {
        this(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    /** @param ringOctets what each ring may take */
    Rings(long ringOctets) {
        this.ringOctets = ringOctets;
        contents = new Contents(RingSpec.DEFAULT, ringOctets);
    }

    /** Both rings under one specification, so that they are replaced together. */
    static final class Contents {
        final RingSpec spec;
        final Ring queries;
        final Ring responses;

        Contents(RingSpec spec, long ringOctets) {
            this.spec = spec;
            queries = new Ring(Math.max(1, spec.entries()), false, ringOctets);
            responses = new Ring(Math.max(1, spec.entries()), true, ringOctets);
        }
    }

    Contents contents() {
        return contents;
    }

    public RingSpec spec() {
        return contents.spec;
    }

    /** Starts over with empty rings of this kind. */
    public void configure(RingSpec spec) {
        contents = new Contents(spec, ringOctets);
    }

    /** For the use of one data thread. */
    public RingWriter newWriter() {
        return new RingWriter(this);
    }

    /** Walks over queries; for the use of one thread at a time. */
    public RingCursor queries() {
        return new RingCursor(this, false);
    }

    /** Walks over responses; for the use of one thread at a time. */
    public RingCursor responses() {
        return new RingCursor(this, true);
    }
}
