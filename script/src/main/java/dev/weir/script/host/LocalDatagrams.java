package dev.weir.script.host;

import java.io.IOException;

/** Datagrams to and from other processes of this host, over Unix sockets. Implemented by who may make system calls. */
public interface LocalDatagrams {
    /** A way to send. Any thread. */
    interface Endpoint {
        /** Sends one datagram, and never waits; false if nobody took it. */
        boolean send(byte[] payload);

        /** Whether somebody listened there when it was last used. */
        boolean isValid();
    }

    /** Told of what comes, on a thread of its own. */
    @FunctionalInterface
    interface Receiver {
        /** @param from the sender's address, empty if it has none */
        void received(byte[] payload, String from);
    }

    /** Where datagrams come in, from when it is started until it is closed. Any thread. */
    interface Listening {
        /** Begins, or goes on, and tells this receiver from then on. */
        void start(Receiver receiver);

        /** The path is free when this returns. */
        void close();
    }

    Endpoint endpoint(String path);

    /** @throws IOException if the path can't be listened at, in words for the operator */
    Listening listen(String path) throws IOException;
}
