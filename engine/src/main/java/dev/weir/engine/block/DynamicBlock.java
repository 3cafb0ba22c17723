package dev.weir.engine.block;

import dev.weir.engine.action.Result;
import dev.weir.engine.stat.StatShard;
import dev.weir.engine.stat.Tally;
import dev.weir.wire.Name;
import org.jspecify.annotations.Nullable;

/**
 * A block in force: whom or what it stops, how, and until when. Read by data threads, which add to its hits; the rest belongs to
 * {@link DynamicBlocks}.
 */
public final class DynamicBlock {
    private final @Nullable ClientRange client;
    private final @Nullable Name suffix;
    private final BlockSpec spec;
    private final Tally hits;
    private volatile long endNanos;
    private volatile boolean inKernel;
    private volatile long kernelHits;

    /** What the kernel's entry had counted before this block. */
    private long kernelBase;

    /** What {@link TopOffenders} have seen of its hits. */
    private long seenHits;

    /** A block of a client, or of a name. */
    DynamicBlock(@Nullable ClientRange client, @Nullable Name suffix, BlockSpec spec, long endNanos) {
        this(client, suffix, spec, endNanos, new Tally());
    }

    private DynamicBlock(
            @Nullable ClientRange client, @Nullable Name suffix, BlockSpec spec, long endNanos, Tally hits) {
        this.client = client;
        this.suffix = suffix;
        this.spec = spec;
        this.endNanos = endNanos;
        this.hits = hits;
    }

    /** What stands in its place from now on: it counts on where this one stops. */
    DynamicBlock successor(BlockSpec newSpec, long newEndNanos) {
        DynamicBlock block = new DynamicBlock(client, suffix, newSpec, newEndNanos, hits);
        block.seenHits = seenHits;
        return block;
    }

    /** Whom it stops; {@code null} for a block of names. */
    public @Nullable ClientRange client() {
        return client;
    }

    /** The name that it stops with everything below; {@code null} for a block of clients. */
    public @Nullable Name suffix() {
        return suffix;
    }

    public BlockSpec spec() {
        return spec;
    }

    public String reason() {
        return spec.reason();
    }

    /** {@link Result#NONE} stands for the action of {@code setDynBlocksAction}. */
    public Result action() {
        return spec.action();
    }

    public boolean warning() {
        return spec.warning();
    }

    /** When it ends, {@link System#nanoTime}. */
    public long endNanos() {
        return endNanos;
    }

    public boolean isActive(long nowNanos) {
        return endNanos - nowNanos > 0;
    }

    void extend(long newEndNanos) {
        endNanos = newEndNanos;
    }

    /**
     * One more query met it.
     *
     * @param mine the calling thread's
     */
    public void hit(StatShard mine) {
        hits.increment(mine);
    }

    Tally hits() {
        return hits;
    }

    /** Queries that met it, in user space and, as of the last {@link DynamicBlocks#refreshKernelHits}, in the kernel. */
    public long blocks() {
        return hits.sum() + kernelHits;
    }

    /** Of these, the ones that met it in the kernel. */
    public long kernelBlocks() {
        return kernelHits;
    }

    /** For {@link TopOffenders}. */
    long hitsSinceLastLook() {
        long all = blocks();
        long more = all - seenHits;
        seenHits = all;
        return more;
    }

    /** Whether the kernel enforces it. */
    public boolean inKernel() {
        return inKernel;
    }

    void inKernel(boolean now) {
        inKernel = now;
    }

    /** @param counted what the kernel's entry had counted when this block was put there */
    void kernelBase(long counted) {
        kernelBase = counted;
    }

    long kernelBase() {
        return kernelBase;
    }

    /** @param counted by the kernel's entry in all; an entry that was made anew starts again at 0 */
    void kernelCounted(long counted) {
        kernelHits = counted >= kernelBase ? counted - kernelBase : counted;
    }

    /** The kernel's entry is going: what it counted stays. */
    void keepKernelHits() {
        hits.add(kernelHits);
        kernelHits = 0;
    }

    /** The client's range, or the name. */
    public String key() {
        return client != null ? client.toString() : String.valueOf(suffix);
    }

    @Override
    public String toString() {
        return key() + ": " + spec;
    }
}
