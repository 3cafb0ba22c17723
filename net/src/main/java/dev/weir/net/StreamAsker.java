package dev.weir.net;

import dev.weir.engine.acl.IpAddress;
import dev.weir.engine.backend.Backend;
import org.jspecify.annotations.Nullable;

/** Asks a backend one question over a connection of its own, made like those of queries: what health checks do. Any thread. */
public interface StreamAsker {
    /**
     * Connects, sends, and waits for one message.
     *
     * @param request what is sent as it is, with the message's length in front
     * @param timeoutNanos for all of it, from when the connection is begun
     * @param reply is told what came of it, once, on a thread that must not be held up
     */
    void ask(Backend backend, byte[] request, long timeoutNanos, Reply reply);

    /** What becomes of a question. */
    interface Reply {
        /** @param local this host's address of the connection, null if it has gone meanwhile */
        void answered(byte[] message, @Nullable IpAddress local);

        /** @param cause a {@link java.net.SocketTimeoutException} when the time was over */
        void failed(Throwable cause);
    }
}
