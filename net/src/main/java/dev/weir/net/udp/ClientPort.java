package dev.weir.net.udp;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;
import dev.weir.engine.walk.DatagramPort;
import dev.weir.sys.Errno;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An agent's way back to its clients. On the agent's own thread answers go into a batch and queries back into the pool; answers that come
 * on other threads, from streams or timers, are sent at once, and their queries are left to the collector.
 */
final class ClientPort implements ReplyPort {
    private static final LogLimit SEND_ERRORS = new LogLimit(10);
    private static final LogLimit TOO_MANY_DELAYED = new LogLimit(10);

    private final DatagramPort datagrams;
    private final QueryPool pool;
    private final Consumer<Runnable> mailbox;
    private final DelayedAnswers delayed = new DelayedAnswers();
    private final Peer dueTo = new Peer();
    private final Peer dueFrom = new Peer();
    private volatile @Nullable Thread owner;

    /** @param mailbox runs things on the agent's thread, soon */
    ClientPort(DatagramPort datagrams, QueryPool pool, Consumer<Runnable> mailbox) {
        this.datagrams = datagrams;
        this.pool = pool;
        this.mailbox = mailbox;
    }

    /** From now on the calling thread is the agent's. */
    void own() {
        owner = Thread.currentThread();
    }

    @Override
    public void reply(Query query) {
        if (Thread.currentThread() == owner) {
            send(query);
            pool.giveBack(query);
            return;
        }
        query.seal();
        if (query.decided().delayMillis() > 0) {
            DelayedAnswers.Answer answer = DelayedAnswers.copy(query, System.nanoTime());
            mailbox.accept(() -> delay(answer));
        } else {
            sendFromElsewhere(query);
        }
    }

    @Override
    public void abandon(Query query) {
        if (Thread.currentThread() == owner) {
            pool.giveBack(query);
        }
    }

    /** Puts the query's packet, the answer, into the batch or among the delayed ones; the query remains the caller's. */
    void send(Query query) {
        query.seal();
        if (query.decided().delayMillis() > 0) {
            delay(DelayedAnswers.copy(query, System.nanoTime()));
            return;
        }
        datagrams.add(
                query.packet(),
                query.length(),
                query.origin().peer(),
                query.origin().local());
    }

    private void delay(DelayedAnswers.Answer answer) {
        if (!delayed.add(answer)) {
            if (TOO_MANY_DELAYED.admit(System.nanoTime()) > 0) {
                Log.warning("Too many delayed answers, sending at once", "net");
            }
            send(answer);
        }
    }

    private void send(DelayedAnswers.Answer answer) {
        dueTo.set(answer.client());
        dueFrom.set(answer.local());
        datagrams.add(answer.packet(), answer.packet().length, dueTo, dueFrom);
    }

    /** Sends the delayed answers that are due. */
    void sendDue(long nowNanos) {
        for (DelayedAnswers.Answer due = delayed.takeDue(nowNanos); due != null; due = delayed.takeDue(nowNanos)) {
            send(due);
        }
    }

    /** Milliseconds until a delayed answer is due; very many if there is none. */
    long millisToNextDelayed(long nowNanos) {
        return delayed.millisToNext(nowNanos);
    }

    boolean hasDelayed() {
        return !delayed.isEmpty();
    }

    /** Sends what was added since the last call. */
    void flush() {
        complain(datagrams.flush());
    }

    private void sendFromElsewhere(Query query) {
        complain(datagrams.send(
                query.packet(),
                query.length(),
                query.origin().peer(),
                query.origin().local()));
    }

    private static void complain(int errno) {
        if (errno == 0) {
            return;
        }
        long times = SEND_ERRORS.admit(System.nanoTime());
        if (times > 0) {
            Log.warning("Error while sending an answer", "net", "error", Errno.describe(errno), "count", times);
        }
    }
}
