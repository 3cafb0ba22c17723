package dev.weir.engine.stat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One counter of many, such as a rule's or a frontend's, to which each data thread adds in memory of its own: no locked instruction, and no
 * cache line that two threads write. Any thread reads, and may see a value a moment old.
 *
 * <p>A thread's share is made when it first counts, behind the other shares of its {@link StatShard}: 8 octets, and about 40 of heap to
 * find it. A counter that nobody has used has none.
 */
public final class Tally {
    private static final VarHandle OTHERS;

    static {
        try {
            OTHERS = MethodHandles.lookup().findVarHandle(Tally.class, "others", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final @Nullable Cell[] NONE = {};

    /** By the shard's number; an array is not changed once it is here. */
    private volatile @Nullable Cell[] cells = NONE;

    private volatile long others;

    /** One more. */
    public void increment(StatShard mine) {
        add(mine, 1);
    }

    /** @param mine the calling thread's; of one engine's for all calls */
    public void add(StatShard mine, long delta) {
        @Nullable Cell[] seen = cells;
        int number = mine.number();
        Cell cell = number < seen.length ? seen[number] : null;
        (cell == null ? newCell(mine) : cell).add(delta);
    }

    private synchronized Cell newCell(StatShard mine) {
        Cell cell = mine.newCell(1);
        if (mine.isNowhere()) {
            return cell;
        }
        @Nullable Cell[] longer = Arrays.copyOf(cells, Math.max(cells.length, mine.number() + 1));
        longer[mine.number()] = cell;
        cells = longer;
        return cell;
    }

    /** For threads without a shard. */
    public void add(long delta) {
        OTHERS.getAndAdd(this, delta);
    }

    /** One more, for threads without a shard. */
    public void increment() {
        add(1);
    }

    /** All that was counted. */
    public long sum() {
        long sum = others;
        for (Cell cell : cells) {
            if (cell != null) {
                sum += cell.value(0);
            }
        }
        return sum;
    }
}
