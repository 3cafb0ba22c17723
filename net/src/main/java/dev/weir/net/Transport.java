package dev.weir.net;

import dev.weir.engine.listen.Frontend;
import dev.weir.engine.listen.ListenSpec;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A way in which queries come: datagrams, streams. Opening binds, which may need privileges; starting begins to serve. One listener can be
 * closed while others go on. Any thread.
 */
public interface Transport extends AutoCloseable {
    /**
     * Opens what a listener has of this transport. What comes before {@link #start} waits; afterwards it is served at once.
     *
     * @return the frontend, which the engine knows already, with the port that the kernel chose if the description has 0; null if the listener
     *     has nothing of this transport
     * @throws IOException naming call and address, as in {@code bind(192.0.2.1:53): EADDRINUSE: address already in use}
     */
    @Nullable Frontend open(ListenSpec spec) throws IOException;

    /** Lets another listener be opened at the address of this one until it is closed; false if that can't be, true also if it has nothing of this transport. */
    boolean share(Frontend frontend);

    /** What is opened from now on waits for the next {@link #start}; what is served goes on. */
    void hold();

    /** Serves what is open, and what is opened later. */
    void start();

    /**
     * Closes one listener; the engine does not know its frontend any more. Nothing new is taken; queries that are being worked on are answered if
     * that does not take longer than a moment over datagrams; over streams each client gets what it has asked for.
     */
    void close(Frontend frontend);

    /** Closes all listeners, at once: what is being worked on is not answered. */
    @Override
    void close();
}
