package dev.weir.engine.walk;

import dev.weir.engine.acl.Peer;

/**
 * Where clients' datagrams come in and answers go out, in batches: a socket of the kernel's, or a queue around it. A data thread receives a
 * batch, reads its slots one after the other, adds answers and flushes them; it never asks what is behind. All is for that thread but
 * {@link #send}, and {@link #close}, which is called when the thread has ended.
 */
public interface DatagramPort extends AutoCloseable {
    /** A descriptor to wait at, by epoll(7): readable while datagrams wait. The port keeps it. */
    int descriptor();

    /**
     * Takes what has come, without waiting. What the slots held before is gone.
     *
     * @return how many slots hold a datagram, or {@code -errno}
     */
    int receive();

    /**
     * Copies a slot's datagram.
     *
     * @param client is set to where it came from
     * @param local is set to where it was sent to: the answer must come from there
     * @return its length in octets, at most what the port was made for
     */
    int read(int slot, byte[] to, Peer client, Peer local);

    /** Whether a slot's datagram was longer than the port takes, and lost its end. */
    boolean truncated(int slot);

    /** Adds an answer, which may wait for {@link #flush}. The packet is copied. */
    void add(byte[] packet, int length, Peer to, Peer from);

    /**
     * Sends what was added.
     *
     * @return 0, or an errno that answers since the last call have met: they are lost
     */
    int flush();

    /** Sends an answer at once. Any thread. @return 0, or the errno that it has met */
    int send(byte[] packet, int length, Peer to, Peer from);

    /** Lets another port be opened at the same address; false if that can't be. Any thread. */
    default boolean share() {
        return false;
    }

    /** What comes from now on is another port's, if there is one at the same address; what has come can still be received and answered. */
    default void receiveNoMore() {}

    /** Answers that come later are dropped. */
    @Override
    void close();
}
