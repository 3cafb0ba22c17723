package dev.weir.engine.block;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Who is stopped most: hits per second of blocks over the last minute, looked at every ten seconds, the twenty busiest of each reason. Any
 * thread.
 *
 * <p>An attack makes blocks by the hundred thousand, so that a look keeps the busiest only; whoever is never among the first hundred of ten
 * seconds does not count.
 */
public final class TopOffenders {
    private static final long LOOK_NANOS = 10 * BlockSpec.SECOND_NANOS;
    private static final int LOOKS = 6;
    private static final int MOST = 20;
    private static final int MOST_OF_A_LOOK = 5 * MOST;

    /**
     * A blocked client or suffix.
     *
     * @param key as blocks are listed by
     */
    public record Offender(String reason, String key, double hitsPerSecond) {}

    /** What a block stopped between two looks. */
    private record Busy(DynamicBlock block, long hits) {}

    /** @param busiest by reason */
    private record Look(long sinceNanos, Map<String, PriorityQueue<Busy>> busiest) {}

    private final ArrayDeque<Look> looks = new ArrayDeque<>();
    private boolean begun;
    private long lastNanos;
    private volatile List<Offender> top = List.of();

    /** Whether it is time to look again. */
    synchronized boolean isDue(long nowNanos) {
        return !begun || nowNanos - lastNanos >= LOOK_NANOS;
    }

    /**
     * Looks at blocks.
     *
     * @param blocks goes through all of them, under the lock of theirs
     */
    synchronized void look(Consumer<Consumer<DynamicBlock>> blocks, long nowNanos) {
        Look look = new Look(lastNanos, new HashMap<>());
        blocks.accept(block -> look(block, look));
        if (begun) {
            looks.addLast(look);
            if (looks.size() > LOOKS) {
                looks.removeFirst();
            }
            top = rank((nowNanos - looks.getFirst().sinceNanos) / (double) BlockSpec.SECOND_NANOS);
        }
        begun = true;
        lastNanos = nowNanos;
    }

    private static void look(DynamicBlock block, Look look) {
        long hits = block.hitsSinceLastLook();
        if (hits <= 0) {
            return;
        }
        PriorityQueue<Busy> busiest = look.busiest.computeIfAbsent(
                block.reason(), reason -> new PriorityQueue<>(Comparator.comparingLong(Busy::hits)));
        if (busiest.size() >= MOST_OF_A_LOOK) {
            if (busiest.element().hits >= hits) {
                return;
            }
            busiest.remove();
        }
        busiest.add(new Busy(block, hits));
    }

    private List<Offender> rank(double seconds) {
        Map<String, Map<String, Long>> hitsByReason = new TreeMap<>();
        for (Look look : looks) {
            look.busiest.forEach((reason, busiest) -> {
                Map<String, Long> hits = hitsByReason.computeIfAbsent(reason, first -> new HashMap<>());
                busiest.forEach(busy -> hits.merge(busy.block.key(), busy.hits, Long::sum));
            });
        }
        List<Offender> all = new ArrayList<>();
        hitsByReason.forEach((reason, hits) -> hits.entrySet().stream()
                .map(each -> new Offender(reason, each.getKey(), each.getValue() / seconds))
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
