package dev.weir.engine.listen;

import java.util.function.Consumer;

/** Tells whoever wants to know of keys for tickets that are new ({@code setTicketsKeyAddedHook}). Any thread. */
public final class TicketKeyWatch {
    private volatile Consumer<byte[]> listener = key -> {};

    /** From now on this one is told, and must not wait: handshakes do. */
    public void tell(Consumer<byte[]> newListener) {
        listener = newListener;
    }

    /** A listener makes tickets with this key, or takes those of somebody who does. */
    public void added(byte[] key) {
        listener.accept(key.clone());
    }
}
