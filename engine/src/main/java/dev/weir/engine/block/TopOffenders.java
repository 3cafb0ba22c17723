package dev.weir.engine.block;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who is stopped most: hits per second of blocks over the last minute, looked at every ten seconds, the twenty busiest of each reason. Any
 * thread.
 */
public final class TopOffenders {
    private static final long LOOK_NANOS = 10 * BlockSpec.SECOND_NANOS;
    private static final int LOOKS = 6;
    private static final int MOST = 20;

    /**
     * A blocked client or suffix.
     *
     * @param key as blocks are listed by
     */
    public record Offender(String reason, String key, double hitsPerSecond) {}

    private record Look(long nanos, Map<String, Long> hits) {}

    private final ArrayDeque<Look> looks = new ArrayDeque<>();
    private volatile List<Offender> top = List.of();

    /** Whether it is time to look again. */
    synchronized boolean isDue(long nowNanos) {
        Look last = looks.peekLast();
        return last == null || nowNanos - last.nanos >= LOOK_NANOS;
    }

    /** Looks at the blocks that are in force. */
    synchronized void look(List<DynamicBlock> blocks, long nowNanos) {
        Map<String, Long> hits = new HashMap<>();
        blocks.forEach(block -> hits.put(block.key(), block.blocks()));
        looks.addLast(new Look(nowNanos, hits));
        if (looks.size() > LOOKS + 1) {
            looks.removeFirst();
        }
        top = rank(blocks, looks.getFirst(), hits, nowNanos);
    }

    private static List<Offender> rank(List<DynamicBlock> blocks, Look oldest, Map<String, Long> hits, long nowNanos) {
        double seconds = (nowNanos - oldest.nanos) / (double) BlockSpec.SECOND_NANOS;
        if (seconds <= 0) {
            return List.of();
        }
        Map<String, List<Offender>> byReason = new TreeMap<>();
        for (DynamicBlock block : blocks) {
            long before = oldest.hits.getOrDefault(block.key(), 0L);
            // A block that has ended and come again counts from 0.
            long more = hits.getOrDefault(block.key(), 0L) - before;
            if (more > 0) {
                byReason.computeIfAbsent(block.reason(), reason -> new ArrayList<>())
                        .add(new Offender(block.reason(), block.key(), more / seconds));
            }
        }
        List<Offender> all = new ArrayList<>();
        byReason.values().forEach(each -> each.stream()
                .sorted(Comparator.comparingDouble(Offender::hitsPerSecond)
                        .reversed()
                        .thenComparing(Offender::key))
                .limit(MOST)
                .forEach(all::add));
        return List.copyOf(all);
    }

    /** By reason, the busiest first. */
    public List<Offender> top() {
        return top;
    }
}
