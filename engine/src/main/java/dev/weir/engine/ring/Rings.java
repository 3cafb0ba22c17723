package dev.weir.engine.ring;

/**
 * The ring of queries and the ring of responses. Data threads write through a {@link RingWriter} each, everybody reads through
 * {@linkplain RingCursor cursors} of their own; neither ever waits for the other. Any thread.
 */
public final class Rings {
    private volatile Contents contents = new Contents(RingSpec.DEFAULT);

    /** Both rings under one specification, so that they are replaced together. */
    static final class Contents {
        final RingSpec spec;
        final Ring queries;
        final Ring responses;

        Contents(RingSpec spec) {
            this.spec = spec;
            queries = new Ring(Math.max(1, spec.entries()), false);
            responses = new Ring(Math.max(1, spec.entries()), true);
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
        contents = new Contents(spec);
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
