package dev.weir.app;

import dev.weir.engine.task.FaultGuard;
import dev.weir.script.host.LocalDatagrams;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UnixDatagram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Unix datagram sockets for the operator's code. */
final class UnixDatagrams implements LocalDatagrams {
    private static final FaultGuard GUARD = new FaultGuard("Error while receiving at a Unix socket", "lua");
    private static final int WAIT_MILLIS = 60_000;

    @Override
    public Endpoint endpoint(String path) {
        return new Connected(path);
    }

    /** Connected when it is needed, and again when the other process has come anew. */
    private static final class Connected implements Endpoint {
        private final String path;
        private @Nullable UnixDatagram socket;

        Connected(String path) {
            this.path = path;
            var _ = connected();
        }

        @Override
        public synchronized boolean isValid() {
            return connected() != null;
        }

        @Override
        public synchronized boolean send(byte[] payload) {
            // A second attempt on a new socket: the old one refuses after the receiver has begun anew.
            if (trySend(payload)) {
                return true;
            }
            return socket == null && trySend(payload);
        }

        private boolean trySend(byte[] payload) {
            UnixDatagram to = connected();
            if (to == null) {
                return false;
            }
            try {
                to.send(payload);
                return true;
            } catch (SyscallException e) {
                if (e.errno() != Errno.EAGAIN) {
                    to.close();
                    socket = null;
                }
                return false;
            }
        }

        private synchronized @Nullable UnixDatagram connected() {
            if (socket == null) {
                try {
                    socket = UnixDatagram.connect(path);
                } catch (SyscallException nobody) {
                    return null;
                }
            }
            return socket;
        }
    }

    @Override
    public Listening listen(String path, Receiver receiver) throws IOException {
        UnixDatagram socket = bind(path);
        return () -> Thread.ofPlatform()
                .daemon()
                .name("unix-listener")
                .start(() -> GUARD.repeat(() -> true, () -> {
                    UnixDatagram.Received received = socket.receive(WAIT_MILLIS);
                    if (received != null) {
                        receiver.received(received.octets(), received.from());
                    }
                }));
    }

    /** A socket that an earlier process has left behind gives way. */
    private static UnixDatagram bind(String path) throws IOException {
        try {
            return UnixDatagram.bind(path);
        } catch (SyscallException e) {
            if (path.startsWith("@") || !isLeftBehind(path)) {
                throw new IOException(e.getMessage(), e);
            }
        }
        try {
            Files.delete(Path.of(path));
            return UnixDatagram.bind(path);
        } catch (SyscallException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static boolean isLeftBehind(String path) {
        try {
            UnixDatagram.connect(path).close();
            return false;
        } catch (SyscallException e) {
            return e.errno() == Errno.ECONNREFUSED;
        }
    }
}
