package dev.weir.net;

import dev.weir.engine.listen.SocketSpec;
import dev.weir.engine.log.Log;
import dev.weir.sys.InternetSocket;
import dev.weir.sys.SyscallException;

/** Options of listening sockets that are wishes: where the kernel does not grant one, a line says so, and the listener goes on without. */
public final class ListenOptions {
    private ListenOptions() {}

    /** An option to be set. */
    @FunctionalInterface
    public interface Wish {
        void set() throws SyscallException;
    }

    /** Sets an option, or says that it could not be set. */
    public static void wish(SocketSpec spec, Wish option) {
        try {
            option.set();
        } catch (SyscallException e) {
            Log.warning("A listener goes on without an option", "net", "address", spec.address(), "error", e);
        }
    }

    /** Binds to the interface that the listener names, if it names one; listens on all if there is none of that name. */
    public static void bindToDevice(InternetSocket socket, SocketSpec spec) {
        if (!spec.networkInterface().isEmpty()) {
            wish(spec, () -> socket.bindToDevice(spec.networkInterface()));
        }
    }
}
