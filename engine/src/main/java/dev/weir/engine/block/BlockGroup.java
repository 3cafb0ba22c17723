package dev.weir.engine.block;

import dev.weir.engine.acl.Netmask;
import dev.weir.engine.acl.NetmaskGroup;
import dev.weir.engine.ring.NameTree;
import dev.weir.engine.ring.Rings;
import dev.weir.engine.rule.SuffixSet;
import dev.weir.engine.stat.Counter;
import dev.weir.engine.stat.Statistics;
import dev.weir.wire.Name;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Limits that are compared with the rings together, and the blocks for those that exceed them: dnsdist's {@code DynBlockRulesGroup}.
 *
 * <p>A script applies its groups once a second, from {@code maintenance()}. A flood would have a second to go on until then, so a group that
 * is applied again and again is also evaluated in between ({@link #evaluateBetween}): the same limits over the same windows, but what is in
 * force is left alone and only new blocks are inserted, and no Lua function is asked about names. That stops when the script stops.
 *
 * <p>Any thread; one at a time evaluates.
 */
public final class BlockGroup {
    /** A script that has not applied a group for so long has stopped doing so. */
    private static final long STEADY_NANOS = 3 * BlockSpec.SECOND_NANOS;

    /** Entries get the time at which their batch began. */
    private static final long BATCH_NANOS = 10_000_000L;

    /** An evaluation in between may take so long ... */
    private static final long QUICK_NANOS = 5_000_000L;

    /** ... and otherwise the next one comes after so many times its duration. */
    private static final int BACK_OFF = 20;

    private static final Comparator<Limit> ORDER =
            Comparator.comparing(Limit::kind).thenComparingInt(Limit::code);

    private final DynamicBlocks blocks;
    private final Statistics statistics;
    private final LongSupplier clock;
    private final ClientScan scan;
    private final Rings rings;
    private List<Limit> limits = List.of();
    private @Nullable SuffixRule suffixRule;
    private final NameTree tree = new NameTree();
    private final NetmaskGroup ranges = new NetmaskGroup();
    private final SuffixSet excludedDomains = new SuffixSet();
    private Masks masks = Masks.DEFAULT;
    private boolean quiet;
    private @Nullable Hook hook;

    private boolean applied;
    private long appliedNanos;
    private long evaluatedNanos;
    private long notBeforeNanos;

    /** @param clock {@link System#nanoTime}, to see how long an evaluation takes */
    public BlockGroup(DynamicBlocks blocks, Rings rings, Statistics statistics, LongSupplier clock) {
        this.blocks = blocks;
        this.rings = rings;
        this.statistics = statistics;
        this.clock = clock;
        this.scan = blocks.newScan(rings);
    }

    /** Is told of each block that is news. */
    @FunctionalInterface
    public interface Hook {
        /** @param name whether {@code key} is a name and not a range of clients */
        void inserted(boolean name, String key, BlockSpec block);
    }

    private record News(boolean name, String key, BlockSpec block) {}

    /** The new blocks of one evaluation: all of them if a hook is told, else as many as the log may want to name. */
    private final class AllNews {
        final List<News> named = new ArrayList<>();
        long more;

        void add(boolean name, Object key, BlockSpec block) {
            if (hook == null && named.size() >= BlockLog.LINES) {
                more++;
            } else {
                named.add(new News(name, key.toString(), block));
            }
        }
    }

    // ---- what is limited

    /** Adds a limit, or replaces the one of the same kind and code. */
    public synchronized void limit(Limit limit) {
        List<Limit> all = new ArrayList<>(limits);
        all.removeIf(other -> ORDER.compare(other, limit) == 0);
        all.add(limit);
        all.sort(ORDER);
        limits = List.copyOf(all);
    }

    /** Sets the function that looks at names, instead of the one there is. */
    public synchronized void suffixRule(SuffixRule rule) {
        suffixRule = rule;
    }

    public synchronized void masks(Masks newMasks) {
        masks = newMasks;
    }

    /** Never blocks clients of a network, but for those of a more specific one that is included. */
    public synchronized void exclude(Netmask range) {
        ranges.add(new Netmask(range.ip(), range.prefix(), false));
    }

    /** Takes clients of a network out of a wider one that is excluded. */
    public synchronized void include(Netmask range) {
        ranges.add(new Netmask(range.ip(), range.prefix(), true));
    }

    /** Forgets what was said of exactly this network. */
    public synchronized void forget(Netmask range) {
        ranges.remove(range);
    }

    /** Never blocks a name or one below it. */
    public synchronized void exclude(Name domain) {
        excludedDomains.add(domain);
    }

    /** Whether to keep new blocks out of the log. */
    public synchronized void quiet(boolean newQuiet) {
        quiet = newQuiet;
    }

    public synchronized void hook(Hook newHook) {
        hook = newHook;
    }

    // ---- evaluation

    /** Compares all limits and asks the function for names; to be called each second. */
    public void apply(long nowNanos) {
        AllNews news = new AllNews();
        boolean steady;
        synchronized (this) {
            steady = applied && nowNanos - appliedNanos <= STEADY_NANOS;
            applied = true;
            appliedNanos = nowNanos;
            evaluatedNanos = nowNanos;
            scan(nowNanos, news, false);
            SuffixRule rule = suffixRule;
            if (rule != null) {
                rule.evaluate(rings, tree, excludedDomains, nowNanos, (name, spec) -> {
                    if (blocks.insert(name, spec, nowNanos)) {
                        news.add(true, name.toStringNoDot(), spec);
                    }
                });
                statistics.add(Counter.DYN_BLOCK_UNSEEN, tree.unseen());
            }
        }
        if (steady) {
            blocks.applied(this);
        }
        announce(news, nowNanos);
    }

    /**
     * Looks for new offenders between two applications, unless nothing has been recorded since or the last evaluation was slow.
     *
     * @return false if the script does not apply the group any more
     */
    boolean evaluateBetween(long nowNanos) {
        AllNews news = new AllNews();
        synchronized (this) {
            if (nowNanos - appliedNanos > STEADY_NANOS) {
                return false;
            }
            if (nowNanos - notBeforeNanos < 0 && notBeforeNanos != 0 || !scan.hasNews(evaluatedNanos - BATCH_NANOS)) {
                return true;
            }
            long startNanos = clock.getAsLong();
            evaluatedNanos = nowNanos;
            scan(nowNanos, news, true);
            long tookNanos = clock.getAsLong() - startNanos;
            notBeforeNanos = tookNanos > QUICK_NANOS ? nowNanos + BACK_OFF * tookNanos : 0;
        }
        announce(news, nowNanos);
        return true;
    }

    private void scan(long nowNanos, AllNews news, boolean onlyNew) {
        NetmaskGroup excluded = ranges.isEmpty() ? null : ranges;
        scan.run(applicable(), masks, excluded, nowNanos, (family, hi, lo, port, limit, warning, count) -> {
            int prefix = masks.bits(family);
            int portBits = masks.portBits(family);
            if (onlyNew && blocks.isBlocked(family, hi, lo, prefix, port, portBits, warning, nowNanos)) {
                return;
            }
            ClientRange range = new ClientRange(family, hi, lo, prefix, port, portBits);
            BlockSpec spec = warning ? limit.block().asWarning() : limit.block();
            if (blocks.insert(range, spec, nowNanos)) {
                news.add(false, range, spec);
            }
        });
    }

    /** Without those that a cold cache would fulfil. */
    private List<Limit> applicable() {
        double hits = statistics.value(Counter.CACHE_HITS);
        double all = hits + statistics.value(Counter.CACHE_MISSES);
        double ratio = all == 0 ? 0 : hits / all;
        boolean cold = false;
        for (Limit limit : limits) {
            cold |= limit.leastHitRatio() > ratio;
        }
        return cold
                ? limits.stream()
                        .filter(limit -> limit.leastHitRatio() <= ratio)
                        .toList()
                : limits;
    }

    /** After the lock is given back: the hook may be Lua code, which has a lock of its own. */
    private void announce(AllNews all, long nowNanos) {
        boolean silent;
        Hook told;
        synchronized (this) {
            silent = quiet;
            told = hook;
        }
        for (News news : all.named) {
            if (!silent) {
                blocks.log().inserted(news.key(), news.block(), nowNanos);
            }
            if (told != null) {
                told.inserted(news.name(), news.key(), news.block());
            }
        }
        if (!silent) {
            blocks.log().inserted(all.more);
        }
    }

    /** The limits and exceptions, in dnsdist's words. */
    @Override
    public synchronized String toString() {
        return GroupText.of(limits, suffixRule, ranges, excludedDomains);
    }
}
