package dev.weir.app;

import dev.weir.engine.log.Log;
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
    private static final int WAIT_MILLIS = 1_000;

    @Override
    public Endpoint endpoint(String path) {
        return new UnixEndpoint(path);
    }

    @Override
    public Listening listen(String path) throws IOException {
        return new Bound(path, bind(path));
    }

    /** One thread from the start to the end, whoever is told. */
    private static final class Bound implements Listening {
        private final String path;
        private final UnixDatagram socket;
        private volatile @Nullable Receiver receiver;
        private volatile boolean closed;

        Bound(String path, UnixDatagram socket) {
            this.path = path;
            this.socket = socket;
        }

        @Override
        public synchronized void start(Receiver newReceiver) {
            boolean first = receiver == null;
            receiver = newReceiver;
            if (first) {
                Thread.ofPlatform().daemon().name("unix-listener").start(() -> {
                    GUARD.repeat(() -> !closed, this::turn);
                    socket.close();
                });
            }
        }

        private void turn() throws IOException {
            UnixDatagram.Received received = socket.receive(WAIT_MILLIS);
            Receiver told = receiver;
            if (received != null && told != null && !closed) {
                told.received(received.octets(), received.from());
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            if (receiver == null) {
                socket.close();
            }
            if (!path.startsWith("@")) {
                try {
                    Files.deleteIfExists(Path.of(path));
                } catch (IOException e) {
                    Log.warning("A Unix socket is left behind", "lua", "path", path, "error", e.getMessage());
                }
            }
        }
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
