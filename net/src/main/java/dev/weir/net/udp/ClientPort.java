package dev.weir.net.udp;

import dev.weir.engine.acl.Peer;
import dev.weir.engine.log.Log;
import dev.weir.engine.log.LogLimit;
import dev.weir.engine.query.Query;
import dev.weir.engine.query.ReplyPort;
import dev.weir.sys.Errno;
import dev.weir.sys.SendBatch;
import dev.weir.sys.UdpSocket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An agent's way back to its clients. On the agent's own thread answers go into a batch and queries back into the pool; answers that come
 * on other threads, from streams or timers, are sent at once, and their queries are left to the collector.
 */
final class ClientPort implements ReplyPort {
    private static final int BATCH = 64;
    private static final int TYPICAL_ANSWER_BYTES = 1024;
    private static final LogLimit SEND_ERRORS = new LogLimit(10);
    private static final LogLimit TOO_MANY_DELAYED = new LogLimit(10);

    private final UdpSocket socket;
    private final boolean wildcard;
    private final QueryPool pool;
    private final Consumer<Runnable> mailbox;
    private final SendBatch batch = new SendBatch(BATCH, TYPICAL_ANSWER_BYTES, true);
    private final DelayedAnswers delayed = new DelayedAnswers();
    private final Peer dueTo = new Peer();
    private final Peer dueFrom = new Peer();
    private final Object closing = new Object();
    private volatile @Nullable Thread owner;
    private long errorsSeen;
    private boolean closed;

    /** @param mailbox runs things on the agent's thread, soon */
    ClientPort(UdpListener listener, QueryPool pool, Consumer<Runnable> mailbox) {
        this.socket = listener.socket();
        this.wildcard = listener.wildcard();
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
        } else if (query.decided().delayMillis() > 0) {
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
        if (query.decided().delayMillis() > 0) {
            delay(DelayedAnswers.copy(query, System.nanoTime()));
            return;
        }
        add(
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
        add(answer.packet(), answer.packet().length, dueTo, dueFrom);
    }

    private void add(byte[] packet, int length, Peer to, Peer from) {
        if (!tryAdd(packet, length, to, from)) {
            batch.flush(socket);
            tryAdd(packet, length, to, from);
        }
    }

    private boolean tryAdd(byte[] packet, int length, Peer to, Peer from) {
        long sourceHi = wildcard ? from.hi() : 0;
        long sourceLo = wildcard ? from.lo() : 0;
        return batch.add(
                packet, 0, length, to.family(), to.hi(), to.lo(), to.port(), to.scope(), sourceHi, sourceLo, 0);
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
        if (batch.isEmpty()) {
            return;
        }
        batch.flush(socket);
        long errors = batch.errors() + batch.dropped();
        if (errors != errorsSeen) {
            errorsSeen = errors;
            complain(batch.lastErrno());
        }
    }

    private void sendFromElsewhere(Query query) {
        Peer to = query.origin().peer();
        Peer from = query.origin().local();
        int sent;
        synchronized (closing) {
            if (closed) {
                return;
            }
            sent = socket.send(
                    query.packet(),
                    0,
                    query.length(),
                    to.family(),
                    to.hi(),
                    to.lo(),
                    to.port(),
                    to.scope(),
                    wildcard ? from.hi() : 0,
                    wildcard ? from.lo() : 0,
                    0);
        }
        if (sent < 0) {
            complain(-sent);
        }
    }

    private static void complain(int errno) {
        long times = SEND_ERRORS.admit(System.nanoTime());
        if (times > 0) {
            Log.warning("Error while sending an answer", "net", "error", Errno.describe(errno), "count", times);
        }
    }

    /** Closes the socket; answers that come later are dropped. The agent's thread must have ended. */
    void close() {
        synchronized (closing) {
            closed = true;
            socket.close();
        }
        batch.close();
    }
}
