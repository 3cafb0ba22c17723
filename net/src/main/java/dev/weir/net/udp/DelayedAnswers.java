package dev.weir.net.udp;

import dev.weir.engine.acl.Endpoint;
import dev.weir.engine.acl.Peer;
import dev.weir.engine.query.Query;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Answers that rules hold back for a while, the next one due first. Bounded; belongs to one agent's thread. */
final class DelayedAnswers {
    /** At a hundred octets or so each these are some megabytes, and a second of delay at 65,536 queries a second. */
    private static final int MOST = 65_536;

    private final PriorityQueue<Answer> answers =
            new PriorityQueue<>(Comparator.comparingLong(Answer::dueNanos).thenComparingLong(Answer::number));

    private long nextNumber;

    /**
     * One answer with its way to the client.
     *
     * @param dueNanos compares as {@link System#nanoTime} does within this process's first 292 years
     * @param local the address it is sent from
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(long dueNanos, long number, byte[] packet, Endpoint client, Endpoint local) {}

    /** Keeps a copy of the query's packet until {@link dev.weir.engine.query.RuleDecisions#delayMillis} after now; false if there are too many already. */
    boolean add(Query query, long nowNanos) {
        return add(copy(query, nowNanos));
    }

    boolean add(Answer answer) {
        if (answers.size() >= MOST) {
            return false;
        }
        answers.add(new Answer(answer.dueNanos, nextNumber++, answer.packet, answer.client, answer.local));
        return true;
    }

    /** The query's packet with all that sending it later needs. */
    static Answer copy(Query query, long nowNanos) {
        Peer peer = query.origin().peer();
        return new Answer(
                nowNanos + query.decided().delayMillis() * 1_000_000L,
                0,
                Arrays.copyOf(query.packet(), query.length()),
                peer.toEndpoint(),
                query.origin().local().toEndpoint());
    }

    boolean isEmpty() {
        return answers.isEmpty();
    }

    /** Milliseconds until the next one is due, rounded up; 0 if one is due. There must be one. */
    long millisToNext(long nowNanos) {
        Answer next = answers.peek();
        return next == null ? Long.MAX_VALUE : Math.max(0, (next.dueNanos - nowNanos + 999_999) / 1_000_000);
    }

    /** Takes the next one that is due; null if there is none. */
    @Nullable Answer takeDue(long nowNanos) {
        Answer next = answers.peek();
        return next != null && next.dueNanos - nowNanos <= 0 ? answers.poll() : null;
    }
}
