package dev.weir.app;

import dev.weir.script.host.LocalDatagrams.Endpoint;
import dev.weir.sys.Errno;
import dev.weir.sys.SyscallException;
import dev.weir.sys.UnixDatagram;
import org.jspecify.annotations.Nullable;

/**
 * Where datagrams to another process of this machine go: connected when it is needed, and again when the process has come anew. Never waits. Any
 * thread.
 */
final class UnixEndpoint implements Endpoint {
    private final String path;
    private @Nullable UnixDatagram socket;

    /** @param path a path, or an abstract name after {@code @} */
    UnixEndpoint(String path) {
        this.path = path;
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
